"""``python -m hyperego.worker module:name``: evaluates one trial, as the C++ library starts programs.

Reads ``{"trial", "configuration", "seed"}`` from standard input and writes the objectives to the file that
HYPEREGO_RESULT names, so that the function may print what it likes.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import pickle
import runpy
import sys
from typing import Any

from . import _core
from .results import MISUSE, Called, Function, call, takes_seed

__all__ = ["main"]

def _function(reference: str, pickled: dict[str, Any]) -> Function:
    if "function" in pickled:
        return pickled["function"]  # type: ignore[no-any-return]
    module, _, name = reference.rpartition(":")
    if module.endswith(".py"):
        found: Any = runpy.run_path(module, run_name="__mp_main__")[name]
    else:
        found = importlib.import_module(module)
        for part in name.split("."):
            found = getattr(found, part)
    return found  # type: ignore[no-any-return]


def _misuse(called: Called, names: list[str]) -> str | None:
    if called.misuse is not None:
        return called.misuse
    if not names or not isinstance(called.values, dict):
        return None
    known = {*names, "objectives", "constraints", "status", "message", "info", "failed"}
    unknown = [name for name in called.values if name not in known]
    return f"unknown member {unknown[0]!r}; expected {', '.join(map(repr, names))}" if unknown else None


def _result(called: Called, names: list[str]) -> Any:
    misuse = _misuse(called, names)
    if misuse is not None:
        return {"status": "failed", "message": MISUSE + misuse}
    if called.failure is not None:
        return {"status": "failed", "message": called.failure}
    return called.values if isinstance(called.values, dict) else {"objectives": called.values}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m hyperego.worker", description=__doc__)
    parser.add_argument("function", help="module:name, or file.py:name")
    parser.add_argument("--pickle", help="file with objects that JSON does not know")
    parser.add_argument("--name", action="append", default=[], help="of an objective or a constraint")
    arguments = parser.parse_args()
    request = json.load(sys.stdin)
    _core.set_threads(1)
    pickled: dict[str, Any] = {}
    if arguments.pickle is not None:
        with open(arguments.pickle, "rb") as file:
            pickled = pickle.load(file)
    labels = pickled.get("labels", {})
    config = {
        name: labels[name].get(value, value) if name in labels and isinstance(value, str) else value
        for name, value in request["configuration"].items()
    }
    function = _function(arguments.function, pickled)
    seed = request["seed"] if takes_seed(function) else None
    called = call(function, config, seed, request["trial"])
    sys.stderr.write(called.traceback)
    with open(os.environ["HYPEREGO_RESULT"], "w", encoding="utf-8") as file:
        json.dump(_result(called, arguments.name), file)
    return 0


if __name__ == "__main__":
    sys.exit(main())
