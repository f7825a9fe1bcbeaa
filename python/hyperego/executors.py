"""Where trials are evaluated: here, in processes, or by anything with ``submit``."""

from __future__ import annotations

import contextlib
import importlib.util
import multiprocessing
import os
import pickle
import queue
import signal
import time
from collections.abc import Callable, Mapping
from concurrent.futures import BrokenExecutor, CancelledError, ProcessPoolExecutor, ThreadPoolExecutor
from typing import Any, Protocol

from . import _core
from .errors import InvalidInput
from .results import Function, call

__all__ = ["Backend", "Here", "Job", "OwnProcesses", "Pool", "ProgramThreads", "number_of_jobs"]


class Job(Protocol):
    """What ``submit`` gives: a Future, a job of submitit, …"""

    def done(self) -> bool: ...
    def result(self) -> Any: ...


Arguments = tuple[Any, ...]
Reply = tuple[int, Any]
"""A trial's number and what came of it: a Called, an EvaluationResult, or the exception that lost it."""


class Backend(Protocol):
    """Evaluates trials that are begun, and gives what came of them."""

    def begin(self, number: int, arguments: Arguments) -> None: ...
    def replies(self, seconds: float | None) -> list[Reply]:
        """Those there are; waits for one, but no longer than that many seconds."""

    def close(self, *, interrupted: bool) -> None:
        """Where interrupted, what runs is ended as far as possible and not waited for."""


def number_of_jobs(n_jobs: object) -> int:
    """n_jobs as a count: −1 means every core that this process may use."""
    if isinstance(n_jobs, bool) or not isinstance(n_jobs, int):
        raise TypeError(f"n_jobs: expected a whole number, found {type(n_jobs).__qualname__}")
    if n_jobs == -1:
        return len(os.sched_getaffinity(0))
    if n_jobs < 1:
        raise InvalidInput(f"n_jobs: must be at least 1, or -1 for all cores, found {n_jobs}", "n_jobs")
    return n_jobs


class Here:
    """In the caller's thread, one after the other."""

    def __init__(self) -> None:
        self._waiting: list[tuple[int, Arguments]] = []

    def begin(self, number: int, arguments: Arguments) -> None:
        self._waiting.append((number, arguments))

    def replies(self, seconds: float | None) -> list[Reply]:
        if not self._waiting:
            time.sleep(min(seconds or 0.0, 0.5))
            return []
        number, arguments = self._waiting.pop(0)
        return [(number, call(*arguments))]

    def close(self, *, interrupted: bool) -> None:
        self._waiting.clear()


# Executors that tell of evaluations that got lost, by exceptions of their own.
_LOSING_PACKAGES = ("distributed", "loky", "submitit", "dask")


def _is_loss(error: BaseException) -> bool:
    if isinstance(error, (BrokenExecutor, CancelledError)):
        return True
    return isinstance(error, Exception) and type(error).__module__.partition(".")[0] in _LOSING_PACKAGES


