from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest

import hyperego
from hyperego import Float, InvalidInput

pytest.importorskip("sklearn", reason="SKIPPED: scikit-learn is not installed")

from sklearn.base import BaseEstimator, ClassifierMixin, clone  # noqa: E402
from sklearn.datasets import make_classification  # noqa: E402
from sklearn.exceptions import FitFailedWarning  # noqa: E402
from sklearn.linear_model import Ridge  # noqa: E402
from sklearn.svm import SVC  # noqa: E402

from hyperego.integration.sklearn import HyperegoSearchCV  # noqa: E402

X, Y = make_classification(n_samples=90, n_features=6, random_state=0)
SPACE = {
    "C": (1e-3, 1e3, "log"),
    "kernel": ["linear", "rbf"],
    "gamma": Float(1e-4, 1.0, log=True, when={"kernel": "rbf"}),
}


def search(**more: Any) -> HyperegoSearchCV:
    arguments: dict[str, Any] = {"n_iter": 12, "cv": 3, "random_state": 1} | more
    return HyperegoSearchCV(SVC(), SPACE, **arguments)


def scaled(column: Any) -> Any:
    return (column - column.min()) / (np.ptp(column) or 1)


def test_one_objective() -> None:
    found = search().fit(X, Y)
    scores = found.cv_results_["mean_test_score"]
    assert len(scores) == 12 and found.best_score_ == scores.max() > 0.8
    assert found.best_index_ == scores.argmax()
    assert found.predict(X).shape == Y.shape and found.score(X, Y) > 0.8
    assert list(found.study_.trials["score"]) == list(scores)
    assert found.front_["score"].max() == scores.max()
    for params in found.cv_results_["params"]:
        assert ("gamma" in params) == (params["kernel"] == "rbf")
    again = search().fit(X, Y)
    assert again.cv_results_["params"] == found.cv_results_["params"]
    assert search(random_state=2).fit(X, Y).cv_results_["params"] != found.cv_results_["params"]


def test_several_scorers_are_several_objectives() -> None:
    found = search(scoring={"recall": "recall", "precision": "precision"}, refit="recall").fit(X, Y)
    assert found.study_.objectives == ["recall", "precision"]
    assert {o["direction"] for o in found.study_.specification["objectives"]} == {"maximize"}
    results = found.cv_results_
    assert found.best_index_ == results["mean_test_recall"].argmax()
    assert found.score(X, Y) == found.scorer_["recall"](found.best_estimator_, X, Y)
    for row in found.front_.itertuples():
        assert row.recall == results["mean_test_recall"][row.candidate]
        better = (results["mean_test_recall"] >= row.recall) & (results["mean_test_precision"] > row.precision)
        assert not better.any()


def test_times_and_the_knee() -> None:
    found = search(scoring=["accuracy", "fit_time"], refit="knee").fit(X, Y)
    assert found.study_.objectives == ["accuracy", "fit_time"]
    assert found.study_.specification["objectives"][1]["direction"] == "minimize"
    assert found.refit == "knee" and found.scoring == ["accuracy", "fit_time"]
    front = found.front_.set_index("candidate")
    assert list(front["fit_time"]) == [found.cv_results_["mean_fit_time"][i] for i in front.index]
    assert found.best_index_ == (scaled(-front["accuracy"]) + scaled(front["fit_time"])).idxmin()
    assert found.best_params_ == found.cv_results_["params"][found.best_index_]
    assert found.score(X, Y) == (found.predict(X) == Y).mean()
    with pytest.raises(InvalidInput, match="scoring: times need a scorer"):
        search(scoring=["fit_time"], refit=False).fit(X, Y)


def test_callables() -> None:
    def scores(estimator: Any, data: Any, truth: Any) -> dict[str, float]:
        return {"accuracy": (estimator.predict(data) == truth).mean(), "simplicity": -estimator.C}

    found = search(scoring=scores, refit=lambda results: int(results["mean_test_simplicity"].argmax())).fit(X, Y)
    assert found.study_.objectives == ["accuracy", "simplicity"]
    assert len(found.cv_results_["params"]) == len(found.study_.trials) == 12
    assert found.best_params_["C"] == min(p["C"] for p in found.cv_results_["params"])
    knee = search(scoring=scores, refit="knee").fit(X, Y)
    front = knee.front_.set_index("candidate")
    assert len(front) >= 3
    assert knee.best_index_ == (scaled(-front["accuracy"]) + scaled(-front["simplicity"])).idxmin()
    assert knee.score(X, Y) == (knee.predict(X) == Y).mean()


class Fragile(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    def __init__(self, x: float = 0.0) -> None:
        self.x = x

    def fit(self, data: Any, truth: Any) -> Fragile:
        if self.x > 0.6:
            raise ValueError("too large")
        self.classes_ = np.unique(truth)
        return self

    def predict(self, data: Any) -> Any:
        return np.where(data[:, 0] > self.x, 1, 0)


@pytest.mark.filterwarnings("ignore:One or more of the test scores are non-finite")
def test_candidates_that_fail_are_failed_trials() -> None:
    fragile = HyperegoSearchCV(Fragile(), {"x": (0.0, 1.0)}, n_iter=12, cv=3, random_state=1).fit(X, Y)
    statuses = fragile.study_.trials["status"].value_counts()
    assert statuses["failed"] >= 1 and statuses.sum() == 12
    assert len(fragile.cv_results_["params"]) == statuses["completed"]
    assert all(p["x"] <= 0.6 for p in fragile.cv_results_["params"])
    by_trial = fragile.study_.trials.query("status == 'completed'")
    assert list(by_trial["x"]) == [p["x"] for p in fragile.cv_results_["params"]]
    for row in fragile.front_.itertuples():
        assert fragile.cv_results_["params"][row.candidate]["x"] == row.x
    together = HyperegoSearchCV(Fragile(), {"x": (0.0, 1.0)}, n_iter=12, cv=3, random_state=1, batch_size=6)
    with pytest.warns(FitFailedWarning):
        together.fit(X, Y)
    assert len(together.cv_results_["params"]) == 12
    with pytest.raises(ValueError, match="fits failed"):
        HyperegoSearchCV(Fragile(), {"x": (0.7, 1.0)}, n_iter=3, cv=3).fit(X, Y)
    with pytest.raises(ValueError, match="too large"):
        HyperegoSearchCV(Fragile(), {"x": (0.7, 1.0)}, n_iter=3, cv=3, error_score="raise").fit(X, Y)


def test_clones_and_pickles() -> None:
    found = search(n_jobs=2, batch_size=2, refit="knee").fit(X, Y)
    assert found.best_index_ == found.cv_results_["mean_test_score"].argmax()
    assert found.cv_results_["params"] == search(batch_size=2).fit(X, Y).cv_results_["params"]
    back = pickle.loads(pickle.dumps(found))
    assert (back.predict(X) == found.predict(X)).all() and back.front_.equals(found.front_)
    assert not hasattr(back, "study_")
    assert not hasattr(clone(found), "cv_results_")


def test_regression_and_misuse() -> None:
    found = HyperegoSearchCV(Ridge(), {"alpha": (1e-3, 1e3, "log")}, n_iter=6, scoring="r2", random_state=0).fit(X, X[:, 0])
    assert found.best_score_ > 0.9
    with pytest.raises(hyperego.InvalidInput, match="gamm"):
        HyperegoSearchCV(SVC(), {"C": Float(1.0, 2.0, when={"gamm": 1})}, n_iter=2).fit(X, Y)
    with pytest.raises(ValueError, match="n_iter|n_trials|trials"):
        search(n_iter=0).fit(X, Y)
