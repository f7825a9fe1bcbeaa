"""Trials of other programs: tables, Optuna, SMAC3, DeepCAVE, Ray Tune, run directories (docs/tables.md).

The readers are those of ``hyperego import``: what is an objective is never guessed, failed trials are data, and what was
inferred or left out is said in notes.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .. import _core
from ..errors import InvalidInput
from ..space import Space, SpaceLike
from ..tables import trials_frame
from .optuna import is_optuna_study, optuna_source
from .tables import is_table, table_columns

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

__all__ = ["Source", "Trials", "read", "source_of"]


@dataclass(frozen=True)
class Trials:
    """What :func:`read` has found.

    Attributes:
        space: of the hyperparameters; ``is_space_inferred`` says whether from the trials, as ranges and conditions were
            not known.
        objectives: ``{name: "minimize" | "maximize"}``.
        frame: a row for each trial: trial, status, hyperparameters, objectives, constraints, seconds, message.
        notes: what was skipped, inferred or left out, in sentences.
    """

    space: Space
    objectives: dict[str, str]
    frame: pd.DataFrame
    notes: list[str]
    is_space_inferred: bool
    kind: str

    def __iter__(self) -> Any:
        """So that ``space, objectives, frame = read(…)``."""
        return iter((self.space, self.objectives, self.frame))


@dataclass(frozen=True)
class Source:
    """Trials for :func:`hyperego.explain` and :func:`hyperego.report`."""

    core: _core.TrialSource
    space: Space


def read(
    data: Any, space: SpaceLike | None = None, *, objectives: Any = None, ignore: Sequence[str] = (), study: str = ""
) -> Trials:
    """Reads trials, whoever made them.

    Args:
        data: a path (CSV, JSON, JSON lines, Parquet; an Optuna storage, SQLite or journal; SMAC3's output folder 1.x and
            2.x; a DeepCAVE run; a Ray Tune experiment; a run directory), a DataFrame, an Optuna study, or a
            :class:`Study`.
        space: where the data do not say it, else it is inferred from the trials; ranges are then those observed.
        objectives: ``["error"]`` or ``{"accuracy": "maximize"}``, where the data do not say it.
        ignore: columns that are neither hyperparameter nor objective.
        study: of several in an Optuna storage.

    Raises:
        InvalidInput: naming file, line or column and the remedy.
        TypeError: for data that are none of these.
    """
    source = source_of(data, space, objectives, ignore, study)
    named = {o["name"]: o["direction"] for o in source.core.objectives()}
    core = source.core
    frame = trials_frame(source.space, list(named), core.constraints, core.records())
    return Trials(source.space, named, frame, list(core.notes), core.is_space_inferred, core.kind)


def source_of(
    data: Any, space: SpaceLike | None = None, objectives: Any = None, ignore: Sequence[str] = (), study: str = ""
) -> Source:
    """The trials in ``data``, for the functions of this package that take any."""
    if isinstance(data, Source):
        return data
    if isinstance(data, Trials):
        objectives = data.objectives if objectives is None else objectives
        return source_of(data.frame, data.space if space is None else space, objectives, ignore)
    chosen = _choices(objectives)
    given = None if space is None else space if isinstance(space, Space) else Space(space)
    ignored = [ignore] if isinstance(ignore, str) else [str(name) for name in ignore]
    core = _core_of(data, given, chosen, ignored, study)
    return Source(core, _space_of(data, core, given))


def _core_of(
    data: Any, space: Space | None, objectives: list[tuple[str, str | None]], ignored: list[str], study: str
) -> _core.TrialSource:
    bound = None if space is None else space.core
    if isinstance(data, (str, os.PathLike)):
        from pathlib import Path  # here, as it takes a third of the package's import

        path = Path(data)
        if _core.is_run_directory(str(path)) and not objectives and space is None:
            return _core.TrialSource.of_directory(str(path))
        if path.suffix.lower() in (".parquet", ".feather"):
            return _core_of(_binary_table(path), space, objectives, ignored, study)
        return _core.TrialSource.of_file(str(path), bound, objectives, ignored, study)
    if is_table(data):
        return _core.TrialSource.of_columns(table_columns(data, space), "a DataFrame", bound, objectives, ignored)
    if is_optuna_study(data):
        return optuna_source(data, bound, objectives, ignored)
    own = getattr(data, "core", None)
    if isinstance(own, _core.Study):
        if objectives or space is not None:
            raise InvalidInput("space, objectives: a Study has its own; leave them out", "space")
        return _core.TrialSource.of_study(own)
    expected = "a Study, a path, a DataFrame or an Optuna study"
    raise TypeError(f"data: expected {expected}, found {type(data).__qualname__}")


def _space_of(data: Any, core: _core.TrialSource, given: Space | None) -> Space:
    """With the objects that choices stand for, where somebody knows them."""
    own = getattr(data, "space", None)
    if given is not None:
        return given
    return own if isinstance(own, Space) else Space(core.space.to_json())


def _binary_table(path: Path) -> Any:
    from .._missing import needed

    pd = needed("pandas", "pandas", f"reading {path.name}")
    return pd.read_parquet(path) if path.suffix.lower() == ".parquet" else pd.read_feather(path)


def _choices(objectives: Any) -> list[tuple[str, str | None]]:
    """Names with directions."""
    if objectives is None:
        return []
    if isinstance(objectives, str):
        return [(objectives, None)]
    if isinstance(objectives, Mapping):
        pairs = list(objectives.items())
    else:
        pairs = [(getattr(o, "name", o), getattr(o, "direction", None)) for o in objectives]
    for name, direction in pairs:
        if not isinstance(name, str):
            raise TypeError(f"objectives: expected names, found {type(name).__qualname__}")
        if direction not in (None, "minimize", "maximize"):
            raise InvalidInput(
                f"objectives/{name}: must be 'minimize' or 'maximize', found {direction!r}", f"objectives/{name}"
            )
    return pairs