class Pool:
    """Anything with ``submit(function, *arguments)`` that gives something with ``done()`` and ``result()``."""

    poll_s = 0.05

    def __init__(self, executor: Any, function: Callable[..., Any] = call) -> None:
        if not callable(getattr(executor, "submit", None)):
            found = type(executor).__qualname__
            raise TypeError(f"executor: expected something with submit(function, *arguments), found {found}")
        self.executor = executor
        self._function = function
        self._jobs: dict[int, Job] = {}
        self._finished: queue.SimpleQueue[int] = queue.SimpleQueue()
        self._calls_back = True

    def begin(self, number: int, arguments: Arguments) -> None:
        job = self.executor.submit(self._function, *arguments)
        self._jobs[number] = job
        add_callback = getattr(job, "add_done_callback", None)
        if add_callback is None:
            self._calls_back = False
        else:
            add_callback(lambda _: self._finished.put(number))

    def replies(self, seconds: float | None) -> list[Reply]:
        finished = self._called_back(seconds) if self._calls_back else self._polled(seconds)
        return [(number, self._reply(self._jobs.pop(number))) for number in finished if number in self._jobs]

    def _called_back(self, seconds: float | None) -> list[int]:
        finished: list[int] = []
        try:
            finished.append(self._finished.get(timeout=0.5 if seconds is None else min(seconds, 0.5)))
            while True:
                finished.append(self._finished.get_nowait())
        except queue.Empty:
            return finished

    def _polled(self, seconds: float | None) -> list[int]:
        end = time.monotonic() + (0.5 if seconds is None else min(seconds, 0.5))
        while True:
            finished = [number for number, job in self._jobs.items() if job.done()]
            if finished or time.monotonic() >= end:
                return finished
            time.sleep(self.poll_s)

    def _reply(self, job: Job) -> Any:
        try:
            return job.result()
        except BaseException as error:
            if not _is_loss(error):
                raise
            return error

    def close(self, *, interrupted: bool) -> None:
        for job in self._jobs.values():
            cancel = getattr(job, "cancel", None)
            if callable(cancel):
                cancel()
        self._jobs.clear()


def _one_thread() -> None:
    """A worker leaves the cores to its fellows."""
    _core.set_threads(1)


class _Pickled:
    """A function that travels as bytes, so that it need not be importable in the worker."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._function: Function | None = None

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        if self._function is None:
            self._function = pickle.loads(self._data)
        return self._function(*arguments, **named)

    def __reduce__(self) -> tuple[Any, ...]:
        return _Pickled, (self._data,)


def _has(module: str) -> bool:
    return importlib.util.find_spec(module) is not None


class OwnProcesses(Pool):
    """Worker processes: loky's if it is there, else those of the standard library, by forkserver.

    Never by a plain fork: where a parent has computed on several threads, a forked child would wait for them for ever.
    """

    def __init__(self, workers: int, function: Function) -> None:
        self._workers = workers
        if not _has("loky"):
            try:
                pickle.dumps(function)
            except Exception as error:
                remedy = "define it at the top of a module, or pip install 'hyperego[loky]'"
                raise TypeError(f"function: cannot be sent to other processes ({error}); {remedy}") from None
        super().__init__(self._made())

    def _made(self) -> Any:
        if _has("loky"):
            import loky

            return loky.ProcessPoolExecutor(max_workers=self._workers, initializer=_one_thread)
        context = multiprocessing.get_context("forkserver")
        return ProcessPoolExecutor(self._workers, mp_context=context, initializer=_one_thread)

    def begin(self, number: int, arguments: Arguments) -> None:
        try:
            super().begin(number, arguments)
        except BrokenExecutor:  # a worker died before; those that were lost are tried again in new ones
            self._end()
            self.executor = self._made()
            super().begin(number, arguments)

    def _end(self) -> None:
        """Ends the workers without waiting for what they do."""
        processes: Mapping[int, Any] = dict(getattr(self.executor, "_processes", None) or {})
        self.executor.shutdown(wait=False, **({} if _has("loky") else {"cancel_futures": True}))
        for process in processes.values():
            with contextlib.suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGKILL)

    def close(self, *, interrupted: bool) -> None:
        super().close(interrupted=interrupted)
        if interrupted:
            self._end()
        else:
            self.executor.shutdown(wait=True)


class ProgramThreads(Pool):
    """Programs of the C++ library's evaluators, each watched by a thread."""

    def __init__(self, programs: _core.Programs, workers: int) -> None:
        self._programs = programs
        super().__init__(ThreadPoolExecutor(workers, "hyperego-program"), programs.evaluate)

    def close(self, *, interrupted: bool) -> None:
        if interrupted:
            self._programs.stop()
        super().close(interrupted=interrupted)
        self.executor.shutdown(wait=True)  # ending programs takes no longer than their grace
