"""The cascade that the calibration fits is the cascade of the mod files."""

import numpy as np
import pytest

from ca1ltd.engine import session
from ca1ltd.engine.integrators import INTEGRATORS
from ca1ltd.engine.pointers import owner
from ca1ltd.export.replay import spines as replay
from ca1ltd.export.replay.spines import Spines, cascade, keys
from ca1ltd.model import parameters
from ca1ltd.model.mechanisms import CASCADE, MECHANISMS

REST = 0.06  # uM
SAMPLE = 0.005  # s
POOLS = ("anchored", "diffusing", "vesicles")
#: Mechanism of everything the replay shows.
STATES = {state.name: row.name for row in MECHANISMS if row.name in CASCADE for state in row.states}


def value(key):
    return parameters.table()[key].value


#: The largest that each can be; of others their value counts.
SIZES = {
    **dict.fromkeys(("c", "n", "p286", "p305", "open", "s845", "s831"), 1.0),
    **dict.fromkeys(("cam", "cami"), value("ca1cam.cam_total")),
    **dict.fromkeys(("canb", "cani"), value("ca1cam.can_total")),
    **dict.fromkeys(("cki", "cfi", "pti", "phi", "ckai"), value("ca1cam.camkii_total")),
    "pkai": value("ca1pka.basal"),
    **dict.fromkeys(("i1", "i1p", "i1pp1", "phosphorylated"), value("ca1i1.i1_total")),
    **dict.fromkeys(("ppi", "thiopp1"), value("ca1i1.pp1_total")),
    "psqi": value("ca1psd.pp1_sites"),
    **dict.fromkeys(("loose", "firm", "pski"), value("ca1psd.camkii_sites")),
    "slots": value("ca1ampar.slots_rest"),
    **dict.fromkeys(POOLS, value("ca1ampar.total")),
    "ampari": 1e-6 * value("ca1ampar.total"),
}
#: Every drug at once, each in part.
DRUGS = {
    "ca1cam.can_block": 0.3,
    "ca1cam.camkii_block": 0.2,
    "ca1camkii.block": 0.2,
    "ca1psd.phosphatase_block": 0.4,
    "ca1ampar.phosphatase_block": 0.4,
    "ca1camkii.pp2a_block": 0.5,
    "ca1i1.pp2a_block": 0.5,
    "ca1ampar.pp2a_block": 0.5,
    "ca1pka.block": 0.1,
    "ca1pka.cyclase": 0.5,
    "ca1ampar.endo_block": 0.3,
    "ca1ampar.exo_block": 0.2,
    "ca1ampar.pka_released": 0.3,
    "ca1ampar.can_released": 0.3,
    "ca1psd.can_released": 0.1,
}
#: Vesicles that come and go half as fast or twice as fast.
TRAFFIC = {
    name: factor * parameters.table()[name].value
    for name, factor in (("ca1ampar.k_endo", 2.0), ("ca1ampar.k_exo", 0.5))
}
#: Slots bind within a second of LTP, faster than a step of the replay at rest.
EAGER = {"ca1ampar.k_anchor": 4.0 * parameters.table()["ca1ampar.k_anchor"].value}


class Head:
    """A spine head of NEURON at rest, whose calcium is given."""

    def __init__(self, changed):
        self.n = session.load()
        self.section = self.n.Section(name="head")
        self.section.insert("pas")
        for mechanism in CASCADE:
            self.section.insert(mechanism)
        self.here = self.section(0.5)
        self.change(changed)

    def change(self, changed):
        for key, value in changed.items():
            mechanism, name = key.split(".")
            setattr(getattr(self.here, mechanism), name, value)

    def read(self):
        """Return what the replay shows."""
        return with_sum(
            {name: getattr(owner(self.here, row, name), name) for name, row in STATES.items()}
        )


def with_sum(states):
    """Phosphorylated inhibitor-1 as well: with PP1 and without."""
    return states | {"phosphorylated": states["i1p"] + states["i1pp1"]}


