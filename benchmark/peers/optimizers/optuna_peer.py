"""Optuna: TPE (its default), TPE with multivariate groups, NSGA-II, Gaussian process."""

import warnings

import optuna

from space import Space, choices

optuna.logging.set_verbosity(optuna.logging.ERROR)
warnings.simplefilter("ignore")

SAMPLERS = {
    "optuna-tpe": lambda task: optuna.samplers.TPESampler(seed=task.seed, n_startup_trials=len(task.initial)),
    "optuna-tpe-mv-group": lambda task: optuna.samplers.TPESampler(
        seed=task.seed, n_startup_trials=len(task.initial), multivariate=True, group=True),
    "optuna-nsga2": lambda task: optuna.samplers.NSGAIISampler(seed=task.seed, population_size=20),
    "optuna-gp": lambda task: optuna.samplers.GPSampler(seed=task.seed, n_startup_trials=len(task.initial)),
}


def play(task, label):
    space = Space(task.space)
    study = optuna.create_study(directions=["minimize"] * len(task.names), sampler=SAMPLERS[label](task))
    for configuration in task.initial:
        study.enqueue_trial(configuration)

    def objective(trial):
        def choose(h):
            if choices(h) is not None:
                return trial.suggest_categorical(h["name"], choices(h))
            suggest = trial.suggest_int if "int" in h["type"] else trial.suggest_float
            return suggest(h["name"], h["lower"], h["upper"], log=h.get("log", False))

        values = task.evaluate(space.walk(choose))
        if values is None:
            raise optuna.TrialPruned()
        return values

    study.optimize(objective, n_trials=task.trials)
