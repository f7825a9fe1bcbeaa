"""Tables with a column for each hyperparameter, as pandas has them.

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

__all__ = ["codes_to_frame", "trials_frame"]

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
    pd = _pandas()

    def frame(codes: Codes) -> pd.DataFrame:
        return pd.DataFrame({name: make(codes[:, j]) for j, (name, make) in enumerate(columns)}, copy=False)

    return frame


def trials_frame(space: Space, columns: Mapping[str, Sequence[Any]]) -> pd.DataFrame:
    """Columns of trials, hyperparameters among them, with the types that the space says. None is NA."""
    pd = _pandas()
    json = space.to_json()
    conditional = _conditional(json)
    known = {h["name"]: h for h in json["hyperparameters"]}
    made: dict[str, Any] = {}
    for name, given in columns.items():
        if name not in known:
            if name in ("status", "message"):
                made[name] = list(given)
            elif name == "trial":
                made[name] = np.array(given, dtype=np.int64)
            else:
                made[name] = np.array([np.nan if v is None else v for v in given], dtype=np.float64)
            continue
        kind = known[name]["type"]
        if kind in ("categorical", "ordinal"):
            listed = _values(space, name, known[name]["choices" if kind == "categorical" else "sequence"])
            places = {_key(value): k for k, value in enumerate(listed)}
            codes = [-1 if v is None else places[_key(space.from_core({name: v})[name])] for v in given]
            dtype = pd.CategoricalDtype(_choices(listed), ordered=kind == "ordinal")
            made[name] = pd.Categorical.from_codes(codes, dtype=dtype)
        elif kind.endswith("int"):
            made[name] = pd.array(list(given), dtype="Int64" if name in conditional else "int64")
        elif kind.endswith("float"):
            made[name] = np.array([np.nan if v is None else v for v in given], dtype=np.float64)
        else:
            made[name] = list(given)
    return pd.DataFrame(made)


def _key(value: Any) -> Any:
    """Tells 1 and True apart."""
    return (type(value), value)
