"""A sampler for Optuna 4 and 5: hpi-parego for functions that spell out their space while they run.

::

    sampler = HpiParEgoSampler(n_trials=60, seed=1)
    study = optuna.create_study(directions=["minimize", "maximize"], sampler=sampler)
    study.optimize(objective, n_trials=60)
"""

from __future__ import annotations

import json
import threading
import zlib
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .._log import log
from .._missing import needed
from ..errors import InvalidInput
from ..objectives import Constraint, Objective
from ..space import SpaceLike
from ..study import Study, Trial

needed("optuna", "optuna", "hyperego.integration.optuna")

from optuna.samplers import BaseSampler, RandomSampler  # noqa: E402
from optuna.study import StudyDirection  # noqa: E402
from optuna.trial import FrozenTrial, TrialState  # noqa: E402

from ._define_by_run import SearchSpace, given_space, learned_space  # noqa: E402

if TYPE_CHECKING:
    import optuna
    from optuna.distributions import BaseDistribution

__all__ = ["DECISION", "STATE", "SUGGESTED", "HpiParEgoSampler"]

DECISION = "hyperego:decision"
"""System attribute of a trial: why it was suggested, as a line of decisions.jsonl with Optuna's values."""
SUGGESTED = "hyperego:suggested"
"""System attribute of a trial: the parameters that were suggested, whether its function asks for them or not."""
STATE = "hyperego:state"
"""System attribute of a trial: what the optimizer remembers of it (fitted parameters, what was free), and for which problem."""

_CONSTRAINTS = "constraints"  # Optuna's own system attribute; its 5.x has "constraints:NAME" as well
_EVALUATED = (TrialState.COMPLETE, TrialState.PRUNED)


class HpiParEgoSampler(BaseSampler):
    """Suggests what hyperego's optimizer suggests after the trials that are in the study's storage.

    The search space is the union of what the trials so far had. A parameter that some of them lack becomes conditional on
    the categorical whose values tell presence from absence without exception (or on a threshold of an integer); where
    there is none such it is sampled independently. Any number of objectives; maximised values, failed and running trials
    (of other threads and processes too) and constraints are taken for what they are. A pruned trial counts with its last
    intermediate value.

    All that a suggestion depends on is in the storage: another sampler with the same arguments goes on with the same
    suggestions. Asked one after the other in a given space they are those of :class:`hyperego.Study`, to the bit.

    Args:
        n_trials: the budget that schedules are relative to; the study may go on after it.
        seed: ≥ 0.
        space: what :class:`hyperego.Space` takes, where nothing is to be guessed. The function must ask for the same
            kinds: ordinals and constants by suggest_categorical.
        options: of the optimizer (docs/optimizer-options.md); ``name`` chooses another than hpi-parego.
        learn_conditions: False: parameters that some trials lack are sampled independently.
        independent_sampler: for those parameters and the first trial; None: at random, by seed, trial and name.
        constraints_func: takes the trial that has ended and returns numbers; any above 0 makes it infeasible.

    Raises:
        TypeError: an argument of a wrong type, naming it.
        InvalidInput: a number out of range; a space, or at the first suggestion an option, that makes no sense.
    """

    def __init__(
        self,
        *,
        n_trials: int,
        seed: int,
        space: SpaceLike | None = None,
        options: Mapping[str, Any] | None = None,
        learn_conditions: bool = True,
        independent_sampler: BaseSampler | None = None,
        constraints_func: Callable[[FrozenTrial], Sequence[float]] | None = None,
    ) -> None:
        for name, number, least in (("n_trials", n_trials, 1), ("seed", seed, 0)):
            if isinstance(number, bool) or not isinstance(number, int):
                raise TypeError(f"{name}: expected a whole number, found {type(number).__qualname__}")
            if number < least:
                raise InvalidInput(f"{name}: must be at least {least}, found {number}", name)
        if options is not None and not isinstance(options, Mapping):
            raise TypeError(f"options: expected a dict, found {type(options).__qualname__}")
        if independent_sampler is not None and not isinstance(independent_sampler, BaseSampler):
            found = type(independent_sampler).__qualname__
            raise TypeError(f"independent_sampler: expected a sampler of Optuna, found {found}")
        self._n_trials = n_trials
        self._seed = seed
        self._given = None if space is None else given_space(space)
        self._optimizer: dict[str, Any] = {"name": "hpi-parego", **(options or {})}
        self._learn_conditions = learn_conditions
        self._independent = independent_sampler
        self._constraints_func = constraints_func
        self._lock = threading.Lock()

    def infer_relative_search_space(self, study: optuna.Study, trial: FrozenTrial) -> dict[str, BaseDistribution]:
        """The union of what the evaluated trials had; empty before there is one, unless the space was given."""
        search = self._search_space(study.get_trials(deepcopy=False))
        return {} if search is None else dict(search.distributions)

    def sample_relative(
        self, study: optuna.Study, trial: FrozenTrial, search_space: dict[str, BaseDistribution]
    ) -> dict[str, Any]:
        """The active parameters of the next suggestion."""
        if not search_space:
            return {}
        with self._lock:  # so that every thread sees the suggestions of the others
            trials = [t for t in study.get_trials(deepcopy=False) if t.number != trial.number]
            search = self._search_space(trials)
            twin = None if search is None else self._replayed(study, search, trials)
            asked = None if twin is None else twin.ask()
            if search is None or twin is None or asked is None:
                log.info("trial %d: nothing is left to try; it is sampled independently", trial.number)
                return {}
            params = {n: v for n, v in search.params_of(asked.config).items() if n in search_space}
            study._storage.set_trial_system_attr(trial._trial_id, SUGGESTED, params)
            study._storage.set_trial_system_attr(trial._trial_id, DECISION, _decision(asked, search, trial.number))
            if asked.state is not None:
                remembered: Any = {"problem": _digest(twin), "state": asked.state}
                study._storage.set_trial_system_attr(trial._trial_id, STATE, remembered)
        return params

    def sample_independent(
        self, study: optuna.Study, trial: FrozenTrial, param_name: str, param_distribution: BaseDistribution
    ) -> Any:
        """A parameter that the space does not hold (yet)."""
        sampler = self._independent
        if sampler is None:
            sampler = RandomSampler(zlib.crc32(f"{self._seed}/{trial.number}/{param_name}".encode()))
        return sampler.sample_independent(study, trial, param_name, param_distribution)

    def before_trial(self, study: optuna.Study, trial: FrozenTrial) -> None:
        if self._independent is not None:
            self._independent.before_trial(study, trial)

    def after_trial(
        self, study: optuna.Study, trial: FrozenTrial, state: TrialState, values: Sequence[float] | None
    ) -> None:
        """Evaluates the constraints, which Optuna keeps with the trial."""
        if self._constraints_func is not None and state in _EVALUATED:
            constraints = None
            try:
                constraints = tuple(float(value) for value in self._constraints_func(trial))
            finally:
                study._storage.set_trial_system_attr(trial._trial_id, _CONSTRAINTS, constraints)
        if self._independent is not None:
            self._independent.after_trial(study, trial, state, values)

    def reseed_rng(self) -> None:
        """Nothing of ours, as there is no state; that of the independent sampler."""
        if self._independent is not None:
            self._independent.reseed_rng()

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if name != "_lock"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state, _lock=threading.Lock())

    def _search_space(self, trials: Sequence[FrozenTrial]) -> SearchSpace | None:
        if self._given is not None:
            return self._given
        evaluated = [t for t in trials if t.state in _EVALUATED]
        if not evaluated:
            return None
        seen = [t.distributions for t in evaluated]
        search = learned_space([t.params for t in evaluated], seen, self._learn_conditions)
        return search if search.distributions else None

    def _replayed(self, study: optuna.Study, search: SearchSpace, trials: Sequence[FrozenTrial]) -> Study:
        """A study in memory that has been through the same."""
        constraints = {name: None for t in trials for name in _constraints_of(t)}
        twin = Study(
            search.space,
            _objectives(study, {*search.distributions, *constraints}),
            n_trials=max(self._n_trials, len(trials) + 1),
            seed=self._seed,
            optimizer=self._optimizer,
            constraints=[Constraint(name, upper=0.0) for name in constraints],
            max_failures=None,
        )
        digest = _digest(twin)
        for trial in trials:
            _replay(twin, trial, search, list(constraints), digest)
        return twin


