"""Choices that JSON does not know (None, tuples, classes, …) travel as labels: text that stands for the object."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable
from typing import Any

from .errors import InvalidInput

__all__ = ["Labels", "label_of", "plain"]

_NATIVE = (bool, int, float, str)


def plain(value: Any) -> Any:
    """NumPy's scalars as values of Python; everything else as it is."""
    is_scalar = type(value).__module__ == "numpy" and getattr(value, "ndim", None) == 0
    return value.item() if is_scalar else value


def label_of(value: Hashable) -> str:
    """The text that stands for an object: its repr, without the address in memory, which changes from run to run."""
    return re.sub(r" at 0x[0-9a-fA-F]+", "", repr(value))


class Labels:
    """The labels of one hyperparameter's values.

    ``native`` values have none. Of values that are equal (1 and True, say) each must be native, as the core tells them
    apart.
    """

    def __init__(self, objects: dict[str, Hashable]) -> None:
        self.objects = objects
        self._labels = {value: label for label, value in objects.items()}

    @classmethod
    def of(cls, values: Iterable[Any], where: str) -> tuple[Labels, list[Any]]:
        """The labels of these values, and the values as the core is to know them.

        Raises TypeError naming the place where one is not hashable, InvalidInput where two have the same label.
        """
        objects: dict[str, Hashable] = {}
        known: list[Any] = []
        for i, given in enumerate(values):
            value = plain(given)
            if type(value) not in _NATIVE:
                try:
                    hash(value)
                except TypeError:
                    raise TypeError(f"{where}/{i}: expected a hashable value, found {type(value).__qualname__}") from None
                label = label_of(value)
                if label in objects or label in known:
                    raise InvalidInput(
                        f"{where}/{i}: {label} reads the same as another choice; give each a repr of its own or name "
                        "the choices by text",
                        where,
                    )
                objects[label] = value
                value = label
            elif value in objects:
                raise InvalidInput(
                    f"{where}/{i}: {value!r} reads the same as another choice; choose another text", where
                )
            known.append(value)
        return cls(objects), known

    def __bool__(self) -> bool:
        return bool(self.objects)

    def to_core(self, value: Any) -> Any:
        """The label of an object that has one; anything else as it is."""
        value = plain(value)
        if type(value) in _NATIVE:
            return value
        try:
            return self._labels.get(value, value)
        except TypeError:  # not hashable, so none of the choices
            return value

    def from_core(self, value: Any) -> Any:
        """The object that a label stands for; anything else as it is."""
        return self.objects.get(value, value) if isinstance(value, str) else value
