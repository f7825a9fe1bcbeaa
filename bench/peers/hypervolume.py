"""Times (processor time) moocore's exact hypervolume on sets drawn as in bench/hypervolume.cpp.

    python3 -m venv venv && venv/bin/pip install -r bench/peers/requirements.txt
    venv/bin/python bench/peers/hypervolume.py
"""

import time

import moocore
import numpy as np


def draw(front, objectives, count, rng):
    if front == "simplex":
        points = rng.exponential(size=(count, objectives))
        return points / points.sum(axis=1, keepdims=True)
    points = np.abs(rng.normal(size=(count, objectives)))
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    return 1 - points if front == "convex" else points


def milliseconds(sets, reference):
    for points in sets:
        moocore.hypervolume(points, ref=reference)
    repeats, start = 0, time.process_time()
    while time.process_time() - start < 0.5:
        for points in sets:
            moocore.hypervolume(points, ref=reference)
        repeats += len(sets)
    return 1e3 * (time.process_time() - start) / repeats


def main():
    for front in ("sphere", "simplex", "convex"):
        for objectives, count in ((2, 1000), (3, 1000), (4, 500), (5, 300), (6, 200), (7, 150), (8, 100)):
            rng = np.random.default_rng(1)
            sets = [draw(front, objectives, count, rng) for _ in range(5)]
            print(f"{front:8} {objectives} {count:5} {milliseconds(sets, np.full(objectives, 1.1)):10.3f} ms", flush=True)


if __name__ == "__main__":
    main()
