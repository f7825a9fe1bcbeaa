"""An optimizer for CARP-S, the benchmark of optimizers; its configurations are in the package.

::

    python -m carps.run 'hydra.searchpath=[pkg://hyperego.integration.carps_configs]' +optimizer/hyperego=hpi_parego \\
        +task/subselection/multiobjective/dev=subset_Pymoo_MO_unconstraint_kursawe seed=1
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .._missing import needed
from ..errors import InvalidInput
from ..space import Space
from ..study import Study

needed("carps", "carps", "hyperego.integration.carps")

from carps.optimizers.optimizer import Optimizer  # noqa: E402
from carps.utils.trials import StatusType, TrialInfo, TrialValue  # noqa: E402
from ConfigSpace import Configuration, ConfigurationSpace  # noqa: E402

if TYPE_CHECKING:
    from carps.loggers.abstract_logger import AbstractLogger
    from carps.utils.task import Task

__all__ = ["HyperegoOptimizer"]

_STATUS = {
    StatusType.SUCCESS: "completed",
    StatusType.CRASHED: "failed",
    StatusType.TIMEOUT: "timed_out",
    StatusType.MEMORYOUT: "failed",
}
_UNKNOWN_BUDGET = 1000  # trials, where a task limits time alone


class HyperegoOptimizer(Optimizer):  # type: ignore[misc, unused-ignore]  # Any where carps is not installed
    """A :class:`hyperego.Study` that CARP-S asks and tells. Costs are minimised, as everywhere in CARP-S.

    Args:
        task: its space may have conditions and forbidden clauses.
        hyperego_cfg: ``seed``, ``optimizer`` (a name or a dict with ``name`` and options) and, to keep a run directory,
            ``directory``.
        loggers: of CARP-S.
        expects_multiple_objectives: of CARP-S: refuse a task with one.
        expects_fidelities: of CARP-S; fidelities are not used.

    Raises:
        InvalidInput: an unknown member of hyperego_cfg.
    """

    def __init__(
        self,
        task: Task,
        hyperego_cfg: Mapping[str, Any],
        loggers: list[AbstractLogger] | None = None,
        expects_multiple_objectives: bool = False,
        expects_fidelities: bool = False,
    ) -> None:
        super().__init__(
            task,
            loggers,
            expects_multiple_objectives=expects_multiple_objectives,
            expects_fidelities=expects_fidelities,
        )
        self._cfg = _plain(hyperego_cfg)
        unknown = sorted(set(self._cfg) - {"seed", "optimizer", "directory"})
        if unknown:
            where = f"hyperego_cfg/{unknown[0]}"
            raise InvalidInput(f"{where}: is unknown; there are seed, optimizer and directory", where)
        self.configspace: ConfigurationSpace = task.objective_function.configspace
        self.history: dict[str, tuple[TrialInfo, TrialValue]] = {}

    def convert_configspace(self, configspace: ConfigurationSpace) -> Space:
        return Space(configspace)

    def convert_to_trial(self, config: Mapping[str, Any], name: str) -> TrialInfo:
        """A suggestion as CARP-S has it; ``name`` is its number in the study."""
        return TrialInfo(config=Configuration(self.configspace, values=dict(config)), name=name)

    def _setup_optimizer(self) -> Study:
        n_trials = self.task.optimization_resources.n_trials
        return Study(
            self.convert_configspace(self.configspace),
            list(self.task.output_space.objectives),
            n_trials=_UNKNOWN_BUDGET if n_trials is None else int(n_trials),
            seed=int(self._cfg.get("seed") or 0),
            optimizer=self._cfg.get("optimizer", "hpi-parego"),
            directory=self._cfg.get("directory"),
            max_failures=None,
            name=str(self.task.name),
        )

    def ask(self) -> TrialInfo:
        """The next suggestion; once nothing is left to try, or after the budget, a random configuration."""
        trial = self.solver.ask()
        if trial is not None:
            return self.convert_to_trial(trial.config, str(trial.number))
        number = len(self.history)
        return self.convert_to_trial(self.solver.space.sample(1, seed=number)[0], f"random {number}")

    def tell(self, trial_info: TrialInfo, trial_value: TrialValue) -> None:
        """The end of a trial, or of a configuration that another chose."""
        cost = trial_value.cost
        result: dict[str, Any] = {"status": _STATUS[trial_value.status], "seconds": float(trial_value.time)}
        if trial_value.status == StatusType.SUCCESS:
            result["values"] = [float(c) for c in cost] if isinstance(cost, (list, tuple)) else [float(cost)]
        name = trial_info.name or ""
        if name.isdigit():
            told = self.solver.tell(int(name), **result)
        else:
            told = self.solver.add(dict(trial_info.config), **result)
        self.history[str(told.number)] = (trial_info, trial_value)

    def get_current_incumbent(self) -> Any:
        """The front as (TrialInfo, TrialValue); with one objective the best; None before anything has been evaluated."""
        front = [self.history[str(member["trial"])] for member in self.solver.status["front"]]
        if self.task.output_space.n_objectives > 1:
            return front
        return front[0] if front else None


def _plain(cfg: Mapping[str, Any]) -> dict[str, Any]:
    """Without OmegaConf's classes."""
    if type(cfg).__module__.startswith("omegaconf"):
        from omegaconf import OmegaConf

        return dict(OmegaConf.to_container(cfg, resolve=True))  # type: ignore[arg-type, unused-ignore]
    return dict(cfg)
