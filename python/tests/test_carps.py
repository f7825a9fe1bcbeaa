"""End to end where CARP-S is installed; the configurations are read by themselves anywhere."""

from __future__ import annotations

import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

CONFIGS = "hyperego.integration.carps_configs"


def carps() -> None:
    """Loudly, by name."""
    pytest.importorskip("carps", reason="SKIPPED: carps is not installed: pip install 'carps>=1.1' pymoo")


def task(n_trials: int | None, objectives: int) -> Any:
    """As little of CARP-S's Task as an optimizer looks at."""
    from types import SimpleNamespace as Namespace

    from ConfigSpace import Categorical, ConfigurationSpace, EqualsCondition, Float

    space = ConfigurationSpace()
    opt, momentum = Categorical("opt", ["adam", "sgd"]), Float("momentum", (0.0, 1.0))
    space.add(opt, momentum, Float("lr", (1e-4, 1.0), log=True), EqualsCondition(momentum, opt, "sgd"))
    return Namespace(
        name="toy",
        objective_function=Namespace(configspace=space),
        input_space=Namespace(fidelity_space=Namespace(is_multifidelity=False)),
        output_space=Namespace(n_objectives=objectives, objectives=[f"cost{i}" for i in range(objectives)]),
        optimization_resources=Namespace(n_trials=n_trials, time_budget=None),
    )


def test_configurations_are_in_the_package() -> None:
    folder = files(CONFIGS) / "optimizer" / "hyperego"
    assert {file.name for file in folder.iterdir()} == {"base.yaml", "hpi_parego.yaml", "parego.yaml", "authors.yaml"}
    assert "hyperego.integration.carps.HyperegoOptimizer" in (folder / "base.yaml").read_text()


@pytest.mark.parametrize("objectives", [1, 2])
def test_ask_and_tell(objectives: int) -> None:
    carps()
    from carps.utils.trials import StatusType, TrialValue

    from hyperego.integration.carps import HyperegoOptimizer

    optimizer = HyperegoOptimizer(task(14, objectives), {"seed": 1})
    optimizer.setup_optimizer()
    assert not optimizer.get_current_incumbent()
    for i in range(16):  # two more than the budget
        info = optimizer.ask()
        config = dict(info.config)
        assert ("momentum" in config) == (config["opt"] == "sgd")
        costs = [config["lr"], 1 - config["lr"]][:objectives]
        status = StatusType.CRASHED if i == 3 else StatusType.SUCCESS
        optimizer.tell(info, TrialValue(cost=costs if objectives > 1 else costs[0], status=status))
    assert [r["status"] for r in optimizer.solver.core.records()].count("failed") == 1
    incumbent = optimizer.get_current_incumbent()
    if objectives == 1:
        best = min(value.cost for _, value in optimizer.history.values() if value.status == StatusType.SUCCESS)
        assert incumbent[1].cost == best
    else:
        assert len(incumbent) >= 5 and all(len(value.cost) == 2 for _, value in incumbent)


def test_every_space_of_the_multi_objective_subsets_converts() -> None:
    """Those with fidelities, too: 118 tasks."""
    carps()
    import carps as package
    import yaml
    from ConfigSpace import ConfigurationSpace

    from hyperego import Space

    root = Path(package.__file__).parent / "configs" / "task" / "subselection"
    tasks = [file for kind in ("multiobjective", "multifidelityobjective") for file in sorted((root / kind).rglob("*.yaml"))]
    assert len(tasks) >= 118
    for file in tasks:
        task = yaml.load(file.read_text(), getattr(yaml, "CSafeLoader", yaml.SafeLoader))["task"]
        theirs = ConfigurationSpace.from_serialized_dict(task["input_space"]["configuration_space"]["d"])
        assert Space(theirs).to_configspace() == theirs, file.name


def test_unknown_members_are_named() -> None:
    carps()
    from hyperego import InvalidInput
    from hyperego.integration.carps import HyperegoOptimizer

    with pytest.raises(InvalidInput, match="hyperego_cfg/sed: is unknown"):
        HyperegoOptimizer(task(4, 2), {"sed": 1})


@pytest.mark.parametrize("variant", ["hpi_parego", "parego", "authors"])
def test_end_to_end(variant: str, tmp_path: Path) -> None:
    carps()
    pytest.importorskip("pymoo", reason="SKIPPED: pymoo is not installed")
    arguments = [
        f"hydra.searchpath=[pkg://{CONFIGS}]",
        f"+optimizer/hyperego={variant}",
        "+task/subselection/multiobjective/dev=subset_Pymoo_MO_unconstraint_kursawe",
        "task.optimization_resources.n_trials=12",
        "seed=1",
    ]
    run = subprocess.run([sys.executable, "-m", "carps.run", *arguments], cwd=tmp_path, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr[-2000:]
    (log,) = tmp_path.rglob("trial_logs.jsonl")
    assert len(log.read_text().splitlines()) == 12
