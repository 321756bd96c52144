"""Whole experiments, each run once for all the tests that look at it."""

from collections.abc import Callable

import pytest

from ca1ltd.declared import Declared
from ca1ltd.experiment.results import Run
from ca1ltd.experiment.run import run_experiment
from ca1ltd.experiment.spec import ExperimentSpec
from ca1ltd.model import parameters

NMDA = "ca1nmda.g_max"
CALCIUM = parameters.table()[NMDA].value

#: Experiments by name.
EXPERIMENTS = {
    "lfs": Declared("lfs"),
    "d-ap5": Declared("lfs", drugs=("D-AP5=50@0..15",), slices=2),
    "okadaic-acid": Declared("lfs", drugs=("okadaic-acid=1@0..15",), slices=2),
    "fk506": Declared("lfs", drugs=("FK506@0..15",), slices=2),
    "bapta": Declared("lfs", drugs=("BAPTA@0..15",), slices=2),
    "kn-62": Declared("lfs", drugs=("KN-62@0..15",), slices=1),
    "calcium-0.8": Declared("lfs", parameters={NMDA: 0.8 * CALCIUM}, slices=1),
    "calcium-1.25": Declared("lfs", parameters={NMDA: 1.25 * CALCIUM}, slices=1),
    "nothing": Declared("test-pulses", {"baseline": 20, "duration": 95}),
    "c5038804": Declared("lfs", slices=3, cell="c5038804"),
}


@pytest.fixture(scope="session")
def experiment(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Run]:
    """Return the results of an experiment by its name."""
    folder = tmp_path_factory.mktemp("runs")
    done: dict[str, Run] = {}

    def run(name: str) -> Run:
        if name not in done:
            spec = ExperimentSpec.of(EXPERIMENTS[name])
            done[name] = run_experiment(spec, folder / name)
            _report(name, done[name])
        return done[name]

    return run


def _report(name: str, run: Run) -> None:
    """Print what came out, for README and notes (`make slow` shows it)."""
    for pathway, found in run.summary["pathways"].items():
        error = "" if found["sem"] is None else f" +- {found['sem']:.1f}, SD {found['sd']:.1f}"
        print(
            f"\n{name:13s} {pathway:12s} expected {found['percent_expected']:6.2f} %, "
            f"seen {found['percent_of_baseline']:6.2f}{error}, n = {found['n_slices']}",
            end="",
        )
    peaks = ("peak_spine_ca_uM", "calcineurin_active_peak", "pp1_active_peak", "camkii_pt286_peak")
    print("\n" + ", ".join(f"{key} {run.summary[key]:.3g}" for key in peaks))
