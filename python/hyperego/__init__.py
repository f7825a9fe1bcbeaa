"""hyperego: explainable multi-objective hyperparameter optimisation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import _core

if TYPE_CHECKING:
    from . import integration, io, plot
    from .domains import Categorical, Constant, Domain, Float, Integer, Ordinal
    from .errors import HyperegoError, Infeasible, InvalidInput, StoreError
    from .explanations import Explanation, Explanations, GameOptions, TrialOptions, explain, explain_function
    from .objectives import Constraint, Objective
    from .reports import Report, report
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
    "GameOptions",
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
    "TrialOptions",
    "__version__",
    "explain",
    "explain_function",
    "integration",
    "io",
    "load",
    "optimize",
    "plot",
    "report",
    "set_threads",
]

# Imported when they are first asked for, so that `import hyperego` takes no longer than the extension.
_MEMBERS = {
    "domains": ("Categorical", "Constant", "Domain", "Float", "Integer", "Ordinal"),
    "errors": ("HyperegoError", "Infeasible", "InvalidInput", "StoreError"),
    "explanations": ("Explanation", "Explanations", "GameOptions", "TrialOptions", "explain", "explain_function"),
    "objectives": ("Constraint", "Objective"),
    "reports": ("Report", "report"),
    "space": ("Space",),
    "study": ("Decision", "Stopped", "Study", "Trial", "load", "optimize"),
    **dict.fromkeys(("frames", "integration", "io", "plot", "results", "tables"), ()),
}
_HOMES = {name: module for module, names in _MEMBERS.items() for name in names}


def __getattr__(name: str) -> object:
    import importlib

    if name in _MEMBERS:
        return importlib.import_module(f".{name}", __name__)
    if name not in _HOMES:
        raise AttributeError(f"module 'hyperego' has no attribute {name!r}")
    value = globals()[name] = getattr(importlib.import_module(f".{_HOMES[name]}", __name__), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_MEMBERS, *_HOMES})


def set_threads(threads: int) -> None:
    """How many threads the arithmetic takes from now on; 0, as in the beginning, leaves it to OMP_NUM_THREADS, or takes
    all cores. Results do not depend on it."""
    _core.set_threads(threads)
