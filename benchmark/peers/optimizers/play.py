"""play.py LABEL PROGRAM SUITE TASK SEED OUT: one run of one peer."""

import importlib
import sys

from task import Task

MODULES = {"optuna": "optuna_peer", "smac": "smac_peer", "pymoo": "pymoo_peer", "botorch": "botorch_peer"}


def main():
    label, program, suite, name, seed, out = sys.argv[1:]
    task = Task(program, suite, name, label, int(seed), out)
    importlib.import_module(MODULES[label.split("-")[0]]).play(task, label)
    if not task.finish():
        sys.exit(f"{label} on {name}, seed {seed}: the run is not kept")


main()
