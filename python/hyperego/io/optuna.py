"""Optuna's studies in memory, through the reader of its journal files."""

from __future__ import annotations

from typing import Any

from .. import _core
from .._missing import needed

__all__ = ["is_optuna_study", "optuna_source"]


def is_optuna_study(data: Any) -> bool:
    return type(data).__module__.partition(".")[0] == "optuna" and hasattr(data, "trials")


def optuna_source(
    study: Any, space: _core.SearchSpace | None, objectives: list[tuple[str, str | None]], ignored: list[str]
) -> _core.TrialSource:
    """Distributions, directions, names of metrics and states are those of the study."""
    import os
    import tempfile

    optuna = needed("optuna", "optuna", "reading an Optuna study")
    storages = optuna.storages
    backend = getattr(storages.journal, "JournalFileBackend", None) or storages.JournalFileStorage
    verbosity = optuna.logging.get_verbosity()
    with tempfile.TemporaryDirectory() as folder:
        file = os.path.join(folder, f"{study.study_name}.log".replace("/", "_"))
        try:
            optuna.logging.set_verbosity(optuna.logging.ERROR)
            storage = storages.JournalStorage(backend(str(file)))
            twin = optuna.create_study(storage=storage, study_name=study.study_name, directions=study.directions)
            names = getattr(study, "metric_names", None)
            if names:
                twin._storage.set_study_system_attr(twin._study_id, "study:metric_names", list(names))
            twin.add_trials(study.get_trials(deepcopy=False))
        finally:
            optuna.logging.set_verbosity(verbosity)
        return _core.TrialSource.of_file(str(file), space, objectives, ignored, "")
