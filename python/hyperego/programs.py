"""Functions that run as programs: ``python -m hyperego.worker``, for limits of time and memory, and for Slurm."""

from __future__ import annotations

import os
import pickle
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .errors import InvalidInput
from .results import Function

__all__ = ["evaluator_json", "is_reference", "reference_of"]


def is_reference(function: object) -> bool:
    """Whether ``function`` is the text "module:name"."""
    return isinstance(function, str)


def _check_reference(text: str) -> str:
    module, colon, name = text.rpartition(":")
    if not colon or not module or not name:
        raise InvalidInput(f"function: expected 'module:name', found {text!r}", "function")
    return text


def reference_of(function: Function | str) -> str | None:
    """How another process finds the function: "module:name" or "script.py:name"; None where it cannot."""
    if isinstance(function, str):
        return _check_reference(function)
    name = getattr(function, "__qualname__", "")
    module = sys.modules.get(getattr(function, "__module__", "") or "")
    if module is None or "<" in name or "." in name or getattr(module, name, None) is not function:
        return None
    if module.__name__ != "__main__":
        return f"{module.__name__}:{name}"
    file = getattr(module, "__file__", None)
    return f"{os.path.abspath(file)}:{name}" if file and os.path.exists(file) else None


def _written(folder: str | None, content: dict[str, Any]) -> str:
    """A file that workers read, on whichever machine where it is in the run directory."""
    try:
        data = pickle.dumps(content)
    except Exception:
        try:
            import cloudpickle
        except ImportError:
            remedy = "give it as 'module:name', or pip install cloudpickle"
            raise InvalidInput(f"function: another process cannot import it; {remedy}", "function") from None
        data = cloudpickle.dumps(content)
    place = Path(folder) / "logs" if folder else Path(tempfile.mkdtemp(prefix="hyperego-"))
    place.mkdir(parents=True, exist_ok=True)
    file = place / "worker.pkl"
    file.write_bytes(data)
    return str(file)


def evaluator_json(
    function: Function | str,
    *,
    folder: str | None,
    labels: Mapping[str, Mapping[str, Any]],
    names: list[str],
    trial_timeout: float | None,
    memory_mb: float | None,
    slurm: Mapping[str, Any] | None,
) -> dict[str, Any]:
    """The evaluator of STUDY.json that calls the function in a process of its own for every trial.

    Args:
        folder: the run directory.
        labels: objects among the choices, by hyperparameter and label.
        names: of objectives and constraints, which the worker compares with what the function returns.
    """
    reference = reference_of(function)
    command = [sys.executable, "-m", "hyperego.worker", reference or "pickled"]
    if reference is None or labels:
        content = {"labels": {name: dict(objects) for name, objects in labels.items()}}
        command += ["--pickle", _written(folder, content if reference else content | {"function": function})]
    for name in names:
        command += ["--name=" + name]
    path = os.pathsep.join(os.path.abspath(p) for p in sys.path)
    evaluator: dict[str, Any] = {
        "command": command,
        "directory": os.getcwd(),
        "environment": {"PYTHONPATH": path, "HYPEREGO_WORKER": "1"},
    }
    if trial_timeout is not None:
        evaluator["timeout_s"] = trial_timeout
    if memory_mb is not None:
        evaluator["memory_mb"] = memory_mb
    if slurm is not None:
        evaluator["slurm"] = dict(slurm)
    return evaluator
