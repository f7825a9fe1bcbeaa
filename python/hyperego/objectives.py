"""What is to be small or large, and what must stay within bounds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import KW_ONLY, dataclass
from typing import Any, Union

from ._labels import plain
from .errors import InvalidInput

__all__ = ["Constraint", "Constraints", "Objective", "Objectives", "constraints_json", "objectives_json"]


@dataclass(frozen=True)
class Objective:
    """One thing that is to be small or large.

    Args:
        direction: "minimize" or "maximize".
        log: modelled on a logarithmic scale; values must be > 0.
        reference: the worst value of interest, on the raw scale: a coordinate of the hypervolume's reference point.
        bounds: what no value is below or above, either of which may be None.
    """

    name: str
    direction: str = "minimize"
    _: KW_ONLY
    log: bool = False
    reference: float | None = None
    bounds: tuple[float | None, float | None] | None = None


@dataclass(frozen=True)
class Constraint:
    """A measured quantity that must stay within [lower, upper], either of which may be None; a trial outside is infeasible."""

    name: str
    _: KW_ONLY
    lower: float | None = None
    upper: float | None = None


Objectives = Union[str, Objective, Iterable[Union[str, Objective]], Mapping[str, str]]
Constraints = Union[Mapping[str, tuple[Union[float, None], Union[float, None]]], Iterable[Constraint]]


def _text(value: Any, where: str) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{where}: expected text, found {type(value).__qualname__}")
    return value


def _objective_json(objective: Any, where: str) -> dict[str, Any]:
    if isinstance(objective, str):
        return {"name": objective}
    if not isinstance(objective, Objective):
        found = type(objective).__qualname__
        raise TypeError(f"{where}: expected a name or hyperego.Objective, found {found}")
    json: dict[str, Any] = {"name": _text(objective.name, where), "direction": _text(objective.direction, where)}
    if objective.log:
        json["transform"] = "log"
    if objective.reference is not None:
        json["reference"] = plain(objective.reference)
    if objective.bounds is not None:
        json["bounds"] = list(objective.bounds)
    return json


def objectives_json(objectives: Objectives) -> list[dict[str, Any]]:
    """As STUDY.json has them. Raises TypeError naming the place."""
    if isinstance(objectives, (str, Objective)):
        objectives = [objectives]
    if isinstance(objectives, Mapping):
        objectives = [
            Objective(_text(name, "objectives"), _text(direction, f"objectives/{name}"))
            for name, direction in objectives.items()
        ]
    if not isinstance(objectives, Iterable):
        expected = "names, {name: direction} or hyperego.Objective"
        raise TypeError(f"objectives: expected {expected}, found {type(objectives).__qualname__}")
    return [_objective_json(objective, f"objectives/{i}") for i, objective in enumerate(objectives)]


def _bound(value: Any, where: str) -> float | None:
    value = plain(value)
    if value is not None and (isinstance(value, bool) or not isinstance(value, (int, float))):
        raise TypeError(f"{where}: expected a number or None, found {type(value).__qualname__}")
    return value


def constraints_json(constraints: Constraints | None) -> list[dict[str, Any]]:
    """As STUDY.json has them, from ``{"memory": (None, 512)}`` or Constraint. Raises TypeError naming the place."""
    if constraints is None:
        return []
    if isinstance(constraints, Mapping):
        pairs = []
        for name, bounds in constraints.items():
            if not isinstance(bounds, (tuple, list)) or len(bounds) != 2:
                raise TypeError(f"constraints/{name}: expected (lower, upper), either of which may be None")
            pairs.append(Constraint(name, lower=bounds[0], upper=bounds[1]))
        constraints = pairs
    json = []
    for i, constraint in enumerate(constraints):
        where = f"constraints/{i}"
        if not isinstance(constraint, Constraint):
            raise TypeError(f"{where}: expected hyperego.Constraint, found {type(constraint).__qualname__}")
        lower, upper = _bound(constraint.lower, where), _bound(constraint.upper, where)
        if lower is None and upper is None:
            raise InvalidInput(f"{where}: has no bound; give lower, upper or both", where)
        json.append({"name": _text(constraint.name, where), "lower": lower, "upper": upper})
    return json
