"""What a hyperparameter may be: ranges, choices, constants, and when it is active."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from typing import Any

__all__ = ["Categorical", "Constant", "Domain", "Float", "Integer", "Ordinal", "Prior", "When"]

When = Mapping[str, Any]
"""Conditions that must all hold: ``{"opt": "sgd"}``, ``{"opt": ["sgd", "lion"]}`` (one of them), ``{"layers": (">", 1)}``
with one of ``== != < <= > >=``."""

Prior = tuple[str, float, float]
"""An expert's belief: ``("normal", mean, standard deviation)`` or ``("beta", alpha, beta)``, on the value's own scale
(its natural logarithm where ``log``)."""


@dataclass(frozen=True)
class Float:
    """A real number in [low, high]; on a log scale low > 0. With ``step`` one of low, low + step, …, high."""

    low: float
    high: float
    _: KW_ONLY
    log: bool = False
    default: float | None = None
    prior: Prior | None = None
    step: float | None = None
    when: When | None = None


@dataclass(frozen=True)
class Integer:
    """A whole number in {low, …, high}; on a log scale low ≥ 1. With ``step`` one of low, low + step, …, high."""

    low: int
    high: int
    _: KW_ONLY
    log: bool = False
    default: int | None = None
    prior: Prior | None = None
    step: int | None = None
    when: When | None = None


@dataclass(frozen=True)
class Categorical:
    """One of several hashable values without an order. ``weights`` are those of uniform sampling.

    Without a default the heaviest choice is it, the first one of equals; so put None first to make it the default."""

    choices: Sequence[Hashable]
    _: KW_ONLY
    default: Hashable = None
    weights: Sequence[float] | None = None
    when: When | None = None


@dataclass(frozen=True)
class Ordinal:
    """One of several hashable values with an order but no scale, from the least to the greatest."""

    sequence: Sequence[Hashable]
    _: KW_ONLY
    default: Hashable = None
    when: When | None = None


@dataclass(frozen=True)
class Constant:
    """One value, which is never searched."""

    value: Hashable
    _: KW_ONLY
    when: When | None = None


Domain = Float | Integer | Categorical | Ordinal | Constant
