"""pymoo: NSGA-II with its operators for mixed variables; inactive hyperparameters are left out of what is evaluated."""

from pymoo.algorithms.moo.nsga2 import RankAndCrowdingSurvival
from pymoo.core.evaluator import Evaluator
from pymoo.core.mixed import MixedVariableGA
from pymoo.core.population import Population
from pymoo.core.problem import Problem
from pymoo.core.variable import Choice, Integer, Real
from pymoo.problems.static import StaticProblem

import math

import numpy as np

from space import Space, choices

FAILED = 1e30


def variable(h):
    if choices(h) is not None:
        return Choice(options=choices(h))
    low, high = h["lower"], h["upper"]
    if h.get("log", False):
        return Real(bounds=(math.log(low), math.log(high)))
    return Integer(bounds=(low, high)) if "int" in h["type"] else Real(bounds=(low, high))


def value(h, x):
    if choices(h) is not None:
        return x
    if h.get("log", False):
        x = math.exp(x)
    if "int" in h["type"]:
        return int(min(max(round(x), h["lower"]), h["upper"]))
    return min(max(float(x), h["lower"]), h["upper"])


def code(h, v):
    return math.log(v) if h.get("log", False) else v


def play(task, label):
    space = Space(task.space)
    searched = {n: h for n, h in space.hyperparameters.items() if h["type"] != "constant"}
    problem = Problem(vars={n: variable(h) for n, h in searched.items()}, n_obj=len(task.names))
    default = {n: code(h, h.get("default_value", h.get("default"))) for n, h in searched.items()}
    start = [{n: code(searched[n], c[n]) if n in c else default[n] for n in searched} for c in task.initial]
    algorithm = MixedVariableGA(pop_size=20, survival=RankAndCrowdingSurvival(),
                                sampling=Population.new(X=np.array(start, dtype=object)))
    algorithm.setup(problem, termination=("n_eval", task.trials), seed=task.seed)
    while task.done < task.trials:
        population = algorithm.ask()
        results = []
        for x in population.get("X"):
            values = task.evaluate(space.walk(lambda h: value(h, x[h["name"]])))
            results.append(values if values is not None else [FAILED] * len(task.names))
        Evaluator().eval(StaticProblem(problem, F=np.array(results)), population)
        algorithm.tell(infills=population)
