"""What is said of test pulses that gave spikes, and of pathways that moved without an induction."""

import pandas as pd
import pytest

from ca1ltd import protocols
from ca1ltd.analysis.spikes import moved_said, spikes_said, spiking, too_many_said

CONDITIONED, CONTROL = "conditioned", "control"


def pathways(*fired_local, expected=(100.0, 100.0)):
    return {
        name: {"fired_percent": fired, "local_spike_percent": local, "percent_expected": percent}
        for name, (fired, local), percent in zip(
            (CONDITIONED, CONTROL), fired_local, expected, strict=True
        )
    }


def test_spikes_are_counted_by_what_fired():
    pulses = pd.DataFrame({"spike": ["none", "somatic", "local", "local"]})
    assert spiking(pulses) == {"fired_percent": 25.0, "local_spike_percent": 50.0}


def test_spikes_are_said_of_each_pathway():
    said = spikes_said(pathways((0, 0), (12.3, 0.4)))
    assert said.startswith("of the test pulses of the conditioned pathway and the control pathway")
    assert "0 % and 12 % fired the cell, 0 % and <1 % a dendrite or the axon alone" in said
    names = {CONDITIONED: "pathway 1", CONTROL: "pathway 2"}
    assert "pathway 1 and pathway 2 0 % and 3 %" in spikes_said(pathways((0, 0), (3, 4)), names)
    assert spikes_said(pathways((0, 0), (0, 0))) == ""
    assert spikes_said({CONDITIONED: {"percent_expected": 70.0}}) == ""  # of an older run


@pytest.mark.parametrize(
    ("shares", "words"),
    [
        (((100, 0), (98, 2)), "every test pulse of the conditioned and the control pathway"),
        (((10, 45), (0, 0)), "most test pulses of the conditioned pathway"),
        (((10, 35), (0, 0)), ""),
    ],
)
def test_too_many_spikes_are_said_with_what_to_do(shares, words):
    said = too_many_said(pathways(*shares))
    assert said.startswith(words)
    assert ("--synapses" in said) == bool(words)


@pytest.mark.parametrize(
    ("protocol", "expected", "words"),
    [
        (protocols.lfs(), (70.0, 101.0), ""),
        (protocols.lfs(), (70.0, 120.0), "the control pathway is at 120 %"),
        (protocols.lfs(), (70.0, 85.0), "the control pathway is at 85 %"),
        (protocols.lfs(), (70.0, None), ""),
        (protocols.test_pulses(), (120.0, 100.0), "the conditioned pathway is at 120 %"),
        (protocols.clamped_pairing(), (150.0, 120.0), ""),  # the clamp reaches both
        (protocols.pairing(), (150.0, 120.0), ""),
    ],
)
def test_a_pathway_that_moves_by_test_pulses_alone_is_named(protocol, expected, words):
    said = moved_said(pathways((0, 0), (0, 0), expected=expected), protocol)
    assert said.startswith(words)
    assert ("--synapses" in said) == bool(words)
