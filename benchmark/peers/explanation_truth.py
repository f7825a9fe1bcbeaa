"""Other programs' importances against true tunability, on the sets that bench_explanation_truth exports.

    bench_explanation_truth --suite benchmark/suites/explanation.json --export FOLDER …
    python benchmark/peers/explanation_truth.py FOLDER [PROGRAM]…     # needs hypershap, optuna, scikit-learn (any of them)

A line for every program and number of trials: the sum of |value - true value| over the true gain (median; for HyperSHAP,
whose values have the objective's unit), rank correlation (mean), share of sets whose first is the true first, mean share of
the true first two among the first two, and v(N) - v(0) over the true gain (median). fANOVA and PED-ANOVA say shares of
variance, so only their order is compared. A program that is not installed is left out by name.
"""

import json
import math
import pathlib
import statistics
import sys
import warnings

import numpy as np

warnings.filterwarnings("ignore")


def hypershap_values(task):
    from ConfigSpace import Configuration, ConfigurationSpace
    from hypershap import ExplanationTask, HyperSHAP

    space = ConfigurationSpace.from_serialized_dict(task["space"])
    trials = [(Configuration(space, values=t["configuration"]), t["performance"]) for t in task["trials"]]
    explainer = HyperSHAP(ExplanationTask.from_data(space, trials))
    baseline = Configuration(space, values=task["baseline"])
    found = explainer.tunability(baseline, index="SV", order=1)
    names = list(space.keys())
    values = {names[members[0]]: found.values[at] for members, at in found.interaction_lookup.items() if len(members) == 1}
    return {name: float(values.get(name, 0.0)) for name in task["tunability"]}, True


def distribution_of(hyperparameter):
    from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

    kind = hyperparameter["type"]
    if kind == "uniform_float":
        return FloatDistribution(hyperparameter["lower"], hyperparameter["upper"], log=hyperparameter["log"])
    if kind == "uniform_int":
        return IntDistribution(hyperparameter["lower"], hyperparameter["upper"], log=hyperparameter["log"])
    return CategoricalDistribution(hyperparameter.get("choices") or hyperparameter["sequence"])


def optuna_values(task, evaluator):
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    distributions = {h["name"]: distribution_of(h) for h in task["space"]["hyperparameters"] if h["type"] != "constant"}
    study = optuna.create_study(direction="maximize")
    for trial in task["trials"]:
        values = {name: value for name, value in trial["configuration"].items() if name in distributions}
        own = {name: distributions[name] for name in values}
        study.add_trial(optuna.trial.create_trial(params=values, distributions=own, value=trial["performance"]))
    found = optuna.importance.get_param_importances(study, evaluator=evaluator)
    return {name: float(found.get(name, 0.0)) for name in task["tunability"]}, False


def fanova(task):
    import optuna

    return optuna_values(task, optuna.importance.FanovaImportanceEvaluator(seed=0))


def ped_anova(task):
    import optuna

    return optuna_values(task, optuna.importance.PedAnovaImportanceEvaluator())


PEERS = {"HyperSHAP": hypershap_values, "Optuna fANOVA": fanova, "Optuna PED-ANOVA": ped_anova}


def ranks(values):
    """Ranks with ties averaged."""
    values = np.asarray(values)
    return np.array([(values < v).sum() + ((values == v).sum() + 1) / 2 for v in values])


def measures(found, is_in_units, task):
    names = list(task["tunability"])
    truth = np.array([task["tunability"][name] for name in names])
    values = np.array([found[name] for name in names])
    own, model = np.argsort(-truth, kind="stable")[:2], np.argsort(-values, kind="stable")[:2]
    a, b = ranks(values), ranks(truth)
    result = {
        "rank": float(np.corrcoef(a, b)[0, 1]) if a.std() > 0 else 0.0,
        "top1": float(own[0] == model[0]),
        "top2": len(set(own) & set(model)) / 2,
    }
    if is_in_units:
        result["error"] = float(np.abs(values - truth).sum() / task["gain"])
        result["gain"] = float(values.sum() / task["gain"])
    return result


def main():
    tasks = [json.loads(path.read_text()) for path in sorted(pathlib.Path(sys.argv[1]).glob("*.json"))]
    programs = {name: PEERS[name] for name in sys.argv[2:]} or PEERS
    print(f"{'':<24}{'n':>5}{'sets':>6}{'error':>7}{'rank':>7}{'top1':>7}{'top2':>7}{'gain':>7}")
    for name, importances in programs.items():
        by_size, failed = {}, {}
        for task in tasks:
            try:
                row = measures(*importances(task), task)
            except ImportError as error:
                failed[f"left out, not installed: {error.name}"] = failed.get(error.name, 0) + 1
                break
            except Exception as error:  # noqa: BLE001: what a peer refuses is counted and said
                failed[str(error)[:100]] = failed.get(str(error)[:100], 0) + 1
                continue
            by_size.setdefault(len(task["trials"]), []).append(row)
        for size, rows in sorted(by_size.items()):
            def of(key, by):
                known = [row[key] for row in rows if key in row and math.isfinite(row[key])]
                return f"{by(known):7.2f}" if known else f"{'-':>7}"

            print(
                f"{name:<24}{size:>5}{len(rows):>6}{of('error', statistics.median)}{of('rank', statistics.mean)}"
                f"{of('top1', statistics.mean)}{of('top2', statistics.mean)}{of('gain', statistics.median)}",
                flush=True,
            )
        for reason, count in failed.items():
            print(f"{name:<24}{count} sets: {reason}")


if __name__ == "__main__":
    main()
