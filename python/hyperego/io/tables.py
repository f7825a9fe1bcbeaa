"""Tables in memory: pandas' DataFrames and whatever else has named columns (polars)."""

from __future__ import annotations

import math
from typing import Any

from .._labels import plain
from ..errors import InvalidInput
from ..space import Space

__all__ = ["is_table", "table_columns"]


def is_table(data: Any) -> bool:
    return hasattr(data, "columns") and hasattr(data, "__getitem__") and hasattr(data, "shape")


def _cell(value: Any) -> Any:
    value = plain(value)
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        return None if math.isnan(value) else value
    if type(value).__name__ in ("NAType", "NaTType"):
        return None
    return str(value)


def table_columns(table: Any, space: Space | None) -> dict[str, list[Any]]:
    """Columns by name, with values as the core knows them; missing ones are None."""
    columns: dict[str, list[Any]] = {}
    for label in table.columns:
        name = str(label)
        if name in columns:
            raise InvalidInput(f"data: column {name!r} is there twice; rename one of them", "data")
        values = list(table[label])
        if space is not None and name in space:
            values = [space.to_core({name: value})[name] for value in values]
        columns[name] = [_cell(value) for value in values]
    if not columns:
        raise InvalidInput("data: the table has no columns", "data")
    return columns
