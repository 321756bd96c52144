"""The compiled loops over instances take the steps that NEURON's own mechanisms take."""

import numpy as np
import pytest

from ca1ltd.engine import session
from ca1ltd.engine.integrators import Efficient
from ca1ltd.engine.integrators.fixed import Fixed
from ca1ltd.engine.kernels import library
from ca1ltd.engine.rig import Rig
from ca1ltd.model.mechanisms import CASCADE, MOVING, Place
from ca1ltd.protocols import Pulse
from ca1ltd.resources import mod_files

#: What NEURON keeps beside the mechanisms' own numbers of a step, and a kernel need not.
NOT_KEPT = ("dica_dv_", "dina_dv_", "dik_dv_")
CONSERVING = {file.stem for file in mod_files() if "CONSERVE" in file.read_text("utf-8")}
#: NEURON iterates kinetic schemes until a turn moves less than 1e-6, and may end before we do: that
#: of calcium, and what follows it, agree within this fraction, or so many mM.
BUSES = (
    *("cai", "cami", "cani", "pkai", "ppi", "cki", "cfi", "pti", "phi", "ckai"),
    *("psqi", "pski", "ampari"),
)
AFTER_CALCIUM = ("ca1spineca", "ca1sk", *CASCADE)
WITHIN, NEARLY = 1e-6, 1e-7
POINTS = [each.name for each in MOVING if Place.SYNAPSE in each.places]


@pytest.fixture(scope="module")
def somewhere():
    """A slice in no state that it knows: 5 ms after a pulse, all numbers stirred."""
    rig = Rig(cell="dhc", seed=1, index=0, synapses=12, changed={})
    n = session.load()
    with session.settings(celsius=rig.celsius, atol=session.ATOL) as cvode:
        tables = [each.name for each in MOVING if hasattr(n, f"usetable_{each.name}")]
        for name in tables:
            setattr(n, f"usetable_{name}", 0)
        integrator = Efficient(cvode)
        integrator.find_rest()
        integrator.advance(10.0)
        integrator.pulse(rig.stimulate(Pulse(10.0, ("conditioned",), "test")))
        integrator.advance(20.0)
        stir(n, np.random.default_rng(1))
        n.secondorder = 0
        saved = n.SaveState()
        saved.save()
        yield n, saved
        for name in tables:
            setattr(n, f"usetable_{name}", 1)


def stir(n, rng):
    """Give every segment another potential and every state another value, within its range.

    Not so far that a step would leave less calcium than none, which NEURON's solver makes zero.
    """
    for section in n.allsec():
        for segment in section:
            segment.v = rng.uniform(-80, -10)
            for mechanism in segment:
                for variable in states_of(n, mechanism):
                    variable[0] *= rng.uniform(0.3, 1.0)
    for name in POINTS:
        for point in n.List(name):
            for state in (
                "a",
                "b",
                "a_2a",
                "b_2a",
                "a_2b",
                "b_2b",
                "slow",
                "inactivated",
                "trapped",
            ):
                if hasattr(point, state):
                    setattr(point, state, rng.uniform(0.0, 0.9))


def states_of(n, mechanism):
    """The states of a mechanism or ion, but for those of which a sum must stay what it is."""
    standard = n.MechanismStandard(mechanism.name(), 3)
    names = {name_of(n, standard, k) for k in range(int(standard.count()))}
    free = set() if mechanism.name() in CONSERVING else names
    free |= {"c_ca1cam", "n_ca1cam", "pkai", "psqi"}
    free |= {"cai", "cami", "cani", "cfi", "pti", "phi", "ckai", "pski"}  # and buses
    return [each for each in mechanism if each.name() in free]


def name_of(n, standard, k):
    text = n.ref("")
    standard.name(text, k)
    return text[0]


def everything(n):
    """All numbers of the model by name, one array for each."""
    found = {}
    for section in n.allsec():
        for segment in section:
            found.setdefault("v", []).append(segment.v)
            for mechanism in segment:
                for variable in mechanism:
                    found.setdefault(variable.name(), []).append(variable[0])
    for name in POINTS:
        standard = n.MechanismStandard(name, 0)
        for k in range(int(standard.count())):
            variable = name_of(n, standard, k)
            found[f"{variable} of {name}"] = [getattr(each, variable) for each in n.List(name)]
    for name in NOT_KEPT:
        found.pop(name, None)
    return {name: np.array(values) for name, values in found.items() if values}


def stepped(n, saved, take, step):
    saved.restore()
    n.secondorder = 0
    take(step)
    return everything(n)


def by_neuron(n):
    def take(step):
        n.dt = step
        n.fadvance()

    return take


def by_nernst(n, numbers):
    return np.vectorize(n.nernst)(numbers["cai"], numbers["cao"], 2.0)


def test_every_number_of_a_step_is_neurons(somewhere):
    n, saved = somewhere
    before = stepped(n, saved, lambda step: None, 0.0)
    neurons = stepped(n, saved, by_neuron(n), 0.1)
    ours = stepped(n, saved, lambda step: n.ca1_settle(step, 1), 0.1)
    assert ours.keys() == neurons.keys()
    neurons["eca"] = by_nernst(n, ours)  # NEURON's is of the calcium before the step
    moved = {name for name in neurons if np.any(neurons[name] != before[name])}
    assert {"m_ca1nat", "cai", "cami", "ppi", "pti", "ampari", "a_2b of ca1nmda"} <= moved
    for name, values in neurons.items():
        size = max(np.abs(values).max(), 1e-9)
        after = name in BUSES or name.rpartition("_")[2] in AFTER_CALCIUM
        rel, least = (WITHIN, NEARLY) if after else (1e-9, 1e-9 * size)
        assert ours[name] == pytest.approx(values, rel=rel, abs=least), name


def test_all_that_moves_has_a_kernel(somewhere):
    for each in MOVING:
        assert library.operands(each.name)


def test_rest_is_neurons(somewhere):
    n, _ = somewhere
    found = []
    with session.settings(celsius=34, atol=session.ATOL) as cvode:
        for kind in (Efficient, Fixed):
            kind(cvode).find_rest()
            found.append(everything(n))
    ours, neurons = found
    for name, values in neurons.items():
        size = max(np.abs(values).max(), 1e-9)
        assert ours[name] == pytest.approx(values, rel=1e-5, abs=1e-6 * size), name
