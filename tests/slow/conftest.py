"""Whole experiments, each run once for all the tests that look at it."""

from collections.abc import Callable

import pytest

from ca1ltd import protocols
from ca1ltd.experiment.results import Run
from ca1ltd.experiment.run import run_experiment
from ca1ltd.experiment.spec import ExperimentSpec
from ca1ltd.model import drugs, parameters

NMDA = "ca1nmda.g_max"
CALCIUM = parameters.table()[NMDA].value

#: Experiments by name: what differs from 900 pulses at 1 Hz to `dhc`.
EXPERIMENTS = {
    "lfs": {"slices": 5},
    "d-ap5": {"slices": 2, "drugs": "D-AP5=50@0..15"},
    "okadaic-acid": {"slices": 2, "drugs": "okadaic-acid=1@0..15"},
    "fk506": {"slices": 2, "drugs": "FK506@0..15"},
    "bapta": {"slices": 2, "drugs": "BAPTA@0..15"},
    "kn-62": {"slices": 1, "drugs": "KN-62@0..15"},
    "calcium-0.8": {"slices": 1, "parameters": ((NMDA, 0.8 * CALCIUM),)},
    "calcium-1.25": {"slices": 1, "parameters": ((NMDA, 1.25 * CALCIUM),)},
    "nothing": {"slices": 5, "protocol": protocols.test_pulses(baseline=20, duration=95)},
    "c5038804": {"slices": 3, "cell": "c5038804"},
}


@pytest.fixture(scope="session")
def experiment(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Run]:
    """Return the results of an experiment by its name."""
    folder = tmp_path_factory.mktemp("runs")
    done: dict[str, Run] = {}

    def run(name: str) -> Run:
        if name not in done:
            given = dict(EXPERIMENTS[name])
            drug = given.pop("drugs", None)
            spec = ExperimentSpec(
                protocol=given.pop("protocol", protocols.lfs()),
                drugs=(drugs.parse(drug),) if drug else (),
                **given,
            )
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