@pytest.fixture
def simulated(n):
    """Function of calcium and parameters: the states of a head at rest and after each stretch.

    A stretch is a clamp (uM, s) or an array of samples (uM).
    """

    def simulate(*stretches, changed=(), drugs=()):
        head = Head(dict(changed))
        with session.settings(celsius=30.0, atol=1e-4) as cvode:
            head.here.cai = REST * 1e-3
            integrator = INTEGRATORS["reference"](cvode)
            integrator.find_rest()
            head.change(dict(drugs))
            states, end = [head.read()], 0.0
            for stretch in stretches:
                samples = [stretch[0]] if isinstance(stretch, tuple) else stretch
                step = stretch[1] if isinstance(stretch, tuple) else SAMPLE
                for calcium in samples:
                    end += step * 1e3
                    if head.here.cai != calcium * 1e-3:
                        head.here.cai = calcium * 1e-3
                        integrator.changed()
                    integrator.advance(end)
                states.append(head.read())
        return states

    return simulate


def states_of(spines):
    return with_sum({name: float(spines.get(name)[0]) for name in spines.names})


def assert_alike(found, expected, *, of_all=0.01):
    """Compare states, each to a part of the largest it can be."""
    for state, value in expected.items():
        limit = of_all * SIZES.get(state, abs(value))
        assert found[state] == pytest.approx(value, abs=limit), state


def test_it_has_every_state_and_every_parameter_of_the_cascade():
    assert cascade().names == tuple(STATES)
    names = {key.replace(".", "_") for key in keys()}
    assert cascade().constants.keys() - names == {"ca1ampar_one_receptor"}
    assert names < cascade().constants.keys()
    for key in keys():
        assert cascade().constants[key.replace(".", "_")] == value(key)
    spines = Spines(1, {"ca1cam.kon_can": 3.0})
    assert spines.value("ca1cam.kon_can") == 3.0
    spines.warm({"ca1cam.kon_can": 2.0, "ca1cam.koff_can": 2.0})
    assert spines.value("ca1cam.kon_can") == 6.0
    assert spines.value("ca1cam.koff_can") == 2 * value("ca1cam.koff_can")


@pytest.mark.parametrize("changed", [{}, TRAFFIC], ids=["default", "slow vesicles"])
def test_it_begins_where_neuron_rests_and_stays(simulated, changed):
    (expected,) = simulated(changed=changed)
    spines = Spines(2, changed)
    assert_alike(states_of(spines), expected, of_all=1e-3)
    before = spines.conductance()
    gain = parameters.table()["ca1ampar.s831_gain"].value
    assert before == pytest.approx(expected["anchored"] * (1 + gain * expected["s831"]), rel=1e-3)
    spines.rest(7200.0)
    assert spines.conductance() == pytest.approx(before, rel=2e-4)


@pytest.mark.parametrize("drugs", [{}, DRUGS, EAGER], ids=["plain", "drugs", "eager slots"])
@pytest.mark.parametrize(("calcium", "duration"), [(0.7, 60.0), (10.0, 3.0)])
def test_clamped_calcium_gives_the_same_outcome(simulated, calcium, duration, drugs):
    before, clamped, later = simulated((calcium, duration), (REST, 1800.0), drugs=drugs)
    assert abs(later["anchored"] / before["anchored"] - 1) > 0.01  # something moved
    spines = Spines(1, {})
    spines.change(drugs)
    spines.hold(calcium, duration)
    assert_alike(states_of(spines), clamped)
    spines.rest(1800.0)
    assert_alike(states_of(spines), later)


def transients(number, peak, decay):
    """Calcium (uM) of events of a second, each with its own peak, shape (events, times, 1)."""
    since = np.arange(0, 1.0, SAMPLE) - 0.05
    course = np.where(since >= 0, np.exp(-np.maximum(since, 0) / decay), 0.0)
    course[course < 1e-3] = 0.0
    heights = peak * (1 + 0.5 * np.sin(np.arange(number)))
    return REST + heights[:, None, None] * course[None, :, None]


