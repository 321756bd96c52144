"""AMPA receptors: time course, temperature, current, quanta, receptors on the bus."""

import numpy as np
import pytest

from ca1ltd.model import parameters

G = parameters.table()["ca1ampa.g_receptor"].value  # uS
RISE, DECAY = 0.25, 2.5  # ms at 34 degC
RECEPTOR = 1e-6  # mM on the bus
T_PEAK = RISE * DECAY / (DECAY - RISE) * np.log(DECAY / RISE)
JUMP = 1 / (np.exp(-T_PEAK / DECAY) - np.exp(-T_PEAK / RISE))


def shape(t):
    """Open fraction at a time (ms) after a quantum, 34 degC."""
    return np.where(t >= 0, JUMP * (np.exp(-t / DECAY) - np.exp(-t / RISE)), 0.0)


class Synapse:
    def __init__(self, n, head, *, receptors=50.0, quanta=1.0, mechanisms=(), **settings):
        self.head = head(*mechanisms)
        self.point = n.ca1ampa(self.head.seg)
        for name, value in settings.items():
            setattr(self.point, name, value)
        self.head.hold(ampari=receptors * RECEPTOR)
        self.connection = n.NetCon(None, self.point, 0, 0.0, quanta)
        self.deliver(1.0)

    def deliver(self, *times):
        self.head.deliver(self.connection, *times)

    def run(self, t_stop, *, variable=False, dt=0.005, every=0.01, v=-65.0):
        """Conductance (uS) and current (nA) each so many ms."""
        names = {"g": self.point._ref_g, "i": self.point._ref_i}
        taken = self.head.record(names, every)
        self.head.start(v)
        self.head.advance(t_stop, variable=variable, dt=dt)
        return {name: vector.as_numpy().copy() for name, vector in taken.items()}


@pytest.mark.parametrize("celsius", [24.0, 30.0, 34.0])
def test_a_quantum_peaks_at_one_when_the_closed_form_says(n, head, celsius):
    n.celsius = celsius
    g = Synapse(n, head).run(15.0)["g"]
    assert g.max() == pytest.approx(50 * G, rel=1e-3)
    assert g.argmax() * 0.01 - 1.0 == pytest.approx(T_PEAK * 2 ** ((34 - celsius) / 10), abs=0.03)


@pytest.mark.parametrize("variable", [False, True])
def test_conductance_follows_the_closed_form(n, head, variable):
    synapse = Synapse(n, head)
    synapse.deliver(1.0, 3.0)
    times = np.arange(0, 15, 0.1)
    g = synapse.run(15.0, variable=variable, dt=0.001, every=0.1)["g"][: len(times)]
    expected = 50 * G * (shape(times - 1.0) + shape(times - 3.0))
    np.testing.assert_allclose(g, expected, rtol=0, atol=5e-3 * expected.max())


def test_quanta_add_up(n, head):
    one, two = (Synapse(n, head, quanta=q).run(5.0)["g"].max() for q in (1.0, 2.0))
    assert two == pytest.approx(2 * one, rel=1e-9)


def test_scale_and_reversal(n, head):
    plain = Synapse(n, head).run(5.0)
    scaled = Synapse(n, head, scale=1.7, e=5.0).run(5.0)
    np.testing.assert_allclose(scaled["g"], 1.7 * plain["g"], rtol=1e-9)
    np.testing.assert_allclose(scaled["i"], scaled["g"] * (-65.0 - 5.0), rtol=1e-6)
    assert plain["i"].min() == pytest.approx(-65.0 * 50 * G, rel=1e-3)
    assert abs(Synapse(n, head).run(5.0, v=0.0)["i"]).max() < 1e-12


def test_an_antagonist_takes_its_fraction(n, head):
    plain, blocked = (Synapse(n, head, antagonist=b).run(5.0)["g"] for b in (0.0, 0.8))
    assert plain.max() > 0
    np.testing.assert_allclose(blocked, 0.2 * plain, rtol=1e-9)


def test_clamp_current_is_the_recorded_current(n, head):
    synapse = Synapse(n, head)
    synapse.head.section.cm = 1.0
    clamp = n.SEClamp(synapse.head.seg)
    clamp.rs, clamp.dur1, clamp.amp1 = 1e-4, 1e9, -40.0
    synapse.run(2.0, v=-40.0)
    assert synapse.point.i < -1e-3
    assert clamp.i == pytest.approx(synapse.point.i, rel=0.01)


@pytest.mark.parametrize("variable", [False, True])
def test_conductance_follows_the_anchored_receptors(n, head, variable):
    found = []
    for anchored, s831 in ((60.0, 0.0), (30.0, 0.0), (30.0, 0.5)):
        synapse = Synapse(n, head, mechanisms=("ca1ampar",))
        # PP1 would loosen the anchor, CaMKII would trap those that diffuse
        synapse.head.hold(psqi=0.0, ppi=0.0, pski=0.0)
        synapse.head.start()
        synapse.head.ca1ampar.anchored = anchored
        synapse.head.ca1ampar.s831 = s831
        synapse.head.ca1ampar.slots = 70.0
        synapse.head.advance(1.0 + T_PEAK, variable=variable, dt=0.001)
        synapse.head.advance(n.t + 0.002, variable=False, dt=0.001)
        found.append(synapse.point.g)
    assert found == pytest.approx([60 * G, 30 * G, 30 * 1.15 * G], rel=2e-3)


def test_nothing_happens_without_release(n, head):
    synapse = Synapse(n, head)
    synapse.deliver()
    trace = synapse.run(20.0)
    assert not trace["g"].any()
    assert not trace["i"].any()
