"""What hyperego raises on purpose. A trial that fails is data, not an exception.

The text of an exception is one sentence that holds the place, what was wrong and what to do about it. Values of the wrong
Python type are a ``TypeError``; exceptions of a function of yours that a game calls come out as they are.
"""

from __future__ import annotations

__all__ = ["HyperegoError", "Infeasible", "InvalidInput", "StoreError"]


class HyperegoError(Exception):
    """The root of them all.

    Attributes:
        where: the place: a file and JSON pointer, an argument, a hyperparameter. Empty where there is none.
    """

    where: str

    def __init__(self, message: str, where: str = "") -> None:
        super().__init__(message)
        self.where = where


class InvalidInput(HyperegoError, ValueError):
    """Misuse of an interface, or input that cannot be accepted."""


class StoreError(HyperegoError, OSError):
    """A run directory that another holds, that is damaged, or that cannot be written."""


class Infeasible(Exception):
    """Raised by an evaluated function: this configuration is infeasible. The message is kept with the trial."""
