"""Lets optimizers play the pymoo tasks of CARP-S's multi-objective dev and test subsets, one after the other in this process.

    python play.py OUT.jsonl --optimizers hpi-parego SMAC3-MO-RF Optuna-MO-TPE --seeds 1 2 3 --most-trials 60

A line for each run: task, optimizer, seed, seconds and the costs of all trials. Runs that are there already are not made again.
"""

import argparse
import json
import tempfile
import time
from pathlib import Path

from tasks import OPTIMIZERS, made, subset


def played(part, name, label, seed, most_trials):
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        task, optimizer = made(part, name, label, seed, most_trials, folder)
        costs = []
        evaluate = task.objective_function.evaluate

        def kept(trial_info):
            value = evaluate(trial_info=trial_info)
            costs.append([float(c) for c in value.cost])
            return value

        task.objective_function.evaluate = kept
        optimizer.run()
        seconds = time.perf_counter() - start
    return {"task": name, "optimizer": label, "seed": seed, "seconds": round(seconds, 2), "costs": costs}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--optimizers", nargs="+", choices=list(OPTIMIZERS), default=list(OPTIMIZERS))
    parser.add_argument("--seeds", nargs="+", type=int, default=[1, 2, 3])
    parser.add_argument("--most-trials", type=int, default=10**6)
    given = parser.parse_args()
    lines = given.out.read_text().splitlines() if given.out.exists() else []
    done = {tuple(json.loads(line)[key] for key in ("task", "optimizer", "seed")) for line in lines}
    for seed in given.seeds:
        for part, name in subset("Pymoo"):
            for label in given.optimizers:
                if (name, label, seed) in done:
                    continue
                run = played(part, name, label, seed, given.most_trials)
                with given.out.open("a") as file:
                    file.write(json.dumps(run) + "\n")
                print(name, label, seed, len(run["costs"]), "trials", run["seconds"], "s", flush=True)


if __name__ == "__main__":
    main()
