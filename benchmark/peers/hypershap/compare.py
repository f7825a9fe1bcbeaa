"""Tunability by the Python HyperSHAP (AAAI 2026) and by hyperego: same space, trials, baseline and samples.

Started by benchmark/peers/hypershap/run. Two comparisons for each number of players:

1. time of the value table, v(S) of all 2^d coalitions: HyperSHAP with its own surrogate (scikit-learn's random forest of
   100 trees), hyperego with the one named by --surrogate, on the same samples and as it plays by default, with maxima
   searched. One thread each, processor time because the machine may be shared.
2. v(S) where both ask the same function: hyperego's fitted Gaussian process, which HyperSHAP gets as a plain numpy model
   (not with --agreement-samples 0).
"""

import argparse
import json
import statistics
import subprocess
import time

import numpy as np
from ConfigSpace import Categorical, ConfigurationSpace, Float, Integer
from hypershap.games import TunabilityGame
from hypershap.task import ExplanationTask, TunabilityExplanationTask
from hypershap.utils import Aggregation, RandomConfigSpaceSearcher


def space_of(players):
    hyperparameters = [
        Float("learning_rate", (1e-4, 1e-1), log=True),
        Float("momentum", (0.1, 0.99)),
        Float("weight_decay", (1e-5, 1e-1), log=True),
        Integer("layers", (1, 5)),
        Float("dropout", (0.0, 1.0)),
        Float("units", (64.0, 1024.0), log=True),
        Categorical("optimizer", ["sgd", "adam", "rprop"]),
        Float("beta", (0.8, 0.999)),
        Float("warmup", (0.0, 0.5)),
        Categorical("activation", ["relu", "tanh"]),
    ]
    space = ConfigurationSpace(seed=1)
    space.add(hyperparameters[:players])
    return space


def performance(vector):
    """A smooth landscape with interactions of neighbours; larger is better."""
    centres = np.linspace(0.2, 0.8, len(vector))
    weights = 1.0 / np.arange(1, len(vector) + 1)
    gaps = vector - centres
    return float(-np.sum(weights * gaps**2) + 0.5 * np.sum(gaps[1:] * gaps[:-1]) + 0.2 * np.sin(5 * vector[0]))


def plain(configuration):
    return {name: value.item() if hasattr(value, "item") else value for name, value in dict(configuration).items()}


class GaussianProcessMean:
    """hyperego's fitted posterior mean on ConfigSpace's vectors."""

    def __init__(self, space, model):
        assert model["kernel"] == "product"
        self.points = np.array(model["points"])
        self.weights = np.array(model["weights"])
        self.scales = np.array(model["length_scales"])
        self.constant = model["constant"]
        names = list(space.keys())
        self.columns = [names.index(feature) for feature in model["features"]]
        self.hyperparameters = [space[feature] for feature in model["features"]]

    def predict(self, vectors):
        total = np.ones((len(vectors), len(self.points)))
        for feature, (column, hyperparameter) in enumerate(zip(self.columns, self.hyperparameters, strict=True)):
            x = vectors[:, column]
            kind = type(hyperparameter).__name__
            if kind == "CategoricalHyperparameter":
                unequal = x[:, None] != self.points[None, :, feature]
                total *= np.where(unequal, np.exp(-1.0 / self.scales[feature]), 1.0)
                continue
            if kind == "UniformIntegerHyperparameter":  # the middle of the value's share of the range
                steps = hyperparameter.upper - hyperparameter.lower
                x = (np.round(x * steps) + 0.5) / (steps + 1)
            s = np.sqrt(5.0) * np.abs(x[:, None] - self.points[None, :, feature]) / self.scales[feature]
            total *= (1.0 + s + s * s / 3.0) * np.exp(-s)
        return self.constant + total @ self.weights


def coalitions_of(players):
    masks = np.arange(2**players)
    return (masks[:, None] >> np.arange(players) & 1).astype(bool)


def value_table(task, baseline, samples):
    """HyperSHAP's v(S) of every coalition, bit i = player i, and the seconds it took."""
    tunability = TunabilityExplanationTask(
        config_space=task.config_space, surrogate_model=task.get_single_surrogate_model(), baseline_config=baseline
    )
    searcher = RandomConfigSpaceSearcher(tunability, mode=Aggregation.MAX, n_samples=samples, seed=0)
    game = TunabilityGame(tunability, cs_searcher=searcher)
    coalitions = coalitions_of(len(task.config_space))
    wall, processor = time.perf_counter(), time.process_time()
    values = game.value_function(coalitions)
    return values, time.perf_counter() - wall, time.process_time() - processor


