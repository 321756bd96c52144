"""Protocols in voltage clamp throughout: what is given when."""

import numpy as np
import pytest

from ca1ltd import protocols
from ca1ltd.errors import BadInput
from ca1ltd.units import minute, s

CURVE = protocols.current_voltage(potentials=(-65, 40), pulses=3, interval=4)
PAIRING = protocols.clamped_pairing(pulses=3, interval=10, rate=2, pairs=100, follow_up=5)


def potential_at(protocol, time):
    """The one potential of the clamp at a time."""
    (on,) = [h for h in protocol.holds() if h.time <= time < h.time + h.duration]
    return on.potential


@pytest.mark.parametrize("protocol", [CURVE, PAIRING], ids=lambda each: each.name)
def test_the_soma_is_clamped_from_the_start_to_the_end(protocol):
    holds = protocol.holds()
    assert holds[0].time == 0
    ends = [hold.time + hold.duration for hold in holds]
    np.testing.assert_allclose(ends[:-1], [hold.time for hold in holds[1:]])
    assert ends[-1] == pytest.approx(protocol.t_stop)
    for pulse in protocol.pulses():
        on = max(hold.time for hold in holds if hold.time <= pulse.time)
        assert pulse.time - on >= 0.5 * s  # channels have settled


def test_some_pulses_are_given_at_each_potential():
    assert [potential_at(CURVE, pulse.time) for pulse in CURVE.pulses()] == [-65] * 3 + [40] * 3
    assert {pulse.kind for pulse in CURVE.pulses()} == {"test"}
    assert CURVE.t_stop == 24 * s
    default = protocols.current_voltage()
    assert len(default.pulses()) == 24
    assert protocols.make("current-voltage", {"potentials": "-65,40"}).potentials == (-65, 40)


def test_currents_are_measured_before_and_after_pairing_at_both_potentials():
    tests = [pulse.time for pulse in PAIRING.pulses() if pulse.kind == "test"]
    before = [potential_at(PAIRING, time) for time in tests if time < PAIRING.induction_start]
    after = [potential_at(PAIRING, time) for time in tests if time > PAIRING.induction_end]
    assert before == [-65] * 3 + [40] * 3
    assert after == [-65] * 30 + [40] * 3
    assert len(before) + len(after) == len(tests)
    paired = [pulse.time for pulse in PAIRING.pulses() if pulse.kind == "induction"]
    assert [potential_at(PAIRING, time) for time in paired] == [0] * 100
    assert np.diff(paired) == pytest.approx(0.5 * s)
    assert PAIRING.summary_window == (PAIRING.induction_end, PAIRING.induction_end + 5 * minute)


@pytest.mark.parametrize(
    ("name", "options", "words"),
    [
        ("current-voltage", {"potentials": [200]}, "potentials"),
        ("current-voltage", {"pulses": 0}, "pulses is 0"),
        ("clamped-pairing", {"rest": -300}, "rest is -300"),
    ],
)
def test_what_is_not_possible_is_said(name, options, words):
    with pytest.raises(BadInput, match=words):
        protocols.make(name, options)


@pytest.mark.parametrize("protocol", [CURVE, PAIRING], ids=lambda each: each.name)
def test_they_are_written_and_read(protocol):
    assert protocols.from_dict(protocol.as_dict()) == protocol
