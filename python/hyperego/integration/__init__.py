"""hyperego inside other tools: ``optuna`` (a sampler), ``sklearn`` (a search with cross-validation), ``carps`` (an
optimizer for benchmarks). Each module needs its tool, which the extra of the same name brings, and is imported by itself.
"""

from __future__ import annotations


def __getattr__(name: str) -> object:
    import importlib

    if name not in ("carps", "optuna", "sklearn"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return importlib.import_module(f".{name}", __name__)