def samples_of(space, count):
    """What RandomConfigSpaceSearcher draws with seed 0."""
    twin = ConfigurationSpace.from_serialized_dict(space.to_serialized_dict())
    twin.seed(0)
    return [plain(configuration) for configuration in twin.sample_configuration(size=count)]


def ours(program, task):
    answer = subprocess.run([program], input=json.dumps(task), capture_output=True, text=True, check=False)
    if answer.returncode != 0:
        raise SystemExit(answer.stderr)
    return json.loads(answer.stdout)


def in_order_of(space, answer):
    """Our values with HyperSHAP's player order."""
    position = [list(space.keys()).index(name) for name in answer["players"]]
    values = np.empty(len(answer["values"]))
    for mask, value in enumerate(answer["values"]):
        values[sum(1 << position[i] for i in range(len(position)) if mask >> i & 1)] = value
    return values


def compare(players, arguments):
    space = space_of(players)
    trials = [(c, performance(np.array(c.get_array()))) for c in space.sample_configuration(arguments.trials)]
    baseline = space.get_default_configuration()
    task = {
        "space": space.to_serialized_dict(),
        "trials": [{"configuration": plain(c), "performance": y} for c, y in trials],
        "baseline": plain(baseline),
        "samples": samples_of(space, arguments.samples),
        "surrogate": arguments.surrogate,
        "maximum": "sampled",
    }
    # What hyperego plays unless told otherwise: maxima searched, from fewer samples.
    searched = dict(task, samples=task["samples"][: arguments.searched_samples], maximum="optimized")
    own_task = ExplanationTask.from_data(space, trials)
    seconds = {"same": [], "searched": [], "peer": []}
    for _ in range(arguments.repeats):  # in turns, as the machine may be shared
        seconds["same"].append(ours(arguments.program, task)["seconds"]["processor"])
        seconds["searched"].append(ours(arguments.program, searched)["seconds"]["processor"])
        seconds["peer"].append(value_table(own_task, baseline, arguments.samples)[2])
    print(
        f"d = {players}: {2**players} coalitions, {arguments.samples} samples, {arguments.trials} trials, one thread, "
        f"processor time, medians of {arguments.repeats}"
    )
    peer = statistics.median(seconds["peer"])
    print(f"  HyperSHAP, its random forest: {peer:.2f} s")
    for label, what in (("same", "the same samples"), ("searched", f"maxima searched from {arguments.searched_samples} of them")):
        mine = statistics.median(seconds[label])
        print(f"  hyperego, {arguments.surrogate}, {what}: {mine:.4f} s, {peer / mine:.0f} x as fast", flush=True)
    if arguments.agreement_samples == 0:
        return

    same = dict(task, surrogate="gp", samples=samples_of(space, arguments.agreement_samples))
    answer = ours(arguments.program, same)
    model = GaussianProcessMean(space, answer["model"])
    theirs, wall, processor = value_table(
        ExplanationTask.from_base_model(space, model), baseline, arguments.agreement_samples
    )
    own = in_order_of(space, answer)
    spread = theirs.max() - theirs.min()
    print(
        f"  same function (our Gaussian process), {arguments.agreement_samples} samples: largest difference of v(S) "
        f"{np.abs(own - theirs).max():.2e}, {np.abs(own - theirs).max() / spread:.1e} of the range; "
        f"{answer['seconds']['processor']:.4f} s and {processor:.2f} s, {processor / answer['seconds']['processor']:.0f} x",
        flush=True,
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", required=True)
    parser.add_argument("--surrogate", choices=("gp", "forest"), default="gp")
    parser.add_argument("--players", default="7,10")
    parser.add_argument("--trials", type=int, default=200)
    parser.add_argument("--samples", type=int, default=10_000)
    parser.add_argument("--agreement-samples", type=int, default=2_000)
    parser.add_argument("--searched-samples", type=int, default=1_000)
    parser.add_argument("--repeats", type=int, default=5)
    arguments = parser.parse_args()
    for players in map(int, arguments.players.split(",")):
        compare(players, arguments)


if __name__ == "__main__":
    main()
