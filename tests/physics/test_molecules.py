"""The cascade's molecules do in the mean what its equations say, and stay whole."""

import math
import operator
from dataclasses import replace

import numpy as np
import pytest

from ca1ltd.appraisal import molecules as appraised
from ca1ltd.engine.nmodl.mechanism import Apply, Name, Number
from ca1ltd.export.molecules.pools import pools
from ca1ltd.export.molecules.spines import MolecularSpines
from ca1ltd.export.molecules.transitions import number, transitions, written_out
from ca1ltd.export.network import cascade_network
from ca1ltd.export.replay.equations import system
from ca1ltd.export.replay.spines import Spines
from ca1ltd.model import parameters

VOLUME = parameters.default("spine.head_volume")
FRACTIONS = ("c", "n", "p286", "p305", "open", "s845", "s831")


def rest():
    """Values of the cascade at rest."""
    spines = Spines(1, {})
    return {name: float(spines.get(name)[0]) for name in spines.names}


def test_rounding_keeps_means_and_what_is_conserved():
    amounts, start = pools(cascade_network()), rest()
    exact = amounts.amounts(start)
    rng = np.random.default_rng(3)
    numbers = np.array([amounts.numbers(start, rng) for _ in range(4000)])
    assert (numbers >= 0).all()
    assert (numbers == np.round(numbers)).all()
    expected = np.array([exact[name] for name in amounts.species])
    assert np.abs(numbers.mean(axis=0) - expected).max() < 4 * 0.5 / math.sqrt(4000)
    for law in (
        ("i1", "i1p", "i1pp1"), ("i1pp1", "thiopp1", "ppi"), ("anchored", "diffusing", "vesicles"),
        ("cam", "canb", "cki"), ("p286", "free p286"), ("open", "free open"),
        ("loose", "firm", "free ca1psd_camkii_sites"), ("s845", "free s845"),
    ):  # fmt: skip
        columns = [amounts.species.index(name) for name in law]
        whole = sum(exact[name] for name in law)
        assert np.abs(numbers[:, columns].sum(axis=1) - whole).max() < 1
    subunits = 1e3 * parameters.default("ca1cam.camkii_total") * VOLUME * 6.02214e2
    assert exact["p286"] + exact["free p286"] == pytest.approx(subunits)


WORKS = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    ">": operator.gt,
}


def value_of(expression, values):
    match expression:
        case Number(value=value):
            return value
        case Name(name):
            return values[name]
        case Apply("if", (condition, then, otherwise)):
            return value_of(then if value_of(condition, values) else otherwise, values)
        case Apply(work, arguments):
            found = [value_of(each, values) for each in arguments]
            if len(found) == 1:
                return -found[0]
            return WORKS[work](*found)
    raise ValueError(expression)


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {
            "ca1i1.thio": 1e-3,
            "ca1cam.can_block": 0.3,
            "ca1camkii.block": 0.2,
            "ca1camkii.t286d": 0.1,
        },
    ],
)
def test_reactions_change_the_mean_as_the_equations_do_in_any_state(changed):
    network = cascade_network(changed.items())
    equations, amounts = system(network), pools(network)
    rng, start = np.random.default_rng(5), rest()
    for _ in range(5):
        state = {name: value * rng.uniform(0.2, 1.5) for name, value in start.items()}
        state |= {name: rng.uniform(0, 1) for name in FRACTIONS}
        state |= {name: rng.uniform(0, 1e-4) for name in ("canb", "cki", "psqi", "loose", "firm")}
        given = {**equations.constants, **state, "cai": 10 ** rng.uniform(-5, -2)}
        assigned = written_out(equations)
        given |= {each: value_of(how, given) for each, how in assigned.items()}
        counts = amounts.amounts(state)
        given |= {number(name).name: count for name, count in counts.items()}
        change, traffic = dict.fromkeys(amounts.species, 0.0), dict.fromkeys(amounts.species, 0.0)
        for mechanism in network.mechanisms:
            for each in transitions(equations, mechanism, amounts):
                propensity = value_of(each.propensity, given)
                assert propensity > -1e-12
                for name, by in (*((m, 1) for m in each.made), *((c, -1) for c in each.consumed)):
                    change[name] += by * propensity
                    traffic[name] += propensity
        for name, rate in equations.rates.items():
            expected = value_of(rate, given) / amounts.worth[name]
            assert change[name] == pytest.approx(expected, abs=1e-9 * traffic[name]), name


def test_many_molecules_follow_the_equations():
    """In a head of a hundred times the volume."""
    network = cascade_network()
    large, equations = replace(network, volume=100 * network.volume), Spines(1, {})
    start = rest()
    molecules = MolecularSpines(large, start, 1, 1)
    for spines in (molecules, equations):
        spines.hold(0.5, 1.5)
    for name, tolerance in {"canb": 0.05, "cki": 0.02, "i1p": 0.01, "i1": 0.03}.items():
        found, expected = float(molecules.get(name)[0]), float(equations.get(name)[0])
        assert found == pytest.approx(expected, rel=tolerance), name
    assert equations.get("canb")[0] > 100 * start["canb"]


def test_numbers_stay_whole_and_conserved_where_everything_moves():
    molecules = MolecularSpines(cascade_network(), rest(), 2, 1)
    before = molecules.numbers.copy()
    molecules.hold(10.0, 0.5)
    molecules.rest(10.0)
    assert (molecules.numbers >= 0).all()
    assert (molecules.numbers == np.round(molecules.numbers)).all()
    assert (molecules.numbers != before).any(axis=0).sum() > 12
    for law in (("cam", "canb", "cki"), ("c", "free c"), ("p286", "free p286"),
                ("i1", "i1p", "i1pp1"), ("i1pp1", "thiopp1", "ppi"),
                ("anchored", "diffusing", "vesicles")):  # fmt: skip
        columns = [molecules.species.index(name) for name in law]
        assert (molecules.numbers[:, columns].sum(1) == before[:, columns].sum(1)).all()


def test_a_protocol_is_told_by_equations_and_as_molecules(monkeypatch):
    monkeypatch.setattr(appraised, "SPINES", 2)
    quiet = np.full((1, 400, 1), 0.06)  # uM
    found = appraised.followed({"100 Hz": quiet}, {}, "100 Hz")
    assert (found["spines"], found["volume_um3"]) == (2, VOLUME)
    assert found["times_min"][0] == 0
    assert found["times_min"][-1] == pytest.approx((2 + 3300) / 60)
    assert found["equations"]["epsp"][-1] == pytest.approx(100, abs=0.1)
    assert found["equations"]["anchored"]["sd"][-1] == 0
    lobes = parameters.default("ca1cam.cam_total") * VOLUME * 6.02214076e5
    emptied = lobes * rest()["n"] * parameters.default("ca1cam.koff_n")
    assert found["per_s"]["n -> free n"] == pytest.approx(emptied, rel=0.02)
    assert found["molecules"]["anchored"]["mean"][-1] == np.mean([e[-1] for e in found["examples"]])
