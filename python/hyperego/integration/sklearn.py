"""A search with cross-validation for scikit-learn, with as many objectives as there are scorers.

::

    space = {"C": (1e-3, 1e3, "log"), "kernel": ["linear", "rbf"], "gamma": Float(1e-4, 1.0, log=True, when={"kernel": "rbf"})}
    search = HyperegoSearchCV(SVC(), space, scoring=["accuracy", "fit_time"], refit="knee", random_state=1).fit(X, y)
    search.front_
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from .._log import log
from .._missing import needed
from ..errors import InvalidInput
from ..objectives import Objective
from ..space import Config, Space, SpaceLike
from ..study import Study

needed("sklearn", "sklearn", "hyperego.integration.sklearn")
needed("pandas", "sklearn", "the front of a search")

from sklearn.model_selection._search import BaseSearchCV  # noqa: E402
from sklearn.utils import check_random_state  # noqa: E402

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["HyperegoSearchCV"]

_TIMES = ("fit_time", "score_time")
_Evaluate = Callable[[list[Config]], Mapping[str, Any]]


class HyperegoSearchCV(BaseSearchCV):  # type: ignore[misc]  # scikit-learn has no types
    """Cross-validated search, in which every scorer is an objective.

    Scores are maximised. A candidate that fails on some fold is a failed trial; one that fails on all of them has no row in
    ``cv_results_``. Inactive hyperparameters keep the estimator's own values.

    Args:
        estimator: of scikit-learn.
        param_space: what :class:`hyperego.Space` takes; names are those of ``estimator.set_params``.
        n_iter: candidates.
        scoring: as in scikit-learn: a name or callable (one objective, or several where it returns a dict), a list of
            names or a dict of scorers. Lists and dicts may also name "fit_time" and "score_time", mean seconds a fold,
            which are minimised; measured times make a search depend on the machine.
        n_jobs: fits at the same time: folds × ``batch_size``.
        refit: as in scikit-learn: True with one scorer, a scorer's name, a callable of ``cv_results_`` that returns an
            index, or False; or "knee": the candidate on the front with the least sum of objectives, each scaled to [0, 1]
            over the front.
        cv, verbose, pre_dispatch, error_score, return_train_score: as in scikit-learn.
        random_state: of the search.
        optimizer: a name, or a dict with options (docs/optimizer-options.md).
        batch_size: candidates that are asked for, and evaluated, together.

    Attributes:
        study_: the :class:`hyperego.Study`. It is left out where the search is pickled.
        front_: the candidates that no other dominates: ``candidate`` (row of ``cv_results_``), hyperparameters, objectives.

    Further attributes are scikit-learn's: ``cv_results_``, ``best_index_``, ``best_params_``, ``best_estimator_``, …

    Raises:
        InvalidInput: a space or option that makes no sense; times without a scorer.
        ValueError: by scikit-learn; also where all fits of all candidates fail.
    """

    study_: Study
    front_: pd.DataFrame
    scoring: Any
    refit: Any

    def __init__(
        self,
        estimator: Any,
        param_space: SpaceLike,
        *,
        n_iter: int = 50,
        scoring: Any = None,
        n_jobs: int | None = None,
        refit: Any = True,
        cv: Any = None,
        verbose: int = 0,
        pre_dispatch: int | str = "2*n_jobs",
        random_state: Any = None,
        error_score: Any = np.nan,
        return_train_score: bool = False,
        optimizer: str | Mapping[str, Any] = "hpi-parego",
        batch_size: int = 1,
    ) -> None:
        super().__init__(
            estimator=estimator,
            scoring=scoring,
            n_jobs=n_jobs,
            refit=refit,
            cv=cv,
            verbose=verbose,
            pre_dispatch=pre_dispatch,
            error_score=error_score,
            return_train_score=return_train_score,
        )
        self.param_space = param_space
        self.n_iter = n_iter
        self.random_state = random_state
        self.optimizer = optimizer
        self.batch_size = batch_size

    def fit(self, X: Any, y: Any = None, **params: Any) -> HyperegoSearchCV:
        """Searches, and refits the best candidate on all data unless ``refit`` is False."""
        given = self.scoring, self.refit
        self._named = _names(self.scoring)
        try:
            # scikit-learn's fit() knows neither times nor the knee.
            self.scoring = _scorers(self.scoring)
            if isinstance(self.refit, str) and self.refit == "knee":
                self.refit = _Knee(self)
            super().fit(X, y, **params)
        finally:
            self.scoring, self.refit = given
        return self

    def score(self, X: Any, y: Any = None, **params: Any) -> float:
        """Of the refitted estimator: by the scorer that ``refit`` names, else by the first one."""
        twin = self
        if getattr(self, "multimetric_", False) and (self.refit == "knee" or callable(self.refit)):
            twin = copy.copy(self)
            twin.refit = next(name for name in self._named if name not in _TIMES)
        return float(super(HyperegoSearchCV, twin).score(X, y, **params))

    def _run_search(self, evaluate_candidates: _Evaluate) -> None:
        space = self.param_space if isinstance(self.param_space, Space) else Space(self.param_space)
        self._rows: dict[int, int] = {}
        self._failure: ValueError | None = None
        first = None
        if not self._named:  # a callable, which says what it returns when it is called
            first = evaluate_candidates([space.default])
            prefix = "mean_test_"
            self._named = [name.removeprefix(prefix) for name in first if name.startswith(prefix)]
        self.study_ = self._new_study(space)
        if first is not None:
            self._rows[self.study_.add(space.default, self._values(first, 0)).number] = 0
        while trials := self.study_.ask(self.batch_size):
            results = self._evaluated(evaluate_candidates, [trial.config for trial in trials])
            row = len(self._rows)
            for i, trial in enumerate(trials):
                if results is None:
                    self.study_.tell(trial, status="failed", message="all fits failed")
                else:
                    self._rows[trial.number] = row + i
                    self.study_.tell(trial, self._values(results, row + i))
        if not self._rows and self._failure is not None:
            raise self._failure
        self.front_ = self.study_.front.rename(columns={"trial": "candidate"})
        self.front_["candidate"] = [self._rows[number] for number in self.front_["candidate"]]

    def _new_study(self, space: Space) -> Study:
        seed = self.random_state
        if not isinstance(seed, int):
            seed = int(check_random_state(seed).randint(2**31 - 1))
        objectives = [Objective(name, "minimize" if name in _TIMES else "maximize") for name in self._named]
        return Study(
            space, objectives, n_trials=self.n_iter, seed=seed, optimizer=self.optimizer, max_failures=None, name="search"
        )

    def _evaluated(self, evaluate_candidates: _Evaluate, configs: list[Config]) -> Mapping[str, Any] | None:
        """The results so far; None where every fit of these failed, which scikit-learn takes for the end."""
        try:
            return evaluate_candidates(configs)
        except ValueError as error:
            if self.error_score == "raise" or "fits failed" not in str(error):
                raise
            log.warning("all fits of %s failed", configs)
            self._failure = error
            return None

    def _values(self, results: Mapping[str, Any], row: int) -> dict[str, float]:
        return {name: float(results[_column(name)][row]) for name in self._named}

    def _knee(self, results: Mapping[str, Any]) -> int:
        """Of the front: the least sum of objectives, each scaled to [0, 1] over the front."""
        rows = [self._rows[member["trial"]] for member in self.study_.status["front"]]
        if not rows:
            raise InvalidInput("refit: there is no knee, as no candidate was evaluated on all folds", "refit")
        losses = np.array([[(1 if n in _TIMES else -1) * results[_column(n)][row] for n in self._named] for row in rows])
        span = np.ptp(losses, axis=0)
        return int(rows[int(np.argmin(((losses - losses.min(axis=0)) / np.where(span > 0, span, 1)).sum(axis=1)))])

    def __getstate__(self) -> Any:
        state = dict(super().__getstate__())
        state.pop("study_", None)
        return state


class _Knee:
    """``refit`` as a callable. Prints and pickles as the text it stands for."""

    def __init__(self, search: HyperegoSearchCV) -> None:
        self._search = search

    def __call__(self, results: Mapping[str, Any]) -> int:
        return self._search._knee(results)

    def __repr__(self) -> str:
        return "'knee'"

    def __reduce__(self) -> Any:
        return str, ("knee",)


def _column(name: str) -> str:
    """Of cv_results_."""
    return f"mean_{name}" if name in _TIMES else f"mean_test_{name}"


def _names(scoring: Any) -> list[str]:
    """Of the objectives; empty for a callable."""
    if scoring is None or isinstance(scoring, str):
        return ["score"]
    return [] if callable(scoring) else list(scoring)


def _scorers(scoring: Any) -> Any:
    """Without times."""
    if scoring is None or isinstance(scoring, str) or callable(scoring):
        if scoring in _TIMES:
            raise InvalidInput(f"scoring: {scoring} needs a scorer beside it", "scoring")
        return scoring
    if not isinstance(scoring, (list, tuple, set, dict)):
        return scoring
    names = [name for name in scoring if name not in _TIMES]
    if not names:
        raise InvalidInput("scoring: times need a scorer beside them", "scoring")
    return {name: scoring[name] for name in names} if isinstance(scoring, dict) else names
