"""What an evaluated function gives back, as plain numbers that travel between processes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from .errors import Infeasible

__all__ = ["MISUSE", "Called", "Function", "call", "plain_values", "takes_seed"]

Function = Callable[..., Any]
MISUSE = "hyperego cannot take what the function returned: "
"""Begins the message of a trial of a program whose function is used wrongly, which ends the study."""

_TEXTS = ("status", "message", "info", "failed")


class Called(NamedTuple):
    """What came of one call: values as the core reads them, or why there are none."""

    values: Any
    seconds: float
    failure: str | None = None  #: the last line of the traceback
    traceback: str = ""
    misuse: str | None = None  #: what is wrong with the type of what was returned


def _number(value: Any, where: str) -> float:
    if isinstance(value, (bool, str, bytes)) or not hasattr(value, "__float__"):
        raise TypeError(f"{where}: expected a number, found {type(value).__qualname__}")
    try:
        return float(value)
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")


def _numbers(values: Iterable[Any], where: str) -> list[float]:
    return [_number(value, f"{where}/{i}") for i, value in enumerate(values)]


def _group(values: Any, where: str) -> Any:
    if isinstance(values, Mapping):
        return {name: _number(value, f"{where}/{name}") for name, value in values.items()}
    if isinstance(values, Iterable) and not isinstance(values, (str, bytes)):
        return _numbers(values, where)
    raise TypeError(f"{where}: expected a dict of numbers or a sequence, found {type(values).__qualname__}")


def plain_values(values: Any, where: str) -> Any:
    """A dict of floats by name, a list of floats in the study's order, or one number as a list of it.

    A dict may also have "objectives", "constraints", and the texts "status" and "message".
    Raises TypeError naming the place for anything else.
    """
    if isinstance(values, Mapping):
        plain: dict[str, Any] = {}
        for name, value in values.items():
            if not isinstance(name, str):
                raise TypeError(f"{where}: expected names as keys, which are text, found {name!r}")
            if name in _TEXTS and isinstance(value, str):
                plain[name] = value
            elif name in ("objectives", "constraints") and not hasattr(value, "__float__"):
                plain[name] = _group(value, f"{where}/{name}")
            else:
                plain[name] = _number(value, f"{where}/{name}")
        return plain
    if getattr(values, "ndim", None) == 0 or (hasattr(values, "__float__") and not hasattr(values, "__len__")):
        return [_number(values, where)]
    if isinstance(values, Iterable) and not isinstance(values, (str, bytes)):
        return _numbers(values, where)
    found = type(values).__qualname__
    raise TypeError(f"{where}: expected a dict of objectives, a sequence of them or one number, found {found}")


def takes_seed(function: Function) -> bool:
    """Whether the function has a parameter named ``seed``."""
    import inspect

    try:
        return "seed" in inspect.signature(function).parameters
    except (TypeError, ValueError):
        return False


def _last_line(error: BaseException) -> str:
    import traceback

    lines = traceback.format_exception_only(type(error), error)
    return (lines[-1] if isinstance(error, SyntaxError) else lines[0]).strip()


def _storable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


def call(function: Function, config: dict[str, Any], seed: int | None, number: int) -> Called:
    """Calls the function with a configuration, and with the seed unless that is None, wherever this runs.

    What goes wrong inside is a failure; KeyboardInterrupt alone comes out. ``number`` is the trial's.
    """
    start = time.perf_counter()
    try:
        returned = function(config) if seed is None else function(config, seed=seed)
    except Infeasible as error:
        return Called({"status": "infeasible", "message": _storable(str(error))}, time.perf_counter() - start)
    except (Exception, SystemExit) as error:
        import traceback

        seconds = time.perf_counter() - start
        return Called(None, seconds, _storable(_last_line(error)), _storable(traceback.format_exc()))
    seconds = time.perf_counter() - start
    try:
        return Called(plain_values(returned, f"trial {number}"), seconds)
    except TypeError as error:
        return Called(None, seconds, misuse=str(error))
