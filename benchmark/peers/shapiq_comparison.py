"""hyperego and shapiq on identical games, side by side.

    python3 benchmark/peers/shapiq_comparison.py [--build build/release] [--work DIR] [--games NAME,…] [--seeds K] [--skip-exact]

Builds nothing of ours: run `cmake --build --preset release --target hyperego bench_estimators` first. shapiq goes into
a virtual environment under the work directory, made on demand from benchmark/peers/shapiq_requirements.txt.

1. Exact indices of a value table of 14 players: time and peak memory of one process each.
2. Estimators with 20 players and 4,096 coalitions: mean squared error against the exact index, least processor time of the runs.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import venv

HERE = pathlib.Path(__file__).resolve().parent
PLAYERS, BUDGET = 20, 4096

ESTIMATORS = {
    "SV": ["PermutationSamplingSV", "StratifiedSamplingSV", "OwenSamplingSV", "KernelSHAP", "UnbiasedKernelSHAP", "SVARM",
           "SHAPIQ", "ProxySPEX"],
    "SII": ["PermutationSamplingSII", "SHAPIQ", "SVARMIQ", "KernelSHAPIQ", "InconsistentKernelSHAPIQ", "ProxySPEX"],
    "k-SII": ["PermutationSamplingSII", "SHAPIQ", "SVARMIQ", "KernelSHAPIQ", "InconsistentKernelSHAPIQ", "ProxySPEX"],
    "STII": ["PermutationSamplingSTII", "SHAPIQ", "SVARMIQ", "ProxySPEX"],
    "FSII": ["RegressionFSII", "SHAPIQ", "SVARMIQ", "ProxySPEX"],
    "BV": ["SVARM", "SHAPIQ", "ProxySPEX"],
    "FBII": ["RegressionFBII", "SHAPIQ", "SVARMIQ", "ProxySPEX"],
}
SLOW = {"SVARMIQ", "ProxySPEX", "PermutationSamplingSII"}


def environment(work):
    python = work / "venv" / "bin" / "python"
    if not python.exists():
        venv.create(work / "venv", with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "-q", "-r", HERE / "shapiq_requirements.txt"], check=True)
    return python


def timed(command, **options):
    """What it printed, seconds, and its own peak memory in MiB."""
    start = time.perf_counter()
    with tempfile.TemporaryFile("w+") as output:
        child = subprocess.Popen([str(part) for part in command], stdout=output, **options)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode != 0:
            raise SystemExit(f"{command[0]} ended with {child.returncode}")
        output.seek(0)
        return output.read(), time.perf_counter() - start, usage.ru_maxrss / 1024


# ---- inside the virtual environment ----------------------------------------------------------------------------------


def read_game(path):
    import numpy as np

    table = json.loads(pathlib.Path(path).read_text())
    values = np.array(table["values"])
    powers = 1 << np.arange(table["n"])
    values = values - values[0]

    def game(coalitions):
        return np.atleast_1d(values[np.atleast_2d(np.asarray(coalitions, dtype=np.int64)) @ powers])

    return table["n"], game


def exact(path):
    import shapiq

    n, game = read_game(path)
    start = time.process_time()
    computer = shapiq.ExactComputer(game, n_players=n)
    sv = computer("SV", order=1)
    fsii = computer("FSII", order=2)
    seconds = time.process_time() - start
    print(json.dumps({"seconds": seconds, "sv": [float(sv[(i,)]) for i in range(n)], "pair": float(fsii[(0, 1)])}))


def estimate(path, seeds):
    import inspect
    import warnings

    import numpy as np
    from shapiq import approximator

    warnings.filterwarnings("ignore")
    n, game = read_game(path)
    for truth in json.loads(pathlib.Path(path).with_suffix(".truth").read_text()):
        index, order = truth["index"], truth["order"]
        values = {tuple(int(p) for p in key.split(",")): value for key, value in truth["values"].items()}
        for name in ESTIMATORS[index]:
            kind = getattr(approximator, name)
            parameters = inspect.signature(kind.__init__).parameters
            for paired in (False, True):
                if paired and ("pairing_trick" not in parameters or name in SLOW):
                    continue
                if order > 2 and name in SLOW:
                    continue
                errors, least = [], float("inf")
                try:
                    for seed in range(1 if name in SLOW or order > 2 else seeds):
                        options = {"n": n, "random_state": seed}
                        if "index" in parameters:
                            options["index"] = index
                        if "max_order" in parameters:
                            options["max_order"] = order
                        if paired:
                            options["pairing_trick"] = True
                        estimator = kind(**options)
                        start = time.process_time()
                        result = estimator.approximate(BUDGET, game)
                        least = min(least, time.process_time() - start)
                        errors.append(np.mean([(result[key] - value) ** 2 for key, value in values.items()]))
                except Exception as failure:  # what cannot run is part of the comparison
                    print(f"{index}\t{order}\t{name}\tfailed: {str(failure)[:80]}", flush=True)
                    continue
                label = name + (" paired" if paired else "")
                print(f"{index}\t{order}\t{label}\t{np.mean(errors)}\t{1e3 * least}", flush=True)


# ---- outside -----------------------------------------------------------------------------------------------------------


def compare_exact(arguments, python, work):
    program = arguments.build / "bench" / "bench_estimators"
    subprocess.run([program, "--players", "14", "--seeds", "1", "--write", work / "14", "--only", "nothing"], check=True,
                   stdout=subprocess.DEVNULL)
    game = work / "14" / "network.json"
    hyperego = arguments.build / "cli" / "hyperego"
    seconds, memory = 0.0, 0.0
    for index in (["--index", "SV"], ["--index", "FSII", "--order", "2"]):
        answer, taken, memory = timed([hyperego, "shapley", game, *index])
        seconds += taken
        if "FSII" in index:
            pair = json.loads(answer)["values"]["0,1"]
        else:
            ours = list(json.loads(answer)["values"].values())
    print(f"value table of 14 players -> SV and FSII of order 2\n  hyperego shapley, two processes that read the table: "
          f"{1e3 * seconds:.0f} ms, {memory:.0f} MiB", flush=True)
    answer, _, memory = timed([python, __file__, "--exact", game], env={**os.environ, "OMP_NUM_THREADS": "1"})
    theirs = json.loads(answer)
    worst = max([abs(a - b) for a, b in zip(ours, theirs["sv"])] + [abs(pair - theirs["pair"])])
    print(f"  shapiq.ExactComputer, without start and reading: {theirs['seconds']:.1f} s, {memory:.0f} MiB; largest "
          f"difference {worst:.1g}", flush=True)


def compare_estimators(arguments, python, work):
    program = arguments.build / "bench" / "bench_estimators"
    table, _, _ = timed([program, "--players", PLAYERS, "--budget", BUDGET, "--seeds", arguments.seeds, "--write", work / "20"],
                        env={**os.environ, "OMP_NUM_THREADS": "1"})
    ours = [line.split("\t") for line in table.splitlines()[2:]]
    print(f"\n{PLAYERS} players, {BUDGET} coalitions: mean squared error, ms of processor time")
    for game in arguments.games or sorted({row[0] for row in ours}):
        rows, _, _ = timed([python, __file__, "--estimate", work / "20" / f"{game}.json", "--seeds", arguments.seeds],
                           env={**os.environ, "OMP_NUM_THREADS": "1"})
        theirs = [line.split("\t") for line in rows.splitlines()]
        for _, index, order, *_ in [row for row in ours if row[0] == game and row[3] == "truth"]:
            print(f"\n{game}: {index} of order {order}")
            for row in ours:
                if row[:3] == [game, index, order] and row[3] != "truth":
                    label = f"hyperego {row[3]}" + (", sparse search" if row[4] == "yes" else "")
                    print(f"  {label:44}" + ("  ".join(row[5:]) if len(row) < 8 else f"{float(row[5]):10.3g} {float(row[7]):9.1f}"))
            for row in theirs:
                if row[:2] == [index, order]:
                    numbers = row[3] if len(row) < 5 else f"{float(row[3]):10.3g} {float(row[4]):9.1f}"
                    print(f"  {'shapiq ' + row[2]:44}{numbers}", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", type=pathlib.Path, default=HERE.parents[1] / "build" / "release")
    parser.add_argument("--work", type=pathlib.Path, default=HERE.parents[1] / "build" / "peers-shapiq")
    parser.add_argument("--games", type=lambda text: text.split(","))
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--skip-exact", action="store_true")
    parser.add_argument("--exact", help=argparse.SUPPRESS)
    parser.add_argument("--estimate", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.exact:
        return exact(arguments.exact)
    if arguments.estimate:
        return estimate(arguments.estimate, arguments.seeds)
    arguments.work.mkdir(parents=True, exist_ok=True)
    python = environment(arguments.work)
    if not arguments.skip_exact:
        compare_exact(arguments, python, arguments.work)
    compare_estimators(arguments, python, arguments.work)


if __name__ == "__main__":
    sys.exit(main())
