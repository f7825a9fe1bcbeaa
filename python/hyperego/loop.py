"""The loop of optimize(): begin what is due, wait, tell. What is due, and when it is over, C++ decides (study/schedule.hpp)."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from . import _core
from ._log import log
from .errors import InvalidInput
from .executors import Backend, Here, OwnProcesses, Pool, ProgramThreads
from .programs import evaluator_json
from .progress import bar_for
from .results import MISUSE, Called, Function, takes_seed

if TYPE_CHECKING:
    from .study import Study, Trial

__all__ = ["Limits", "evaluate_study"]



@dataclass(frozen=True)
class Limits:
    """What only a process of its own can keep a trial to."""

    trial_timeout: float | None
    memory_mb: float | None
    slurm: Mapping[str, Any] | None

    def __post_init__(self) -> None:
        for name in ("trial_timeout", "memory_mb"):
            value = getattr(self, name)
            if value is not None and (isinstance(value, bool) or not isinstance(value, (int, float))):
                raise TypeError(f"{name}: expected a number, found {type(value).__qualname__}")
        if self.slurm is not None and not isinstance(self.slurm, Mapping):
            raise TypeError(f"slurm: expected a dict of sbatch's options, found {type(self.slurm).__qualname__}")

    def any(self) -> bool:
        return self.trial_timeout is not None or self.memory_mb is not None or self.slurm is not None


def _programs(study: Study, function: Function | str, limits: Limits) -> _core.Programs:
    evaluator = evaluator_json(
        function,
        folder=study.directory,
        labels=study.space.labels,
        names=[*study.objectives, *study.constraints],
        trial_timeout=limits.trial_timeout,
        memory_mb=limits.memory_mb,
        slurm=limits.slurm,
    )
    return _core.Programs(study.core, evaluator, "optimize", os.getcwd())


class _Run:
    def __init__(self, study: Study, schedule: _core.Schedule, function: Function | str, is_program: bool) -> None:
        self.study = study
        self.schedule = schedule
        self.function = function
        self.is_program = is_program
        self.wants_seed = callable(function) and takes_seed(function)
        self.trials: dict[int, Trial] = {}

    def begin(self, backend: Backend) -> None:
        for json in self.schedule.due():
            trial = self.study._trial(json)
            self.trials[trial.number] = trial
            if self.is_program:
                backend.begin(trial.number, (trial.number, json["configuration"], trial.seed))
            else:
                seed = trial.seed if self.wants_seed else None
                backend.begin(trial.number, (self.function, trial.config, seed, trial.number))

    def result(self, number: int, reply: Any) -> _core.EvaluationResult:
        """Raises TypeError or InvalidInput for what is misuse."""
        if isinstance(reply, _core.EvaluationResult):
            if reply.message.startswith(MISUSE):
                raise InvalidInput(f"trial {number}: {reply.message.removeprefix(MISUSE)}", f"trial {number}")
            return reply
        if not isinstance(reply, Called):
            return _core.EvaluationResult.lost(number, f"{type(reply).__name__}: {reply}")
        if reply.misuse is not None:
            raise TypeError(reply.misuse)
        if reply.failure is not None:
            self._keep_traceback(number, reply.traceback)
            return _core.EvaluationResult.failed(number, reply.failure, reply.seconds)
        values = {"objectives": reply.values} if isinstance(reply.values, list) else reply.values
        return _core.EvaluationResult.read(self.study.core, number, values, reply.seconds)

    def _keep_traceback(self, number: int, text: str) -> None:
        log.debug("trial %d failed:\n%s", number, text)
        folder = self.study.directory
        if folder is None:
            return
        logs = os.path.join(folder, "logs")
        os.makedirs(logs, exist_ok=True)
        with open(os.path.join(logs, f"{number}.err"), "w", encoding="utf-8") as file:
            file.write(text)

    def take(self, replies: list[tuple[int, Any]]) -> list[Trial]:
        """Those that were told by it. What is no misuse is told before misuse is raised."""
        results, misuse = [], None
        for number, reply in replies:
            try:
                results.append(self.result(number, reply))
            except (TypeError, InvalidInput) as error:
                misuse = misuse or error
        told = [self._told(number) for number in self.schedule.take(results)]
        if misuse is not None:
            raise misuse
        return told

    def _told(self, number: int) -> Trial:
        trial = self.study._ended(number, None, self.trials.pop(number, None))
        said = f": {trial.message}" if trial.message else ""
        log.info("trial %d %s %s%s", number, trial.status, trial.values or "", said)
        for note in trial.decision.details.get("notes", []):
            log.warning("trial %d: %s", number, note)
        return trial

    def abandon(self) -> None:
        """What runs stays pending: nothing is known of it."""
        self.schedule.stop()
        for _ in range(2):  # the second time those that waited for another attempt
            lost = [_core.EvaluationResult.lost(number, "interrupted") for number in self.trials]
            self._take_known(lost)
        self.study.core.flush()

    def _take_known(self, results: list[_core.EvaluationResult]) -> None:
        for result in results:
            try:
                self.schedule.take([result])
            except InvalidInput:  # not under way
                continue


def _backend(run: _Run, jobs: int, executor: Any, limits: Limits) -> Backend:
    if run.is_program:
        if executor is not None:
            raise InvalidInput("executor: cannot keep limits of time or memory; leave one of them out", "executor")
        return ProgramThreads(_programs(run.study, run.function, limits), jobs)
    if executor is not None:
        return Pool(executor)
    if jobs == 1:
        return Here()
    assert callable(run.function)
    return OwnProcesses(jobs, run.function)


def evaluate_study(
    study: Study,
    schedule: _core.Schedule,
    function: Function | str,
    jobs: int,
    executor: Any,
    limits: Limits,
    callbacks: tuple[Callable[[Study, Trial], object], ...],
    progress: bool | None,
) -> None:
    """Follows the schedule to its end. Whatever is raised ends what runs; its trials stay pending."""
    if not callable(function) and not isinstance(function, str):
        raise TypeError(f"function: expected a callable or 'module:name', found {type(function).__qualname__}")
    run = _Run(study, schedule, function, limits.any() or isinstance(function, str))
    backend = _backend(run, jobs, executor, limits)
    bar = bar_for(progress, study.core.progress())
    interrupted = True
    try:
        while True:
            run.begin(backend)
            if schedule.is_over():
                break
            for trial in run.take(backend.replies(schedule.patience_s())):
                bar.show(study.core.progress(), list(trial.decision.frozen))
                for callback in callbacks:
                    callback(study, trial)
            if study._stopping.is_set():
                schedule.stop()
        interrupted = False
    finally:
        try:
            backend.close(interrupted=interrupted)
            if interrupted:
                run.abandon()
        finally:
            bar.close()
    end = schedule.finish()
    log.log(logging.WARNING if end["by_itself"] else logging.INFO, "%s", end["message"])
