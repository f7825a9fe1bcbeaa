#!/usr/bin/env python3
"""How much longer an ask takes from Python than in C++: the same study, both ways in turn.

    tests/speed/python_ask.py PREFIX [--rounds 5]      PREFIX: an installed Release build; hyperego for Python of the same

Prints the seconds of processor time, on one thread, of all asks of a study of 60 trials (ZDT1, 6 variables), the least of the rounds each, and their ratio.
"""

import argparse
import json
import os
import subprocess
import tempfile
import time
from pathlib import Path

os.environ["OMP_NUM_THREADS"] = "1"

import hyperego  # noqa: E402

TRIALS = 60
STUDY = {
    "hyperego": 1,
    "name": "zdt1",
    "evaluator": {"problem": "zdt1", "variables": 6},
    "optimizer": {"name": "hpi-parego"},
    "limits": {"trials": TRIALS},
    "seed": 1,
}


def built(prefix, folder):
    source = Path(__file__).parents[1] / "suggestions"
    options = [f"-DCMAKE_PREFIX_PATH={prefix}", "-DCMAKE_BUILD_TYPE=Release"]
    subprocess.run(["cmake", "-S", source, "-B", folder, *options], check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["cmake", "--build", folder], check=True, stdout=subprocess.DEVNULL)
    return folder / "suggestions"


def python_seconds(run, values):
    study = hyperego.Study(run["space"], [o["name"] for o in run["objectives"]], n_trials=TRIALS, seed=1)
    seconds = 0.0
    for row in values:
        start = time.process_time()
        trial = study.ask()
        seconds += time.process_time() - start
        study.tell(trial, row)
    return seconds


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("prefix", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "study.json").write_text(json.dumps(STUDY))
        program = given.prefix.resolve() / "bin" / "hyperego"
        subprocess.run([program, "run", "study.json", "--out", "run"], cwd=folder, check=True, capture_output=True)
        events = [json.loads(line) for line in (folder / "run" / "journal.jsonl").read_text().splitlines()]
        values = [list(event["objectives"].values()) for event in events if event["event"] == "ended"]
        (folder / "values.json").write_text(json.dumps(values))
        run_file = folder / "run" / "study.json"
        run = json.loads(run_file.read_text())
        suggestions = [built(given.prefix.resolve(), folder / "build"), run_file, folder / "values.json"]
        theirs, ours = [], []
        for _ in range(given.rounds):
            theirs.append(float(subprocess.run(suggestions, check=True, capture_output=True).stderr))
            ours.append(python_seconds(run, values))
    print(f"C++ {min(theirs):.3f} s, Python {min(ours):.3f} s, ratio {min(ours) / min(theirs):.3f}")


if __name__ == "__main__":
    main()
