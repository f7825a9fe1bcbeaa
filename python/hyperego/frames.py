"""Configurations by the ten thousand as tables, for functions that take one.

Floats are ``float64``; integers ``int64``, or ``Int64`` where they may be inactive; categoricals and ordinals ``category``
(ordinals ordered) with the choices of the space; constants what they are. Inactive is NA.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ._missing import needed
from .space import Space

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["codes_to_frame"]

Codes = npt.NDArray[np.float64]
Column = Callable[[Codes], Any]


def _pandas() -> Any:
    return needed("pandas", "pandas", "a table of trials")


def _conditional(json: Mapping[str, Any]) -> set[str]:
    """Hyperparameters that are not always active."""
    return {condition["child"] for condition in json.get("conditions", [])}


def _values(space: Space, name: str, listed: Sequence[Any]) -> list[Any]:
    """The objects that the core's values stand for."""
    return [space.from_core({name: value})[name] for value in listed]


def _whole(codes: Codes, may_be_inactive: bool) -> Any:
    pd = _pandas()
    if not may_be_inactive:
        return codes.astype(np.int64)
    inactive = np.isnan(codes)
    return pd.arrays.IntegerArray(np.where(inactive, 0, codes).astype(np.int64), inactive)


def _column(space: Space, hyperparameter: Mapping[str, Any], is_conditional: bool) -> Column:
    """How the codes of a hyperparameter become a column."""
    pd = _pandas()
    kind, name = hyperparameter["type"], hyperparameter["name"]
    step = hyperparameter.get("q")
    if kind in ("categorical", "ordinal"):
        listed = _values(space, name, hyperparameter["choices" if kind == "categorical" else "sequence"])
        dtype = pd.CategoricalDtype(_choices(listed), ordered=kind == "ordinal")
        return lambda codes: pd.Categorical.from_codes(np.where(np.isnan(codes), -1, codes).astype(np.int64), dtype=dtype)
    if kind == "constant":
        value = _values(space, name, [hyperparameter["value"]])[0]
        return lambda codes: [None if np.isnan(code) else value for code in codes]
    is_whole = kind.endswith("int")
    if step:
        lower = hyperparameter["lower"]
        scaled: Column = lambda codes: lower + step * codes  # noqa: E731
    else:
        scaled = lambda codes: codes  # noqa: E731
    if is_whole:
        return lambda codes: _whole(scaled(codes), is_conditional)
    return scaled


def _choices(listed: list[Any]) -> Any:
    """As an index of objects, which neither tuples nor None can be mistaken in."""
    pd = _pandas()
    if all(isinstance(value, (str, int, float, bool)) for value in listed):
        return listed
    choices = np.empty(len(listed), dtype=object)
    choices[:] = ["None" if value is None else value for value in listed]
    return pd.Index(choices, tupleize_cols=False)


def codes_to_frame(space: Space) -> Callable[[Codes], pd.DataFrame]:
    """A function that turns codes, configurations × hyperparameters with NaN where one is inactive, into a table."""
    json = space.to_json()
    conditional = _conditional(json)
    columns = [(h["name"], _column(space, h, h["name"] in conditional)) for h in json["hyperparameters"]]
    pandas = _pandas()

    def frame(codes: Codes) -> pd.DataFrame:
        made: pd.DataFrame = pandas.DataFrame({name: make(codes[:, j]) for j, (name, make) in enumerate(columns)}, copy=False)
        return made

    return frame