def _digest(twin: Study) -> int:
    """Of what a remembered state is good for: another problem has other parameters."""
    specification = {key: value for key, value in twin.specification.items() if key != "limits"}
    return zlib.crc32(json.dumps(specification).encode())


def _replay(twin: Study, trial: FrozenTrial, search: SearchSpace, constraints: Sequence[str], digest: int) -> None:
    """As if the twin had suggested it: trials keep their numbers, of which designs and random streams are functions."""
    suggested = trial.system_attrs.get(SUGGESTED, {})
    # A trial may have ended, or stand, before all was asked for, or have what it need not have.
    candidates = (search.config_of(params) for params in ({**suggested, **trial.params}, trial.params, suggested))
    config = next((config for config in candidates if config is not None), None)
    remembered = trial.system_attrs.get(STATE, {})
    state = remembered.get("state") if remembered.get("problem") == digest else None
    asked = twin.replay(search.space.sample(1, seed=trial.number)[0] if config is None else config, state)
    if config is None:  # of no known place: another pends in its stead
        return
    if trial.state in _EVALUATED and trial.values is not None:
        measured = _constraints_of(trial)
        if all(name in measured for name in constraints):
            twin.tell(asked, list(trial.values), constraints=[measured[name] for name in constraints] or None)
        else:
            twin.tell(asked, status="infeasible")
    elif trial.state.is_finished():
        twin.tell(asked, status="failed")


def _constraints_of(trial: FrozenTrial) -> dict[str, float]:
    """By name; feasible where ≤ 0."""
    listed = trial.system_attrs.get(_CONSTRAINTS) or ()
    named = {key: value for key, value in trial.system_attrs.items() if key.startswith(f"{_CONSTRAINTS}:")}
    return {**{f"{_CONSTRAINTS}:{i}": value for i, value in enumerate(listed)}, **named}


def _objectives(study: optuna.Study, taken: set[str]) -> list[Objective]:
    """With the names of the study's metrics where it has any that are fit."""
    given = study.metric_names
    names = list(given) if given is not None else []
    if len({*names} - taken) < len(study.directions):
        names = [f"values_{i}" if f"values_{i}" not in taken else f"objective:{i}" for i in range(len(study.directions))]
    return [
        Objective(name, "maximize" if direction == StudyDirection.MAXIMIZE else "minimize")
        for name, direction in zip(names, study.directions, strict=True)
    ]


def _decision(asked: Trial, search: SearchSpace, number: int) -> dict[str, Any]:
    """With Optuna's values and number in place of ours."""
    details = dict(asked.decision.details)
    for member in ("frozen", "configuration"):
        if isinstance(details.get(member), dict):
            details[member] = search.params_of(details[member])
    return {**details, "trial": number}
