"""SMAC3: ParEGO with a Gaussian process (black-box facade) and with its random forest (default facade)."""

import contextlib
import os
import tempfile

from ConfigSpace import Configuration, ConfigurationSpace
from smac import BlackBoxFacade, HyperparameterOptimizationFacade, Scenario
from smac.initial_design import DefaultInitialDesign
from smac.multi_objective.parego import ParEGO

FACADES = {"smac-gp": BlackBoxFacade, "smac-rf": HyperparameterOptimizationFacade}
FAILED = 1e30  # what a failed trial costs; none of the suites' tasks fails


def plain(value):
    return value.item() if hasattr(value, "item") else value


def play(task, label):
    facade = FACADES[label]
    space = ConfigurationSpace.from_serialized_dict(task.space)
    with tempfile.TemporaryDirectory() as folder:
        scenario = Scenario(space, objectives=task.names, n_trials=task.trials, seed=task.seed, deterministic=True,
                            output_directory=folder)

        def target(configuration, seed=0):
            values = task.evaluate({name: plain(value) for name, value in dict(configuration).items()})
            return dict(zip(task.names, values if values is not None else [FAILED] * len(task.names)))

        initial = [Configuration(space, values=values) for values in task.initial]
        design = DefaultInitialDesign(scenario, additional_configs=initial)
        with open(os.devnull, "w") as silence, contextlib.redirect_stdout(silence):
            facade(scenario, target, multi_objective_algorithm=ParEGO(scenario), initial_design=design,
                   logging_level=50, overwrite=True).optimize()
