"""Studies: asking, evaluating, telling, and the record of it all."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, overload

from . import _core
from ._labels import plain
from ._log import log
from .errors import HyperegoError, InvalidInput
from .objectives import Constraints, Objectives, constraints_json, objectives_json
from .results import Function, plain_values
from .reports import Report, report
from .space import Config, Space, SpaceLike
from .tables import decisions_frame, front_frame, trials_frame

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Decision", "Stopped", "Study", "Trial", "load", "optimize"]

_LIMITS = {"wall_s": float, "evaluation_s": float, "target_hypervolume": float, "stall_trials": int, "cost": float}


@dataclass(frozen=True)
class Decision:
    """Why a trial was suggested: the engine's explanation at the moment of asking.

    Attributes:
        reason: one sentence.
        phase: "initial", "full", "frozen", "hypervolume", "random", "repeat" or "fallback".
        weights: of the objectives in the scalarisation, summing to 1; empty where there was none.
        shapley: what tuning each hyperparameter can still gain for these weights; empty where no game was played.
        frozen: hyperparameters that the search could not change, with their values.
        details: all of it, as a line of decisions.jsonl.
    """

    reason: str
    phase: str
    weights: dict[str, float]
    shapley: dict[str, float]
    frozen: Config
    details: dict[str, Any] = field(repr=False)


@dataclass(frozen=True)
class Trial:
    """A configuration that is to be evaluated, and once told, how it ended.

    Attributes:
        number: from 0 in the order of asking.
        config: the values of the active hyperparameters.
        seed: for the evaluated function; below 2³¹, a function of the study's seed and the number.
        decision: why it was suggested; with an empty ``reason`` where that is not known.
        status: "waiting" until it has been told, then "completed", "infeasible", "failed", "timed_out" or "lost".
        values: objectives by name, once it is completed.
        message: why it failed, or what the function had to say.
        state: what :meth:`Study.replay` takes to go on elsewhere as after this suggestion; None where that is nothing.
        fidelity: how much of a full evaluation it is, in the units of the study's fidelity; None where the study has none.
        continues: the trial of the same configuration from whose checkpoint it goes on.
    """

    number: int
    config: Config
    seed: int
    decision: Decision = field(default_factory=lambda: Decision("", "", {}, {}, {}, {}))
    status: str = "waiting"
    values: dict[str, float] | None = None
    message: str = ""
    state: dict[str, Any] | None = field(default=None, repr=False, compare=False)
    fidelity: float | None = None
    continues: int | None = None
    _study: Study | None = field(default=None, repr=False, compare=False)

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_study": None}  # a study stays in its process

    def report(self, step: float, values: Any) -> bool:
        """Says what a waiting trial has reached on its way, and returns whether it is worth going on with.

        Args:
            step: how far it has come, in the units of the study's fidelity.
            values: all objectives, as for `Study.tell`.
        """
        if self._study is None:
            raise InvalidInput(f"trial {self.number}: reports go to the study that asked for it, in its process", "trial")
        return self._study._report(self, step, values)

    def should_stop(self) -> bool:
        """Whether the last report found that the trial is not worth going on with; tell it then with status="stopped"."""
        return self._study is not None and self.number in self._study._not_worth


class Stopped(NamedTuple):
    """Why a study ended: "trials", "wall_clock", "target_hypervolume", "stalled", "max_failures", "exhausted", …"""

    reason: str
    message: str


def _number(name: str, value: Any, kind: type) -> Any:
    value = plain(value)
    wanted = (int,) if kind is int else (int, float)
    if isinstance(value, bool) or not isinstance(value, wanted):
        expected = "a whole number" if kind is int else "a number"
        raise TypeError(f"{name}: expected {expected}, found {type(value).__qualname__}")
    return value


def _limits_json(n_trials: int, limits: Mapping[str, Any] | None) -> dict[str, Any]:
    json = {"trials": _number("n_trials", n_trials, int)}
    if limits is None:
        return json
    if not isinstance(limits, Mapping):
        raise TypeError(f"limits: expected a dict, found {type(limits).__qualname__}")
    for name, value in limits.items():
        if name == "trials":
            raise InvalidInput("limits/trials: is n_trials here; give it there", "limits/trials")
        json[name] = _number(f"limits/{name}", value, _LIMITS.get(name, float)) if value is not None else None
    return json


def _optimizer_json(optimizer: str | Mapping[str, Any]) -> Any:
    if isinstance(optimizer, str):
        return optimizer
    if isinstance(optimizer, Mapping):
        return dict(optimizer)
    raise TypeError(f"optimizer: expected a name or a dict with options, found {type(optimizer).__qualname__}")


def _directory_text(directory: str | os.PathLike[str] | None) -> str | None:
    if directory is None:
        return None
    if not isinstance(directory, (str, os.PathLike)):
        raise TypeError(f"directory: expected a path, found {type(directory).__qualname__}")
    return os.fspath(directory)


def _warm_starts(warm_start: Any) -> list[str]:
    if isinstance(warm_start, (str, os.PathLike, Study)):
        warm_start = [warm_start]
    paths = []
    for i, earlier in enumerate(warm_start):
        directory = earlier.directory if isinstance(earlier, Study) else earlier
        if not isinstance(directory, (str, os.PathLike)):
            raise TypeError(f"warm_start/{i}: expected a run directory or a study that has one")
        paths.append(os.path.abspath(directory))
    return paths


class Study:
    """A study in progress: an optimizer, what has happened so far, and a run directory unless it lives in memory.

    Threads may share it. With a directory every suggestion and every result is in the journal before it counts, as by the
    program, and ``hyperego status|explain|report DIR`` read it; opened again it goes on where it was. The same seed and
    the same study give the same suggestions as the program and C++, to the bit.

    Args:
        space: what :class:`Space` takes.
        objectives: ``["error", "cost"]``, ``{"error": "minimize", "accuracy": "maximize"}`` or :class:`Objective`.
        n_trials: ended trials that end the study; also the budget that schedules are relative to.
        directory: the run directory, made where it is not there.
        seed: ≥ 0.
        optimizer: a name, or ``{"name": …}`` with the options of docs/optimizer-options.md.
        constraints: ``{"memory": (None, 512)}`` or :class:`Constraint`.
        initial: configurations that are evaluated first.
        warm_start: run directories of earlier studies whose trials the models know from the start.
        limits: ``{"wall_s", "evaluation_s", "target_hypervolume", "stall_trials"}``, whichever comes first.
        max_failures: failed, timed-out and lost trials that end the study; None: no limit.
        name: of the study, in reports.
        fidelity: what trials may be less than full in: ``{"name", "range", "integer", "log", "training", "cost"}``.

    Raises:
        TypeError: a wrong type, naming the argument.
        InvalidInput: anything else that makes no sense; a directory that holds another study.
        StoreError: a directory that is in use, damaged, or cannot be written.
    """

    def __init__(
        self,
        space: SpaceLike,
        objectives: Objectives,
        *,
        n_trials: int = 100,
        directory: str | os.PathLike[str] | None = None,
        seed: int = 1,
        optimizer: str | Mapping[str, Any] = "hpi-parego",
        constraints: Constraints | None = None,
        initial: Iterable[Mapping[str, Any]] = (),
        warm_start: Iterable[Any] = (),
        limits: Mapping[str, Any] | None = None,
        max_failures: int | None = 20,
        name: str = "study",
        fidelity: Mapping[str, Any] | None = None,
    ) -> None:
        space = space if isinstance(space, Space) else Space(space)
        if not isinstance(name, str):
            raise TypeError(f"name: expected text, found {type(name).__qualname__}")
        specification = {
            "name": name,
            "space": space.to_json(),
            "objectives": objectives_json(objectives),
            "constraints": constraints_json(constraints),
            "evaluator": {"external": True},
            "initial_configurations": [space.to_core(c, f"initial/{i}") for i, c in enumerate(initial)],
            "warm_start": _warm_starts(warm_start),
            "optimizer": _optimizer_json(optimizer),
            "limits": _limits_json(n_trials, limits),
            "max_failures": None if max_failures is None else _number("max_failures", max_failures, int),
            "seed": _number("seed", seed, int),
        }
        if fidelity is not None:
            if not isinstance(fidelity, Mapping):
                raise TypeError(f"fidelity: expected a dict, found {type(fidelity).__qualname__}")
            specification["fidelity"] = dict(fidelity)
        core = _core.Study(specification, "study", os.getcwd(), _directory_text(directory))
        self._begin(space, core)

    def _begin(self, space: Space, core: _core.Study) -> None:
        self._space = space
        self._core = core
        self._specification = core.specification()
        self._objectives = [objective["name"] for objective in self._specification["objectives"]]
        self._constraints = [constraint["name"] for constraint in self._specification["constraints"]]
        self._not_worth: set[int] = set()
        self._loop = threading.Lock()
        self._stopping = threading.Event()
        for remark in core.remarks():
            log.warning("%s", remark)

    @property
    def core(self) -> _core.Study:
        """The study as C++ has it. Its configurations hold labels in place of objects."""
        return self._core

    @property
    def space(self) -> Space:
        return self._space

    @property
    def objectives(self) -> list[str]:
        """The objectives' names, in the study's order."""
        return list(self._objectives)

    @property
    def constraints(self) -> list[str]:
        """The constraints' names, in the study's order."""
        return list(self._constraints)

    @property
    def directory(self) -> str | None:
        """The run directory; None for a study in memory."""
        directory: str | None = self.status.get("directory")
        return directory

    @property
    def specification(self) -> dict[str, Any]:
        """study.json as run, with every default."""
        return self._core.specification()

    # Asking and telling

    @overload
    def ask(self) -> Trial | None: ...
    @overload
    def ask(self, n: int) -> list[Trial]: ...
    def ask(self, n: int | None = None) -> Trial | None | list[Trial]:
        """The next trial, or None once a limit is reached or nothing is left to try; with n a list of at most n of them.

        A trial is pending until it is told; suggestions take pending ones into account. O(t³) in t completed trials where a
        Gaussian process is fitted.
        """
        count = 1 if n is None else _number("n", n, int)
        if count < 1:
            raise InvalidInput(f"n: must be at least 1, found {count}", "n")
        asked = self._core.ask(count)
        trials = [self._trial(json) for json in asked["trials"]]
        if asked["limit"] is not None and len(trials) < count:
            log.info("%s", asked["limit"]["message"])
        if n is not None:
            return trials
        return trials[0] if trials else None

    @property
    def pending(self) -> list[Trial]:
        """Trials that were asked for and not told, by number; also those of an earlier process."""
        return [self._trial(json) for json in self._core.pending()]

    def tell(
        self,
        trial: Trial | int,
        values: Any = None,
        *,
        constraints: Any = None,
        status: str = "completed",
        message: str = "",
        seconds: float = 0.0,
    ) -> Trial:
        """The end of a pending trial. May be repeated with the same result.

        Args:
            trial: as asked for, or its number.
            values: a dict by objective (and constraint), a sequence in the study's order, or one number; raw direction.
                A value that is not finite makes the trial a failed one.
            constraints: values of the constraints, where they are not among ``values``.
            status: "completed", "infeasible", "failed", "timed_out" or "lost".
            seconds: how long the evaluation took.

        Raises:
            TypeError: a value that is no number, naming it.
            InvalidInput: an unknown or missing objective, a trial that was not asked for, or one that ended otherwise.
        """
        number = trial.number if isinstance(trial, Trial) else _number("trial", trial, int)
        if number < 0:
            raise InvalidInput(f"trial {number}: has not been asked for; trials are numbered from 0", f"trial {number}")
        result = _result_json(values, constraints, status, message, f"trial {number}")
        told = self._core.tell(number, result, float(_number("seconds", seconds, float)))
        return self._ended(number, told["limit"], trial if isinstance(trial, Trial) else None)

    def add(
        self,
        config: Mapping[str, Any],
        values: Any = None,
        *,
        constraints: Any = None,
        status: str = "completed",
        message: str = "",
        seconds: float = 0.0,
    ) -> Trial:
        """Brings in a configuration that you have evaluated; it takes the next number. Arguments as of :meth:`tell`."""
        result = _result_json(values, constraints, status, message, "values")
        added = self._core.add(self._space.to_core(config), result, float(_number("seconds", seconds, float)))
        return self._ended(added["trial"], added["limit"])

    def enqueue(self, config: Mapping[str, Any]) -> None:
        """Puts a configuration next in line, behind those enqueued before. Raises InvalidInput where it is not legal."""
        self._core.enqueue(self._space.to_core(config))

    def replay(self, config: Mapping[str, Any], state: Mapping[str, Any] | None = None) -> Trial:
        """Takes over a suggestion that was made elsewhere; it takes the next number and is pending.

        Replayed and told in the order in which another study of the same arguments was asked and told, this one goes on
        with the same suggestions to the bit, and nothing is fitted for it.

        Args:
            state: the suggestion's ``trial.state``.

        Raises:
            InvalidInput: a configuration that is not legal, a state that is none (the study is then of no use), or a
                study in which something is enqueued.
        """
        number = self._core.replay(self._space.to_core(config), None if state is None else dict(state))
        return self._ended(number, None)

    def stop(self) -> None:
        """Ends optimize() gently: nothing new is begun, what runs is waited for and told. From a callback or a thread."""
        self._stopping.set()

    # Evaluating

    def optimize(
        self,
        function: Function | str,
        *,
        n_trials: int | None = None,
        n_jobs: int = 1,
        executor: Any = None,
        synchronous: bool = True,
        trial_timeout: float | None = None,
        memory_mb: float | None = None,
        slurm: Mapping[str, Any] | None = None,
        callbacks: Iterable[Callable[[Study, Trial], object]] = (),
        progress: bool | None = None,
    ) -> Study:
        """Evaluates trials until the study ends. Pending trials come first.

        Args:
            function: takes a configuration, and ``seed`` if it has a parameter of that name. It returns a dict by
                objective, a sequence in the study's order, or one number. What it raises makes a failed trial,
                :class:`Infeasible` an infeasible one. The text "module:name" names a function that every trial imports
                in a process of its own.
            n_trials: new trials in this call, within the study's own n_trials.
            n_jobs: evaluations at the same time; −1: all cores. Above 1 without an executor in processes: loky's if it is
                there, else those of the standard library.
            executor: anything with ``submit(f, *args)`` that gives something with ``done()`` and ``result()``: of
                concurrent.futures, loky, Dask, submitit, …
            synchronous: batches of n_jobs, told in order: the same suggestions whatever the timing. Else a new trial is
                asked for as soon as there is room.
            trial_timeout: seconds after which a trial's process is ended.
            memory_mb: MiB of memory that a trial's process may take.
            slurm: options of sbatch, for trials that run as jobs.
            callbacks: called as f(study, trial) after every trial that has ended, in the caller's thread.
            progress: a progress bar; None: on a terminal or in a notebook, if tqdm is there.

        Returns: this study; ``stopped`` says why it ended.

        Raises:
            InvalidInput: a result with a misspelt or missing objective; the trial stays pending.
            TypeError: a result that is no number, or an argument of a wrong type.
            KeyboardInterrupt: Ctrl-C. What has ended is told, what runs is ended and stays pending.
        """
        # Processes and threads are imported here: they take longer than all the rest.
        from .executors import number_of_jobs
        from .loop import Limits, evaluate_study

        limits = Limits(trial_timeout=trial_timeout, memory_mb=memory_mb, slurm=slurm)
        if not isinstance(synchronous, bool):
            raise TypeError(f"synchronous: expected True or False, found {synchronous!r}")
        new_trials = None if n_trials is None else _number("n_trials", n_trials, int)
        if new_trials is not None and new_trials < 1:
            raise InvalidInput(f"n_trials: must be at least 1, found {new_trials}", "n_trials")
        if not self._loop.acquire(blocking=False):
            raise HyperegoError("optimize: the study is being optimized already, in another thread or a callback")
        try:
            self._stopping.clear()
            schedule = _core.Schedule(self._core, number_of_jobs(n_jobs), synchronous, new_trials)
            evaluate_study(
                self, schedule, function, number_of_jobs(n_jobs), executor, limits, tuple(callbacks), progress
            )
        finally:
            self._loop.release()
        return self

    # What has happened

    @property
    def trials(self) -> pd.DataFrame:
        """All trials: trial, status, hyperparameters, objectives, constraints, seconds, message. Needs pandas."""
        return trials_frame(self._space, self._objectives, self._constraints, self._core.records())

    @property
    def front(self) -> pd.DataFrame:
        """The trials that no other dominates: trial, hyperparameters, objectives. Needs pandas."""
        return front_frame(self._space, self._objectives, self.status["front"])

    @property
    def decisions(self) -> pd.DataFrame:
        """Why each trial was suggested: phase, weights, Shapley values, what was frozen, reason. Needs pandas."""
        return decisions_frame(self._space, self._objectives, self._core.decisions())

    @property
    def status(self) -> dict[str, Any]:
        """Where the study stands, as ``hyperego status`` says it: counts, front, hypervolume, reference."""
        return self._core.status()

    @property
    def hypervolume(self) -> float | None:
        """Of the front against :attr:`reference`; None before there is one."""
        volume: float | None = self._core.progress()["hypervolume"]
        return volume

    @property
    def reference(self) -> dict[str, Any] | None:
        """The reference point of the hypervolume by objective, and where it comes from: ``{"point", "source"}``."""
        reference: dict[str, Any] | None = self.status["reference"]
        return reference

    @property
    def stopped(self) -> Stopped | None:
        """Why the study ended last, unless something has happened since."""
        stopped = self.status["stopped"]
        return None if stopped is None else Stopped(stopped["reason"], stopped["message"])

    def report(self, **options: Any) -> Report:
        """The interactive report, which shows itself in a notebook; ``options`` are those of :func:`hyperego.report`."""
        return report(self, **options)

    def __repr__(self) -> str:
        numbers = self._core.progress()
        volume = "" if numbers["hypervolume"] is None else f", hypervolume {numbers['hypervolume']:.6g}"
        where = "" if self.directory is None else f", {self.directory}"
        return (
            f"Study({self._specification['name']!r}, {', '.join(self._objectives)}: {numbers['ended']} of "
            f"{numbers['trials']} trials, front {numbers['front']}{volume}{where})"
        )

    def __reduce__(self) -> tuple[Any, ...]:
        raise TypeError("a Study cannot be pickled; send its configurations, or the directory, and hyperego.load() that")

    # Between JSON and trials

    def _decision(self, json: dict[str, Any] | None) -> Decision:
        if json is None:
            return Decision("", "", {}, {}, {}, {})
        weights = dict(zip(self._objectives, json["weights"], strict=False))
        frozen = self._space.from_core(json["frozen"])
        return Decision(json["reason"], json["phase"], weights, dict(json["shapley"]), frozen, json)

    def _trial(self, json: dict[str, Any]) -> Trial:
        config = self._space.from_core(json["configuration"])
        return Trial(
            json["trial"],
            config,
            json["seed"],
            self._decision(json["decision"]),
            fidelity=next(iter(json.get("fidelity", {}).values()), None),
            continues=json.get("continues"),
            state=json["state"],
            _study=self if "fidelity" in json else None,
        )

    def _report(self, trial: Trial, step: float, values: Any) -> bool:
        where = f"trial {trial.number}"
        plain_result = plain_values(values, where)
        reached = plain_result if isinstance(plain_result, dict) else {"objectives": plain_result}
        name = self._specification.get("fidelity", {}).get("name", "step")
        answer = self._core.report(trial.number, {name: _number("step", step, float), **reached})
        if not answer["continue"]:
            self._not_worth.add(trial.number)
        return bool(answer["continue"])

    def _ended(self, number: int, limit: dict[str, Any] | None, trial: Trial | None = None) -> Trial:
        record = self._core.record(number)
        if limit is not None:
            log.info("%s", limit["message"])
        values = dict(zip(self._objectives, record["objectives"], strict=False)) or None
        return Trial(
            number,
            self._space.from_core(record["configuration"]),
            record["seed"],
            self._decision(None) if trial is None else trial.decision,
            record["status"],
            values,
            record["message"],
            record.get("fidelity"),
        )


def _result_json(values: Any, constraints: Any, status: str, message: str, where: str) -> dict[str, Any]:
    for name, text in (("status", status), ("message", message)):
        if not isinstance(text, str):
            raise TypeError(f"{name}: expected text, found {type(text).__qualname__}")
    json: dict[str, Any] = {}
    if values is None and status == "completed":
        raise TypeError(f"{where}: expected the values of a completed trial, found None; say so where it failed: status=…")
    if values is not None:
        plain_result = plain_values(values, where)
        json = dict(plain_result) if isinstance(plain_result, dict) else {"objectives": plain_result}
    if constraints is not None:
        json["constraints"] = plain_values(constraints, f"{where}/constraints")
    if status != "completed" or "status" not in json:
        json["status"] = status
    if message:
        json["message"] = message
    return json


def load(directory: str | os.PathLike[str], *, space: SpaceLike | None = None) -> Study:
    """The study of a run directory, made by Python or by the program, ready to go on.

    Args:
        space: the study's own, where it has choices that JSON does not know: they then come back as objects, not labels.

    Raises:
        InvalidInput: no run directory, or another space.
        StoreError: a directory that is in use or damaged.
    """
    path = _directory_text(directory)
    if path is None:
        raise TypeError("directory: expected a path, found None")
    core = _core.Study.load(path)
    recorded = Space(core.specification()["space"])
    if space is not None:
        given = space if isinstance(space, Space) else Space(space)
        if given.to_json() != recorded.to_json():
            raise InvalidInput(f"space: differs from that of the study in {path}", "space")
        recorded = given
    study = Study.__new__(Study)
    study._begin(recorded, core)
    return study


_OF_OPTIMIZE = ("n_jobs", "executor", "synchronous", "trial_timeout", "memory_mb", "slurm", "callbacks", "progress")


def optimize(function: Function | str, space: SpaceLike, objectives: Objectives, **both: Any) -> Study:
    """Study(space, objectives, …).optimize(function, …) in one call; ``n_trials`` is the study's."""
    of_optimize = {name: both.pop(name) for name in _OF_OPTIMIZE if name in both}
    return Study(space, objectives, **both).optimize(function, **of_optimize)


