"""BoTorch: ParEGO (qLogNEI of a random Chebyshev scalarisation) and qLogNEHVI on Gaussian processes, one trial at a time.

The space as the GP sees it: the unit cube, categories by their number with a Hamming kernel, inactive hyperparameters at
their defaults."""

import math
import warnings

import torch
from botorch.acquisition.logei import qLogNoisyExpectedImprovement
from botorch.acquisition.multi_objective.logei import qLogNoisyExpectedHypervolumeImprovement
from botorch.acquisition.objective import GenericMCObjective
from botorch.fit import fit_gpytorch_mll
from botorch.models import MixedSingleTaskGP, ModelListGP, SingleTaskGP
from botorch.models.transforms import Standardize
from botorch.optim import optimize_acqf, optimize_acqf_mixed_alternating
from botorch.utils.multi_objective.hypervolume import infer_reference_point
from botorch.utils.multi_objective.pareto import is_non_dominated
from botorch.utils.multi_objective.scalarization import get_chebyshev_scalarization
from botorch.utils.sampling import sample_simplex
from gpytorch.mlls import SumMarginalLogLikelihood

from space import Space, choices

warnings.simplefilter("ignore")
torch.set_default_dtype(torch.double)
torch.set_num_threads(1)


class Cube:
    def __init__(self, json):
        self.space = Space(json)
        self.searched = [h for h in self.space.hyperparameters.values() if h["type"] != "constant"]
        self.categorical = [i for i, h in enumerate(self.searched) if choices(h) is not None]
        self.bounds = torch.tensor([[0.0, float(len(choices(h)) - 1) if choices(h) is not None else 1.0]
                                    for h in self.searched]).T

    def _unit(self, h, v):
        if choices(h) is not None:
            return float(choices(h).index(v))
        low, high = h["lower"], h["upper"]
        if h.get("log", False):
            return math.log(v / low) / math.log(high / low)
        return (v - low) / (high - low)

    def _value(self, h, u):
        if choices(h) is not None:
            return choices(h)[int(round(u))]
        low, high = h["lower"], h["upper"]
        v = low * (high / low) ** u if h.get("log", False) else low + u * (high - low)
        v = min(max(v, low), high)
        return int(round(v)) if "int" in h["type"] else v

    def encode(self, configuration):
        return torch.tensor([self._unit(h, configuration.get(h["name"], h.get("default_value"))) for h in self.searched])

    def decode(self, x):
        at = {h["name"]: float(u) for h, u in zip(self.searched, x)}
        return self.space.walk(lambda h: self._value(h, at[h["name"]]))


def fitted(cube, X, Y):
    def model(y):
        if cube.categorical:
            return MixedSingleTaskGP(X, y, cat_dims=cube.categorical, outcome_transform=Standardize(m=1))
        return SingleTaskGP(X, y, outcome_transform=Standardize(m=1))

    models = ModelListGP(*[model(Y[:, j:j + 1]) for j in range(Y.shape[1])])
    fit_gpytorch_mll(SumMarginalLogLikelihood(models.likelihood, models))
    return models


def play(task, label):
    torch.manual_seed(task.seed)
    cube = Cube(task.space)
    X, Y = [], []

    def evaluate(configuration):
        values = task.evaluate(configuration)
        if values is not None:
            X.append(cube.encode(configuration))
            Y.append([-v for v in values])

    for configuration in task.initial:
        evaluate(configuration)
    while task.done < task.trials:
        x, y = torch.stack(X), torch.tensor(Y)
        models = fitted(cube, x, y)
        if label == "botorch-qparego":
            weights = sample_simplex(y.shape[-1]).squeeze()
            objective = GenericMCObjective(get_chebyshev_scalarization(weights=weights, Y=y))
            acquisition = qLogNoisyExpectedImprovement(models, X_baseline=x, objective=objective, prune_baseline=True)
        else:
            reference = infer_reference_point(y[is_non_dominated(y)])
            acquisition = qLogNoisyExpectedHypervolumeImprovement(models, ref_point=reference.tolist(), X_baseline=x,
                                                                  prune_baseline=True)
        if cube.categorical:
            found, _ = optimize_acqf_mixed_alternating(acquisition, cube.bounds, q=1, num_restarts=6, raw_samples=256,
                                                       cat_dims={i: list(range(int(cube.bounds[1, i]) + 1))
                                                                 for i in cube.categorical})
        else:
            found, _ = optimize_acqf(acquisition, cube.bounds, q=1, num_restarts=6, raw_samples=256)
        evaluate(cube.decode(found.squeeze(0)))
