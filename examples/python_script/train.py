#!/usr/bin/env python3
"""Fits a polynomial to noisy points by stochastic gradient descent; standard library only.

One trial of a study: the configuration comes as JSON on stdin, the last line of stdout is the outcome.
"""
import json
import math
import random
import sys


def points(count, seed):
    stream = random.Random(seed)
    xs = [stream.uniform(-1, 1) for _ in range(count)]
    return [(x, math.sin(4 * x) + stream.gauss(0, 0.1)) for x in xs]


def features(x, degree):
    """Chebyshev polynomials: powers of x would be nearly collinear."""
    values = [1.0, x]
    while len(values) <= degree:
        values.append(2 * x * values[-1] - values[-2])
    return values[: degree + 1]


def fit(training, degree, rate, decay, penalty, epochs, seed):
    weights = [0.0] * (degree + 1)
    stream = random.Random(seed)
    for epoch in range(epochs):
        step = rate / (1 + decay * epoch)
        stream.shuffle(training)
        for x, y in training:
            row = features(x, degree)
            error = sum(w * v for w, v in zip(weights, row)) - y
            weights = [w - step * (error * v + penalty * w) for w, v in zip(weights, row)]
    return weights


def mean_squared_error(weights, data):
    degree = len(weights) - 1
    return sum((sum(w * v for w, v in zip(weights, features(x, degree))) - y) ** 2 for x, y in data) / len(data)


request = json.load(sys.stdin)
c = request["configuration"]
weights = fit(points(200, 1), c["degree"], c["learning_rate"], c["decay"], c["l2"], c["epochs"], request["seed"])
error = mean_squared_error(weights, points(200, 2))
if not math.isfinite(error):
    sys.exit("the weights have left for infinity: learning_rate is too large")  # a failed trial, with the reason
print(json.dumps({"error": error, "multiplications": c["epochs"] * (c["degree"] + 1)}))
