"""The cascade that the calibration fits is the cascade of the mod files."""

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest

from ca1ltd import parameters
from ca1ltd.engine import session
from ca1ltd.engine.integrators import INTEGRATORS
from ca1ltd.engine.spine import CASCADE

pytest.importorskip("numba", reason="needs pip install 'ca1ltd[calibration]'")

SCRIPT = Path(__file__).parents[2] / "calibration" / "replay.py"
REST = 0.06  # uM
SAMPLE = 0.005  # s
POOLS = ("anchored", "diffusing", "vesicles")
#: State of the replay: mechanism that holds it or None for an ion, variables it is the sum of, unit.
STATES = {
    "c": ("ca1cam", ("c",), 1.0),
    "can": (None, ("cani",), 1e-3),
    "ck": (None, ("cki",), 1e-3),
    "pt": (None, ("pti",), 1e-3),
    "pka": (None, ("pkai",), 1e-3),
    "i1p": ("ca1i1", ("i1p", "i1pp1"), 1e-3),
    "psq": (None, ("psqi",), 1e-3),
    "psk": (None, ("pski",), 1e-3),
    **{name: ("ca1ampar", (name,), 1.0) for name in ("s845", "s831", "slots", *POOLS)},
}
#: The largest that each state can be, where it is not about 1.
SIZES = {
    "can": 1e3 * parameters.table()["ca1can.can_total"].value,
    "ck": 1e3 * parameters.table()["ca1camkii.camkii_total"].value,
    "pt": 1e3 * parameters.table()["ca1camkii.camkii_total"].value,
    "pka": 1e3 * parameters.table()["ca1pka.basal"].value,
    "i1p": 1e3 * parameters.table()["ca1i1.i1_total"].value,
    "psq": 1e3 * parameters.table()["ca1psd.pp1_sites"].value,
    "psk": 1e3 * parameters.table()["ca1psd.camkii_sites"].value,
    "slots": parameters.table()["ca1ampar.slots_rest"].value,
    **dict.fromkeys(POOLS, parameters.table()["ca1ampar.total"].value),
}
#: Every drug at once, each in part.
DRUGS = {
    "ca1can.block": 0.3,
    "ca1camkii.block": 0.2,
    "ca1camkii.phosphatase_block": 0.4,
    "ca1psd.phosphatase_block": 0.4,
    "ca1ampar.phosphatase_block": 0.4,
    "ca1camkii.pp2a_block": 0.5,
    "ca1i1.pp2a_block": 0.5,
    "ca1ampar.pp2a_block": 0.5,
    "ca1pka.block": 0.1,
    "ca1pka.cyclase": 0.5,
    "ca1ampar.endo_block": 0.3,
    "ca1ampar.exo_block": 0.2,
}
#: Vesicles that come and go half as fast or twice as fast.
TRAFFIC = {
    name: factor * parameters.table()[name].value
    for name, factor in (("ca1ampar.k_endo", 2.0), ("ca1ampar.k_exo", 0.5))
}


@pytest.fixture(scope="module")
def replay():
    spec = importlib.util.spec_from_file_location("replay", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # where numba looks for what it has compiled before
    spec.loader.exec_module(module)
    return module


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
        """Return the states as the replay has them."""
        found = {}
        for state, (mechanism, variables, unit) in STATES.items():
            owner = self.here if mechanism is None else getattr(self.here, mechanism)
            found[state] = sum(getattr(owner, name) for name in variables) / unit
        return found


@pytest.fixture
def simulated(n):
    """Function of clamps (uM, s) and parameters: the states of a head after each clamp."""

    def simulate(*clamps, changed=(), drugs=()):
        head = Head(dict(changed))
        with session.settings(celsius=30.0, atol=1e-4) as cvode:
            head.here.cai = REST * 1e-3
            integrator = INTEGRATORS["reference"](cvode)
            integrator.find_rest()
            head.change(dict(drugs))
            states, end = [head.read()], 0.0
            for calcium, duration in clamps:
                head.here.cai = calcium * 1e-3
                integrator.changed()
                end += duration * 1e3
                integrator.advance(end)
                states.append(head.read())
        return states

    return simulate


def states_of(spines):
    return {state: float(spines.get(state)[0]) for state in STATES}


def assert_alike(found, expected, *, of_all, loose=()):
    """Compare states, each to a part of the largest it can be."""
    for state, value in expected.items():
        size = SIZES.get(state, 1.0)
        limit = dict(loose).get(state, of_all) * size
        assert found[state] == pytest.approx(value, abs=limit), state


def test_it_takes_every_parameter_in_its_unit(replay):
    units = {row.unit for key, row in parameters.table().items() if key in replay.KEYS}
    assert units == {"1", "mM", "ms", "s", "/s", "/uM", "/uM-s"}
    found = replay.parameters_of({"ca1can.kon": 3.0})
    assert found.ca1can_kon == 3.0
    assert found.ca1i1_pp1_total == pytest.approx(
        1e3 * parameters.table()["ca1i1.pp1_total"].value
    )
    assert found.ca1pka_tau == pytest.approx(1e-3 * parameters.table()["ca1pka.tau"].value)


@pytest.mark.parametrize("changed", [{}, TRAFFIC], ids=["default", "slow vesicles"])
def test_it_begins_where_neuron_rests_and_stays(replay, simulated, changed):
    (expected,) = simulated(changed=changed)
    spines = replay.Spines(2, changed)
    assert_alike(states_of(spines), expected, of_all=1e-3)
    before = spines.conductance()
    gain = parameters.table()["ca1ampar.s831_gain"].value
    assert before == pytest.approx(expected["anchored"] * (1 + gain * expected["s831"]), rel=1e-3)
    spines.rest(7200.0)
    assert spines.conductance() == pytest.approx(before, rel=2e-4)


@pytest.mark.parametrize("drugs", [{}, DRUGS], ids=["plain", "drugs"])
@pytest.mark.parametrize(("calcium", "duration"), [(0.7, 60.0), (10.0, 3.0)])
def test_clamped_calcium_gives_the_same_outcome(replay, simulated, calcium, duration, drugs):
    before, clamped, later = simulated((calcium, duration), (REST, 1800.0), drugs=drugs)
    assert abs(later["anchored"] / before["anchored"] - 1) > 0.01  # something moved
    spines = replay.Spines(1, {})
    spines.change(**{key.replace(".", "__"): value for key, value in drugs.items()})
    spines.hold(calcium, duration)
    # the binding of PP1 is at its steady state in the replay, which in truth takes a second
    assert_alike(states_of(spines), clamped, of_all=0.02)
    spines.rest(1800.0)
    assert_alike(states_of(spines), later, of_all=0.02)
