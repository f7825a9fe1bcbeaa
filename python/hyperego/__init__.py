"""hyperego: explainable multi-objective hyperparameter optimisation."""

from __future__ import annotations

import logging as _logging

from . import _core, io, plot
from .domains import Categorical, Constant, Domain, Float, Integer, Ordinal
from .errors import HyperegoError, Infeasible, InvalidInput, StoreError
from .explain import Explanation, Explanations, explain, explain_function
from .report import Report, report
from .space import Space

__version__: str = _core.version

__all__ = [
    "Categorical",
    "Constant",
    "Domain",
    "Explanation",
    "Explanations",
    "Float",
    "HyperegoError",
    "Infeasible",
    "Integer",
    "InvalidInput",
    "Ordinal",
    "Report",
    "Space",
    "StoreError",
    "__version__",
    "explain",
    "explain_function",
    "io",
    "plot",
    "report",
    "set_threads",
]

_logging.getLogger("hyperego").addHandler(_logging.NullHandler())


def set_threads(threads: int) -> None:
    """How many threads the arithmetic takes from now on; 0, as in the beginning, leaves it to OMP_NUM_THREADS, or takes
    all cores. Results do not depend on it."""
    _core.set_threads(threads)
