"""Measures of spines whose answer is known beforehand."""

import numpy as np
import pytest

from ca1ltd.engine import session
from ca1ltd.engine.rig import Rig
from ca1ltd.engine.spine_bench import SILENCED, SpineBench
from ca1ltd.model.drugs import drug
from ca1ltd.validation.spine_measures import SpineMeasurements, magnesium, pairing

TAU_SLOW, TAU = 30.0, 6.0  # ms at 34 degC
CHANGED = {
    "ca1nmda.tau_slow": TAU_SLOW,
    "ca1nmda.tau_unblock": TAU,
    "ca1nmda.mg_half": 3.57,
    "ca1nmda.mg_slope": 0.062,
}


@pytest.fixture(scope="module")
def bench():
    rig = Rig(cell="dhc", seed=1, index=0, synapses=6, changed=CHANGED)
    axons = rig.pathways["conditioned"][:2].tolist()
    with session.settings(celsius=rig.celsius, atol=session.ATOL, shared=rig.shared) as cvode:
        yield SpineBench(rig, axons, cvode)


def test_block_and_unblock_are_measured_as_they_were_set(bench):
    found = SpineMeasurements()
    magnesium(bench, found)
    warm = 2**0.4  # time constants at 30 degC over those at 34
    for v, name in ((-60.0, "minus_60"), (-20.0, "minus_20")):
        free = 1 / (1 + np.exp(-0.062 * v) / 3.57)  # Jahr & Stevens 1990
        most, least = (1 - slow_part(free, since) for since in (4.0, 20.0))  # around the peak
        assert 100 * least * free < found.values[f"unblocked_at_{name}"][0] < 100 * most * free
    blocked, free = (1 / (1 + np.exp(-0.062 * v) / 3.57) for v in (-60.0, 40.0))
    slow = slow_part(blocked, 20.0)
    tau = 1 / ((1 - free) / (TAU_SLOW * warm) + free / (TAU * warm))
    whole = 1 - blocked / free * (1 - slow)  # what is unblocked in all
    assert found.values["slow_unblock"][0] == pytest.approx(
        100 * slow * np.exp(-1 / tau) / whole, rel=0.1
    )
    assert found.values["slow_unblock_time"][0] == pytest.approx(tau, rel=0.1)


def slow_part(free, since):
    """The part of channels that are slow so long (ms) after a quantum, at 30 degC."""
    close, leave = (1 - free) / (TAU_SLOW * 2**0.4), free / (TAU * 2**0.4)
    return close / (close + leave) * (1 - np.exp(-since * (close + leave)))


def test_a_synapse_without_receptors_does_nothing_and_one_with_them_does(bench):
    axon = bench.axons[0]
    with bench.changed(**SILENCED):
        silent = bench.record(axon, quanta=[1.0], lasts=40.0)
    heard = bench.record(axon, quanta=[1.0], lasts=40.0)
    assert np.ptp(silent.calcium) < 1e-3
    assert np.ptp(silent.head) < 1e-2
    assert heard.calcium.max() - heard.calcium[0] > 0.1
    assert heard.head.max() - heard.head[0] > heard.dendrite.max() - heard.dendrite[0] > 0.5


def test_what_was_done_is_undone(bench):
    axon = bench.axons[1]
    before = bench.record(axon, quanta=[1.0], lasts=40.0)
    with bench.treated(drug("D-AP5")), bench.held(-40.0):
        held = bench.record(axon, quanta=[1.0], lasts=40.0)
    after = bench.record(axon, quanta=[1.0], lasts=40.0)
    assert held.soma[0] == pytest.approx(-40.0, abs=15.0)
    assert held.soma[0] > before.soma[0] + 10.0
    for one, other in zip(before, after, strict=True):
        np.testing.assert_array_equal(one, other)


def test_without_nmda_and_calcium_channels_pairing_adds_nothing(bench):
    found = SpineMeasurements()
    with bench.changed(**{"ca1nmda.antagonist": 1.0, "ca1ampa.antagonist": 1.0}):
        pairing(bench, found)
    for apart in ("after_10", "before_10", "after_50"):
        np.testing.assert_allclose(found.values[f"pair_{apart}"], 100.0, rtol=0.02)
