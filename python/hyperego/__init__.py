"""hyperego: explainable multi-objective hyperparameter optimisation."""

from __future__ import annotations

import logging as _logging

from . import _core, io, plot
from .domains import Categorical, Constant, Domain, Float, Integer, Ordinal
from .errors import HyperegoError, Infeasible, InvalidInput, StoreError
from .explain import Explanation, Explanations, explain, explain_function
from .objectives import Constraint, Objective
from .report import Report, report
from .space import Space
from .study import Decision, Stopped, Study, Trial, load, optimize

__version__: str = _core.version

__all__ = [
    "Categorical",
    "Constant",
    "Constraint",
    "Decision",
    "Domain",
    "Explanation",
    "Explanations",
    "Float",
    "HyperegoError",
    "Infeasible",
    "Integer",
    "InvalidInput",
    "Objective",
    "Ordinal",
    "Report",
    "Space",
    "Stopped",
    "StoreError",
    "Study",
    "Trial",
    "__version__",
    "explain",
    "explain_function",
    "io",
    "load",
    "optimize",
    "plot",
    "report",
    "set_threads",
]

_logging.getLogger("hyperego").addHandler(_logging.NullHandler())


def set_threads(threads: int) -> None:
    """How many threads the arithmetic takes from now on; 0, as in the beginning, leaves it to OMP_NUM_THREADS, or takes
    all cores. Results do not depend on it."""
    _core.set_threads(threads)
