"""Packages that are needed for some functions only."""

from __future__ import annotations

import importlib
from types import ModuleType

__all__ = ["needed"]


def needed(module: str, extra: str, purpose: str) -> ModuleType:
    """The module, imported. Raises ImportError that says which extra brings it where it is missing."""
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] != module.partition(".")[0]:
            raise
        message = f"{purpose} needs {module}, which is not installed: pip install 'hyperego[{extra}]'"
        raise ModuleNotFoundError(message, name=module) from None
