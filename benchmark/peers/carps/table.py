"""Mean ranks of what play.py wrote, by the hypervolume of all evaluated points.

    python table.py RUNS.jsonl

Objectives are normalised by ideal and nadir of the best points that any run of the task found (its joint front), reference
point 1.1 in every objective, as in docs/benchmark-suites.md; points beyond it add nothing. Runs count where every optimizer
has one of that task and seed.
"""

import json
import sys
from collections import defaultdict

import moocore
import numpy as np


def ranks(values):
    """1 for the largest; ties share the mean of their places."""
    values = np.round(values, 9)
    return np.array([1 + np.sum(values > v) + (np.sum(values == v) - 1) / 2 for v in values])


def front_of(costs):
    return costs[moocore.is_nondominated(costs)]


def main():
    lines = [json.loads(line) for path in sys.argv[1:] for line in open(path)]
    runs = {(r["task"], r["seed"], r["optimizer"]): r for r in lines}
    optimizers = sorted({key[2] for key in runs})
    pairs = [p for p in sorted({key[:2] for key in runs}) if all((*p, o) in runs for o in optimizers)]
    tasks = sorted({task for task, _ in pairs})
    places, volumes, seconds = defaultdict(list), defaultdict(list), defaultdict(float)
    for task in tasks:
        of_task = {key: np.array(run["costs"]) for key, run in runs.items() if key[0] == task}
        joint = front_of(np.vstack(list(of_task.values())))
        low, span = joint.min(axis=0), np.ptp(joint, axis=0)
        span[span == 0] = 1.0
        reference = np.full(len(low), 1.1)
        best = moocore.hypervolume((joint - low) / span, ref=reference)
        for seed in sorted(s for t, s in pairs if t == task):
            found = [
                moocore.hypervolume(front_of((of_task[task, seed, o] - low) / span), ref=reference) / best
                for o in optimizers
            ]
            for optimizer, volume, rank in zip(optimizers, found, ranks(found), strict=True):
                places[optimizer].append(rank)
                volumes[task, optimizer].append(volume)
                seconds[optimizer] += runs[task, seed, optimizer]["seconds"]
    order = sorted(optimizers, key=lambda o: np.mean(places[o]))
    print(f"{len(tasks)} tasks, {len(pairs)} pairs of task and seed\n")
    print("| | " + " | ".join(order) + " |\n|---|" + "---|" * len(order))
    print("| mean rank | " + " | ".join(f"{np.mean(places[o]):.2f}" for o in order) + " |")
    print("| best of all | " + " | ".join(f"{sum(p <= 1 for p in places[o])}" for o in order) + " |")
    print("| seconds a run | " + " | ".join(f"{seconds[o] / max(len(pairs), 1):.1f}" for o in order) + " |\n")
    print("| task | trials | " + " | ".join(order) + " |\n|---|---|" + "---|" * len(order))
    for task in tasks:
        trials = max(len(r["costs"]) for key, r in runs.items() if key[0] == task)
        shares = " | ".join(f"{np.mean(volumes[task, o]):.3f}" for o in order)
        print(f"| {task.removeprefix('subset_Pymoo_').replace('_unconstraint', '')} | {trials} | {shares} |")


if __name__ == "__main__":
    main()