@pytest.mark.parametrize(("spacing", "number"), [(1.0, 60), (4.0, 15), (0.2, 50)])
def test_transients_give_the_same_outcome(simulated, spacing, number, monkeypatch):
    monkeypatch.setattr(replay, "FEEDBACK", 0.0)  # NEURON is given its calcium here
    events = transients(5, 2.0, 0.03)
    times = round(min(spacing, 1.0) / SAMPLE)
    trains = [np.full(round(spacing / SAMPLE), REST) for _ in range(number)]
    for k, train in enumerate(trains):
        train[:times] = events[k % len(events), :times, 0]
    before, driven, later = simulated(np.concatenate(trains), (REST, 1800.0))
    spines = Spines(3, {})
    spines.drive(np.repeat(events, 3, axis=2), SAMPLE, number, spacing)
    found = states_of(spines)
    assert driven["i1p"] < 0.97 * before["i1p"]
    assert_alike(found, driven, of_all=0.02)
    assert np.ptp(spines.state, axis=0).max() == 0  # the spines are alike
    spines.rest(1800.0)
    assert_alike(states_of(spines), later, of_all=0.02)


def test_gain_multiplies_calcium_above_rest():
    gained, given = Spines(1, {}), Spines(1, {})
    events = transients(4, 1.0, 0.03)
    gained.drive(events, SAMPLE, 8, 1.0, gain=1.25)
    given.drive(REST + 1.25 * (events - REST), SAMPLE, 8, 1.0)
    for state, value in states_of(given).items():
        assert states_of(gained)[state] == pytest.approx(value, rel=1e-3, abs=1e-8), state
    assert gained.get("i1p")[0] < 0.99 * Spines(1, {}).get("i1p")[0]


def test_events_of_any_length_are_followed_as_they_are_driven():
    events = np.repeat(transients(60, 1.0, 0.03), 2, axis=2)
    driven = Spines(2, {})
    driven.hold(0.7, 60.0)  # fewer AMPA receptors bring less calcium
    driven.rest(1800.0)
    followed, begun = driven.copy(), driven.state.copy()
    driven.drive(events, SAMPLE, 60, 4.0)
    lengths = np.tile([100, 0, 120], 30)  # an event of no length only looks
    parts = [events[k, :length] for k, length in enumerate(lengths[lengths > 0])]
    waits = np.where(lengths > 0, 4.0 - lengths * SAMPLE, 0.0)
    before = followed.follow(np.concatenate(parts), SAMPLE, lengths, waits)
    assert before.shape == (90, 2, len(driven.names))
    assert (before[0] == begun).all()
    assert (before[1] == before[2]).all()
    for state, value in states_of(driven).items():
        assert states_of(followed)[state] == pytest.approx(value, rel=2e-3, abs=1e-6), state
    assert driven.get("i1p")[0] < 0.97 * begun[0, driven.names.index("i1p")]


def test_thiophosphorylated_inhibitor_holds_pp1_as_in_neuron(simulated):
    """It holds PP1 for minutes, so that NEURON takes longer to come there: first at rest."""
    drugs = {"ca1i1.thio": 3e-4}
    *_, expected = simulated((REST, 7200.0), (0.7, 7200.0), drugs=drugs)
    plain, held = Spines(1, {}), Spines(1, {})
    held.change(drugs)
    for spines in (plain, held):
        spines.rest(7200.0)
        spines.hold(0.7, 7200.0)
    # what goes free is held seconds later, and PP1 of the density keeps some of it for hours
    assert_alike(states_of(held), {"psqi": expected.pop("psqi")}, of_all=0.02)
    assert_alike(states_of(held), expected)
    assert held.get("psqi")[0] < 0.8 * plain.get("psqi")[0]


def test_a_copy_goes_its_own_way():
    spines = Spines(1, {})
    before, other = states_of(spines), spines.copy()
    other.change({"ca1cam.can_block": 0.5})
    other.hold(1.0, 10.0)
    assert states_of(spines) == before
    assert spines.value("ca1cam.can_block") == 0
    assert states_of(other)["p286"] > before["p286"]
