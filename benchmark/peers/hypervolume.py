"""Times (processor time) the exact hypervolume of moocore and of pagmo2 (pygmo) on sets drawn as in tests/speed/hypervolume.cpp.

    python3 -m venv venv && venv/bin/pip install -r benchmark/peers/requirements.txt
    venv/bin/python benchmark/peers/hypervolume.py
"""

import time

import moocore
import numpy as np
import pygmo


def draw(front, objectives, count, rng):
    if front == "simplex":
        points = rng.exponential(size=(count, objectives))
        return points / points.sum(axis=1, keepdims=True)
    points = np.abs(rng.normal(size=(count, objectives)))
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    return 1 - points if front == "convex" else points


PEERS = {
    "moocore": lambda points, reference: moocore.hypervolume(points, ref=reference),
    "pagmo2": lambda points, reference: pygmo.hypervolume(points).compute(reference),
}


def milliseconds(hypervolume, sets, reference):
    for points in sets:
        hypervolume(points, reference)
    repeats, start = 0, time.process_time()
    while time.process_time() - start < 0.5:
        for points in sets:
            hypervolume(points, reference)
        repeats += len(sets)
    return 1e3 * (time.process_time() - start) / repeats


def main():
    for front in ("sphere", "simplex", "convex"):
        for objectives, count in ((2, 1000), (3, 1000), (4, 500), (5, 300), (6, 200), (7, 150), (8, 100)):
            rng = np.random.default_rng(1)
            sets = [draw(front, objectives, count, rng) for _ in range(5)]
            for name, hypervolume in PEERS.items():
                time_ms = milliseconds(hypervolume, sets, np.full(objectives, 1.1))
                print(f"{front:8} {objectives} {count:5} {name:8} {time_ms:10.3f} ms", flush=True)


if __name__ == "__main__":
    main()
