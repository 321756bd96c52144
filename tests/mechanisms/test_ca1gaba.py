"""GABA-A receptors: time course, current, depression by autoreceptors, integrators."""

import numpy as np
import pytest

from ca1ltd.model import parameters

VALUES = {row.name: row.value for row in parameters.table().values() if row.group == "ca1gaba"}
W = 1e-3  # uS


def peaks_at(rise, decay):
    return rise * decay / (decay - rise) * np.log(decay / rise)


def shape(t, rise, decay):
    """Difference of two exponentials that peaks at 1, at a time (ms) after its start."""
    at = peaks_at(rise, decay)
    jump = 1 / (np.exp(-at / decay) - np.exp(-at / rise))
    t = np.maximum(t, 0.0)
    return jump * (np.exp(-t / decay) - np.exp(-t / rise))


def suppressed(after, rate=1.0):
    """Part of the release that one pulse suppresses so many ms after it."""
    s = shape(after * rate, VALUES["tau_on"], VALUES["tau_off"])
    return VALUES["most"] * s / (s + VALUES["half"])


class Receptors:
    def __init__(self, n, head, *times):
        self.head = head()
        self.point = n.ca1gaba(self.head.seg)
        self.connection = n.NetCon(None, self.point, 0, 0.0, W)
        self.head.deliver(self.connection, *times)

    def run(self, t_stop, *, variable=False, dt=0.01, every=0.1, v=-60.0):
        """Conductance (uS) and current (nA) each so many ms."""
        names = {"g": self.point._ref_g, "i": self.point._ref_i}
        taken = self.head.record(names, every)
        self.head.start(v)
        self.head.advance(t_stop, variable=variable, dt=dt)
        return {name: vector.as_numpy().copy() for name, vector in taken.items()}


@pytest.mark.parametrize("variable", [False, True])
@pytest.mark.parametrize("celsius", [24.0, 34.0])
def test_conductance_follows_the_closed_form(n, head, variable, celsius):
    n.celsius = celsius
    rate = VALUES["q10"] ** ((celsius - 34) / 10)
    g = Receptors(n, head, 1.0).run(60.0, variable=variable)["g"]
    times = np.arange(len(g)) * 0.1
    expected = W * shape((times - 1.0) * rate, VALUES["tau_rise"], VALUES["tau_decay"])
    assert expected.max() == pytest.approx(W, rel=1e-2)
    np.testing.assert_allclose(g, expected, rtol=0, atol=0.02 * W)


def test_the_current_is_outward_above_its_reversal_and_none_at_it(n, head):
    above = Receptors(n, head, 1.0).run(10.0, v=-60.0)
    np.testing.assert_allclose(above["i"], above["g"] * (-60.0 - VALUES["e"]), rtol=1e-5)
    assert above["i"].max() > 0
    assert abs(Receptors(n, head, 1.0).run(10.0, v=VALUES["e"])["i"]).max() < 1e-12


@pytest.mark.parametrize("variable", [False, True])
@pytest.mark.parametrize("interval", [10.0, 150.0, 400.0, 1500.0])
def test_the_second_of_two_pulses_is_depressed_as_the_equations_say(n, head, interval, variable):
    receptors = Receptors(n, head, 1.0, 1.0 + interval)
    g = receptors.run(interval + 20.0, variable=variable)["g"]
    times = np.arange(len(g)) * 0.1
    first = W * shape(times - 1.0, VALUES["tau_rise"], VALUES["tau_decay"])
    second = W * shape(times - 1.0 - interval, VALUES["tau_rise"], VALUES["tau_decay"])
    expected = first + (1 - suppressed(interval)) * second
    np.testing.assert_allclose(g, expected, rtol=0, atol=0.02 * W)


def test_depression_is_greatest_at_the_interval_of_theta():
    intervals = np.arange(10.0, 2000.0, 10.0)
    slice_rate = VALUES["q10"] ** ((30 - 34) / 10)
    found = suppressed(intervals, slice_rate)
    assert 100 <= intervals[found.argmax()] <= 200
    assert 0.5 < found.max() < 0.7
    assert found[intervals >= 1500].max() < 0.05


def test_an_antagonist_takes_its_fraction_and_leaves_the_autoreceptors(n, head):
    plain = Receptors(n, head, 1.0, 151.0)
    blocked = Receptors(n, head, 1.0, 151.0)
    blocked.point.antagonist = 0.75
    seen = [each.run(170.0) for each in (plain, blocked)]
    assert seen[0]["g"].max() > 0.9 * W
    for name in ("g", "i"):
        np.testing.assert_allclose(seen[1][name], 0.25 * seen[0][name], rtol=1e-4, atol=1e-12)


def test_of_silenced_interneurons_nothing_arrives_and_nothing_is_depressed(n, head):
    every, some, none = (Receptors(n, head, 1.0, 151.0) for _ in range(3))
    some.point.silenced, none.point.silenced = 0.5, 1.0
    peaks = []
    for each in (every, some, none):
        g = each.run(170.0)["g"]
        peaks.append((g[:1500].max(), g[1500:].max()))
    assert peaks[1][0] == pytest.approx(0.5 * peaks[0][0], rel=1e-6)
    assert peaks[1][1] / peaks[1][0] > 1.1 * peaks[0][1] / peaks[0][0]
    assert peaks[2] == (0, 0)


def test_nothing_happens_without_a_pulse(n, head):
    trace = Receptors(n, head).run(20.0)
    assert not trace["g"].any()
    assert not trace["i"].any()
