"""Trials, fronts and decisions as DataFrames.

Columns are flat and in the dialect of ``hyperego explain --trials``, so that what ``to_csv(index=False)`` writes can be
read again. Where names collide, hyperparameters are "config:NAME" and results "metric:NAME".
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ._missing import needed
from .space import Space

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["config_columns", "decisions_frame", "front_frame", "trials_frame"]

_BOOKKEEPING = ("trial", "status", "seconds", "message")


def _pandas() -> Any:
    return needed("pandas", "pandas", "a table")


def _shown(value: Any) -> Any:
    """A choice as tables show it: null and lists, which a table would take for missing or many, as text."""
    return value if isinstance(value, (bool, int, float, str)) else str(value)


def config_columns(
    space: Space, configs: Sequence[dict[str, Any]], *, may_lack: bool = False
) -> dict[str, Any]:
    """A column for every hyperparameter of configurations as the core has them (labels, not objects).

    Integers that may be inactive are Int64, categoricals category (ordinals ordered), inactive is NA.
    With ``may_lack`` any of them may be absent.
    """
    pandas = _pandas()
    json = space.to_json()
    conditional = {condition["child"] for condition in json["conditions"]}
    columns: dict[str, Any] = {}
    for hyperparameter in json["hyperparameters"]:
        name, kind = hyperparameter["name"], hyperparameter["type"]
        values = [config.get(name) if name in config else None for config in configs]
        if kind.endswith("_float"):
            columns[name] = pandas.Series(values, dtype="float64")
        elif kind.endswith("_int"):
            columns[name] = pandas.Series(values, dtype="Int64" if may_lack or name in conditional else "int64")
        else:
            choices = hyperparameter.get("choices") or hyperparameter.get("sequence") or [hyperparameter.get("value")]
            present = [_shown(config[name]) if name in config else None for config in configs]
            dtype = pandas.CategoricalDtype([_shown(c) for c in choices], ordered=kind == "ordinal")
            columns[name] = pandas.Series(pandas.Categorical(present, dtype=dtype))
    return columns


def _joined(configs: dict[str, Any], before: dict[str, Any], metrics: dict[str, Any], after: dict[str, Any]) -> Any:
    names = [*before, *configs, *metrics, *after]
    if len(set(names)) < len(names):
        configs = {f"config:{name}": column for name, column in configs.items()}
        metrics = {f"metric:{name}": column for name, column in metrics.items()}
    return _pandas().DataFrame({**before, **configs, **metrics, **after})


def trials_frame(
    space: Space, objectives: Sequence[str], constraints: Sequence[str], records: Sequence[dict[str, Any]]
) -> pd.DataFrame:
    """One row a trial: trial, status, hyperparameters, objectives, constraints, seconds, message."""
    pandas = _pandas()

    def metric(kind: str, i: int) -> Any:
        return pandas.Series([r[kind][i] if r[kind] else None for r in records], dtype="float64")

    before = {
        "trial": pandas.Series([r["trial"] for r in records], dtype="int64"),
        "status": pandas.Series([r["status"] for r in records], dtype="object"),
    }
    metrics = {name: metric("objectives", i) for i, name in enumerate(objectives)}
    metrics |= {name: metric("constraints", i) for i, name in enumerate(constraints)}
    after = {
        "seconds": pandas.Series([r["seconds"] for r in records], dtype="float64"),
        "message": pandas.Series([r["message"] for r in records], dtype="object"),
    }
    frame: pd.DataFrame = _joined(config_columns(space, [r["configuration"] for r in records]), before, metrics, after)
    return frame


def front_frame(space: Space, objectives: Sequence[str], front: Sequence[dict[str, Any]]) -> pd.DataFrame:
    """One row a trial that no other dominates: trial, hyperparameters, objectives (means of repeated trials)."""
    pandas = _pandas()
    before = {"trial": pandas.Series([member["trial"] for member in front], dtype="int64")}
    metrics = {n: pandas.Series([m["objectives"][n] for m in front], dtype="float64") for n in objectives}
    frame: pd.DataFrame = _joined(config_columns(space, [m["configuration"] for m in front]), before, metrics, {})
    return frame


def decisions_frame(space: Space, objectives: Sequence[str], decisions: Sequence[dict[str, Any]]) -> pd.DataFrame:
    """One row a trial: trial, phase, threshold, "weight:OBJECTIVE", "shapley:NAME" (what tuning it can gain), "frozen:NAME"
    (the value, NA where it was free), predicted mean and std of the scalarised objective, acquisition, reason."""
    pandas = _pandas()

    def numbers(values: list[Any]) -> Any:
        return pandas.Series(values, dtype="float64")

    columns: dict[str, Any] = {
        "trial": pandas.Series([d["trial"] for d in decisions], dtype="int64"),
        "phase": pandas.Series([d["phase"] for d in decisions], dtype="object"),
        "threshold": numbers([d["threshold"] for d in decisions]),
    }
    for i, name in enumerate(objectives):
        columns[f"weight:{name}"] = numbers([d["weights"][i] if d["weights"] else None for d in decisions])
    for name in space.names:
        columns[f"shapley:{name}"] = numbers([d["shapley"].get(name) for d in decisions])
    frozen = config_columns(space, [d["frozen"] for d in decisions], may_lack=True)
    for name, column in frozen.items():
        columns[f"frozen:{name}"] = column
    for member in ("mean", "std"):
        columns[f"predicted:{member}"] = numbers([(d["predicted"] or {}).get(member) for d in decisions])
    columns["acquisition"] = numbers([d["acquisition"] for d in decisions])
    columns["reason"] = pandas.Series([d["reason"] for d in decisions], dtype="object")
    frame: pd.DataFrame = pandas.DataFrame(columns)
    return frame
