"""The chapter's results on both cells, three slices each; the bands are those of published slices.

    python -m pytest -m slow -s tests/slow/test_headlines.py

Bands bind the EPSP expected without release noise. The runs are kept in `runs/headlines`, named by
their specification and the mechanisms, so that a second look costs nothing.
"""

import functools
from pathlib import Path

import pytest

from ca1ltd import protocols
from ca1ltd.experiment.results import Run
from ca1ltd.experiment.runs import run_missing
from ca1ltd.experiment.spec import ExperimentSpec
from ca1ltd.experiment.store.cache import Cache
from ca1ltd.model import drugs
from ca1ltd.model.conditions import Conditions

pytestmark = pytest.mark.slow

FOLDER = Path(__file__).parents[2] / "runs" / "headlines"
SLICES = 3
CELLS = ("dhc", "c5038804")
#: 900 pulses at these rates (Hz) are the frequency function.
RATES = (0.5, 1.0, 3.0, 10.0, 20.0, 50.0)


@functools.cache
def result(cell, name, *given_drugs, conditions=(), **options) -> Run:
    spec = ExperimentSpec(
        protocol=protocols.make(name, options),
        cell=cell,
        slices=SLICES,
        drugs=tuple(drugs.parse(text) for text in given_drugs),
        conditions=Conditions(**dict(conditions)),
    )
    runs = Cache.open(FOLDER, [spec])
    run_missing(runs)
    (store,) = runs.stores()
    run = store.complete()
    found = run.summary["pathways"]["conditioned"]
    print(
        f"\n{cell:9s} {name} {' '.join(given_drugs)} {dict(conditions)} {options}: expected "
        f"{found['percent_expected']:.1f} %, seen {found['percent_of_baseline']:.1f} +- "
        f"{found['sem']:.1f}, control {run.summary['pathways']['control']['percent_expected']:.1f}"
    )
    return run


def outcome(*given, pathway="conditioned", **options):
    return result(*given, **options).summary["pathways"][pathway]["percent_expected"]


def phases(*given, **options):
    """Expected outcomes at the end of the rests between inductions, and of the last induction."""
    run = result(*given, **options)
    between = [row["pathways"]["conditioned"]["percent_expected"] for row in run.summary["phases"]]
    return [*between, run.summary["pathways"]["conditioned"]["percent_expected"]]


@pytest.fixture(params=CELLS)
def cell(request):
    return request.param


@pytest.mark.parametrize("name", ["hfs", "tbs"])
def test_brief_strong_stimulation_potentiates(cell, name):
    assert 130 <= outcome(cell, name) <= 170
    assert 94 <= outcome(cell, name, pathway="control") <= 106


@pytest.mark.parametrize("drug", ["D-AP5=50@-10..5", "KN-62=10@-10..5"])
@pytest.mark.parametrize("name", ["hfs", "tbs"])
def test_potentiation_needs_nmda_receptors_and_camkii(cell, name, drug):
    assert 92 <= outcome(cell, name, drug) <= 108


def test_the_frequency_decides(cell):
    found = {rate: outcome(cell, "lfs", rate=rate) for rate in RATES}
    assert found[1.0] < 80
    assert found[3.0] < 85
    assert found[0.5] > found[1.0]
    assert 90 <= found[10.0] <= 110
    assert found[50.0] > 110


def test_hfs_after_ltd_goes_beyond_the_baseline(cell):
    depressed, after = phases(cell, "de-depression")
    assert depressed < 85
    assert after > 102


def test_lfs_after_ltp_returns_and_ltp_can_be_had_again(cell):
    potentiated, back, again = phases(cell, "depotentiation", again=True)
    assert potentiated > 125
    assert 95 <= back <= 110
    assert again > 120


def test_ltd_saturates(cell):
    first, second, third = phases(cell, "saturation")
    assert second < first
    assert first - second < 15
    assert second - third < 8


def test_order_of_spikes_decides(cell):
    burst = {"spikes": 2, "spike_rate": 100}
    assert outcome(cell, "stdp", interval=10, **burst) > 115
    assert outcome(cell, "stdp", interval=-25, rate=0.3, pairs=150) < 92
    low = (("ca", 1.3), ("mg", 0.867))
    for interval, pairs in ((10, 100), (-25, 150)):
        options = {"interval": interval, "rate": 0.3, "pairs": pairs}
        assert 92 <= outcome(cell, "stdp", conditions=low, **options) <= 108


def test_amplitude_and_duration_of_calcium_decide(cell):
    assert outcome(cell, "calcium-clamp", level=0.7, duration=60) < 92
    assert outcome(cell, "calcium-clamp", level=10, duration=3) > 130
