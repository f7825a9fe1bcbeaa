import math, os
import optuna
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend
optuna.logging.set_verbosity(optuna.logging.ERROR)
def objective(trial):
    lr = trial.suggest_float("lr", 1e-4, 1.0, log=True)
    dropout = trial.suggest_float("dropout", 0, 0.5, step=0.05)
    optimizer = trial.suggest_categorical("optimizer", ["adam", "sgd"])
    weighting = trial.suggest_categorical("weighting", [None, "balanced"])
    depth = trial.suggest_int("depth", 1, 9, step=2)
    momentum = trial.suggest_float("momentum", 0, 0.99) if optimizer == "sgd" else 0.5
    if trial.number == 3: raise RuntimeError("out of memory")
    if trial.number == 5: raise optuna.TrialPruned()
    error = 0.1 + 0.05 * (math.log10(lr) + 2.5) ** 2 + 0.1 * (momentum - 0.5) ** 2 + (0.1 if optimizer == "sgd" else 0)
    return error, 0.1 * depth + dropout
def run(storage, name, directions):
    study = optuna.create_study(study_name=name, storage=storage, directions=directions, sampler=optuna.samplers.RandomSampler(seed=3))
    if len(directions) == 2:
        study.set_metric_names(["error", "size"])
    study.optimize(objective if len(directions) == 2 else lambda trial: -objective(trial)[0], n_trials=8, catch=(RuntimeError,))
    study.ask()
    return study
for f in ("optuna.db", "optuna.journal"):
    if os.path.exists(f): os.remove(f)
for storage in ("sqlite:///optuna.db", JournalStorage(JournalFileBackend("optuna.journal"))):
    one = run(storage, "one", ["maximize"])
    two = run(storage, "two", ["minimize", "minimize"])
one.trials_dataframe().to_csv("optuna_one.csv")
two.trials_dataframe().to_csv("optuna_two.csv")
