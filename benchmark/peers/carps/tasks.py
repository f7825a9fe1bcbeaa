"""Tasks and optimizers of CARP-S as its own program makes them."""

import logging
import warnings
from pathlib import Path

import carps
from carps.utils.running import make_optimizer, make_task
from hydra import compose, initialize_config_module

SUBSETS = ("dev", "test")
OPTIMIZERS = {
    "hpi-parego": "+optimizer/hyperego=hpi_parego",
    "parego": "+optimizer/hyperego=parego",
    "SMAC3-MO-RF": "+optimizer/smac20=multiobjective_rf",
    "SMAC3-MO-GP": "+optimizer/smac20=multiobjective_gp",
    "Optuna-MO-TPE": "+optimizer/optuna=MO_TPE",
    "Optuna-MO-NSGAII": "+optimizer/optuna=MO_NSGAII",
    "RandomSearch": "+optimizer/randomsearch=config",
}

warnings.filterwarnings("ignore")


def subset(kind):
    """The files of CARP-S's multi-objective subset, as (subset, name), whose names begin with `kind`."""
    folder = Path(carps.__file__).parent / "configs" / "task" / "subselection" / "multiobjective"
    return [(part, file.stem) for part in SUBSETS for file in sorted((folder / part).glob(f"subset_{kind}*.yaml"))]


def made(part, name, label, seed, most_trials, folder):
    """(task, optimizer), with at most so many trials."""
    with initialize_config_module("carps.configs", version_base=None):
        cfg = compose(
            "base",
            overrides=[
                "hydra.searchpath=[pkg://hyperego.integration.carps_configs]",
                f"+task/subselection/multiobjective/{part}={name}",
                OPTIMIZERS[label],
                f"seed={seed}",
                f"baserundir={folder}",
                "loggers=[]",
            ],
        )
    resources = cfg.task.optimization_resources
    resources.n_trials = min(resources.n_trials, most_trials)
    task = make_task(cfg)
    logging.disable(logging.CRITICAL)
    return task, make_optimizer(cfg, task)
