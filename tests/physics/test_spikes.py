"""Spikes of dendrites that shape an EPSP are found, and nothing is where dendrites cannot fire."""

import numpy as np
import pytest

import ca1ltd as ltd

SILENCED = (("basal.nat", 0.0), ("apical.nat", 0.0))
STRONG = ("ca1ampa.g_receptor", 3e-5)  # five times as strong: some branches fire, the cell not


@pytest.fixture(scope="module")
def pulses():
    """EPSPs of the same releases with and without sodium channels in the dendrites."""
    protocol = ltd.protocols.test_pulses(duration=2, baseline=1, test_interval=5)
    return [
        ltd.Slice(synapses=15, parameters=(STRONG, *changed)).run(protocol).epsp
        for changed in ((), SILENCED)
    ]


def test_branch_spikes_are_found_and_need_sodium_channels(pulses):
    with_channels, without = pulses
    assert not with_channels["fired"].any()
    spike = with_channels["spike"] == "local"
    assert 0 < spike.sum() < len(spike)
    assert set(without["spike"]) == {"none"}
    assert with_channels["epsp_slope_mV_per_ms"].isna().equals(spike)


def test_what_is_measured_no_spike_has_shaped(pulses):
    with_channels, without = (table["epsp_slope_mV_per_ms"] for table in pulses)
    ratio = (with_channels / without).dropna().to_numpy()
    assert abs(np.median(ratio) - 1) < 0.05
    assert np.abs(ratio - 1).max() < 0.25  # a branch that comes near threshold
