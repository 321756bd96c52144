"""Molecules that are drawn follow the laws that are known, and in the mean the equations."""

import importlib.util
import math
import operator
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.linalg import expm

from ca1ltd.engine.nmodl.mechanism import Apply, Name, Number
from ca1ltd.engine.nmodl.syntax import read_mechanism
from ca1ltd.errors import BadInput
from ca1ltd.export.molecules.pools import pools
from ca1ltd.export.molecules.spines import MolecularSpines
from ca1ltd.export.molecules.transitions import number, transitions
from ca1ltd.export.network import Network, cascade_network
from ca1ltd.export.replay.equations import system
from ca1ltd.export.replay.spines import Spines
from calibration.molecules import followed

RUNNER = Path(__file__).with_name("roadrunner_draws.py")
HAS_ROADRUNNER = all(map(importlib.util.find_spec, ("libsbml", "roadrunner")))
TOY = """TITLE Toy
NEURON {{
    SUFFIX toy
    USEION ca READ cai
    RANGE k
}}
PARAMETER {{
    sites = 12 (1)
    k = 0.002 (/ms)
    pair = 0.0005 (/ms)
    rate = 1 (/mM-ms)
}}
ASSIGNED {{ cai (mM) }}
STATE {{
{states}
}}
BREAKPOINT {{ SOLVE go METHOD sparse }}
KINETIC go {{
{equations}
}}
INITIAL {{
{initial}
}}
"""
PAIRS = """
    ~ a + b <-> ab (pair, 0 (/ms))
    ~ ab <-> a + b (k, 0 (/ms))
"""
EQUATIONS = """
    ~ made << (10*k)
    ~ made -> (k)
    ~ held << (k*sites)
    ~ held -> (4*k)
    ~ gone -> (rate*cai)
"""
PAIRED = {"a": 9.0, "b": 12.0, "ab": 0.0}
START = {"made": 3.0, "held": 0.0, "gone": 40.0, **PAIRED}
SPINES = 4000


def toy(folder, equations=EQUATIONS + PAIRS, states=tuple(START)):
    """A network of one mechanism, written for the test."""
    file = folder / "toy.mod"
    text = TOY.format(
        equations=equations,
        states="\n".join(f"    {name} ({'mM' if name == 'mixed' else '1'})" for name in states),
        initial="\n".join(f"    {name} = 0" for name in states),
    )
    file.write_text(text, encoding="utf-8")
    return Network(mechanisms=(read_mechanism(file),), changed={}, calcium=6e-5, volume=0.07)


def drawn(network, start=None, spines=SPINES, seed=1):
    return MolecularSpines(
        network, start or START, spines, seed, part_of={"held": "sites"}, fraction_of={}
    )


@pytest.fixture(scope="module")
def settled(tmp_path_factory):
    """Spines of the toy after ten time constants."""
    spines = drawn(toy(tmp_path_factory.mktemp("toy")))
    spines.hold(0.0, 5.0)
    return spines


def assert_law(found, mean, variance):
    """Compare mean and variance within four standard errors, those of a law that is near normal."""
    size = len(found)
    assert found.mean() == pytest.approx(mean, abs=4 * math.sqrt(variance / size))
    assert found.var(ddof=1) == pytest.approx(variance, rel=4 * math.sqrt(2.2 / size))


def pairs_law(until):
    """Mean and variance of pairs at a time (ms), by the master equation of their number."""
    of_a, of_b, on, off = 9, 12, 0.0005, 0.002
    moves = np.zeros((of_a + 1, of_a + 1))  # per ms, from column to row
    for pairs in range(of_a):
        moves[pairs + 1, pairs] = on * (of_a - pairs) * (of_b - pairs)
        moves[pairs, pairs + 1] = off * (pairs + 1)
    moves -= np.diag(moves.sum(axis=0))
    share, count = expm(moves * until)[:, 0], np.arange(of_a + 1)
    mean = share @ count
    return mean, share @ (count - mean) ** 2


def test_what_is_made_and_lost_is_poisson(settled):
    assert_law(settled.get("made"), 10.0, 10.0)


def test_what_is_held_by_sites_is_binomial(settled):
    assert_law(settled.get("held"), 12 / 4, 12 * (1 / 4) * (3 / 4))
    free = settled.numbers[:, settled.species.index("free toy_sites")]
    assert (settled.get("held") + free == 12).all()


def test_pairs_settle_as_the_master_equation_says(settled):
    assert_law(settled.get("ab"), *pairs_law(5000.0))
    assert (settled.get("a") + settled.get("ab") == 9).all()
    assert (settled.get("b") + settled.get("ab") == 12).all()


def test_pairs_on_their_way_are_as_the_master_equation_says(tmp_path):
    spines = drawn(toy(tmp_path))
    spines.hold(0.0, 0.1)
    assert_law(spines.get("ab"), *pairs_law(100.0))
    assert pairs_law(100.0)[0] < 0.8 * pairs_law(5000.0)[0]


@pytest.mark.skipif(not HAS_ROADRUNNER, reason="needs pip install 'ca1ltd[sbml]'")
def test_so_are_those_that_roadrunner_draws_from_the_sbml(tmp_path):
    from ca1ltd.export.sbml import sbml_text

    model, result = tmp_path / "pairs.xml", tmp_path / "drawn.npz"
    model.write_text(sbml_text(toy(tmp_path, PAIRS, tuple(PAIRED)), PAIRED))
    np.savez(result, selection="ab", until=100.0, number=2000)
    subprocess.run([sys.executable, RUNNER, model, result], check=True, timeout=120)
    assert_law(np.load(result)["drawn"], *pairs_law(100.0))


def test_decay_by_a_calcium_that_changes_is_exponential_in_its_integral(tmp_path):
    spines = drawn(toy(tmp_path))
    calcium = np.repeat([[1.0], [0.2], [3.0]], SPINES, axis=1)  # uM, each for 0.1 s
    spines.give(calcium, 0.1, np.ones(SPINES))
    left = math.exp(-1e-3 * 4.2 * 100)  # rate (/mM-ms) x mM x ms
    assert_law(spines.get("gone"), 40 * left, 40 * left * (1 - left))


def test_gain_multiplies_calcium_above_rest(tmp_path):
    plain, gained = (drawn(toy(tmp_path), spines=5) for _ in range(2))
    calcium = np.full((4, 5), 1.0)
    plain.give(0.06 + 2.0 * (calcium - 0.06), 0.1, np.ones(5))
    gained.give(calcium, 0.1, np.full(5, 2.0))
    assert (plain.numbers == gained.numbers).all()
    assert (plain.get("gone") < 40).any()


def test_a_spine_is_the_same_however_many_there_are_and_another_by_another_seed(tmp_path):
    network = toy(tmp_path)
    few, many, other = drawn(network, spines=3), drawn(network, spines=7), drawn(network, seed=2)
    for spines in (few, many, other):
        spines.hold(0.3, 2.0)
    assert (few.numbers == many.numbers[:3]).all()
    assert not (few.numbers == other.numbers[:3]).all()
    assert not (many.numbers[0] == many.numbers[1]).all()
    moved = [k for k, each in enumerate(few.transitions) if each.made == ("made",)]
    assert few.happened[:, moved].sum() > 10


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
        ("cki", "pti", "free ca1camkii_camkii_total"), ("s845", "free s845"),
    ):  # fmt: skip
        columns = [amounts.species.index(name) for name in law]
        whole = sum(exact[name] for name in law)
        assert np.abs(numbers[:, columns].sum(axis=1) - whole).max() < 1
    # 4 uM of calcineurin in 0.07 um3
    assert exact["cani"] + exact["free ca1can_can_total"] == pytest.approx(0.07 * 6.02214e2 * 4)


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
    "changed", [{}, {"ca1i1.thio": 1e-3, "ca1can.block": 0.3, "ca1camkii.block": 0.2}]
)
def test_reactions_change_the_mean_as_the_equations_do_in_any_state(changed):
    network = cascade_network(changed.items())
    equations, amounts = system(network), pools(network)
    rng, start = np.random.default_rng(5), rest()
    for _ in range(5):
        state = {name: value * rng.uniform(0.2, 1.5) for name, value in start.items()}
        state |= dict(zip(("c", "n", "s845", "s831"), rng.uniform(0, 1, 4), strict=True))
        state |= dict(zip(("cki", "pti", "psqi", "pski"), rng.uniform(0, 1e-4, 4), strict=True))
        given = {**equations.constants, **state, "cai": 10 ** rng.uniform(-5, -2)}
        given |= {each: value_of(how, given) for each, how in equations.assigned.items()}
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
    for name, tolerance in {"cani": 0.02, "cki": 0.02, "i1p": 0.01, "i1": 0.03}.items():
        found, expected = float(molecules.get(name)[0]), float(equations.get(name)[0])
        assert found == pytest.approx(expected, rel=tolerance), name
    assert equations.get("cani")[0] > 100 * start["cani"]


def test_numbers_stay_whole_and_conserved_where_everything_moves():
    molecules = MolecularSpines(cascade_network(), rest(), 2, 1)
    before = molecules.numbers.copy()
    molecules.hold(10.0, 0.5)
    molecules.rest(10.0)
    assert (molecules.numbers >= 0).all()
    assert (molecules.numbers == np.round(molecules.numbers)).all()
    assert (molecules.numbers != before).any(axis=0).sum() > 12
    for law in (("i1", "i1p", "i1pp1"), ("i1pp1", "thiopp1", "ppi"), ("c", "free c"),
                ("anchored", "diffusing", "vesicles")):  # fmt: skip
        columns = [molecules.species.index(name) for name in law]
        assert (molecules.numbers[:, columns].sum(1) == before[:, columns].sum(1)).all()


@pytest.mark.parametrize(
    ("equation", "states", "words"),
    [
        ("~ a -> (k*a)", ("a",), "the rate of 'a' is no gain less a loss"),
        ("~ a + a <-> ab (k, k)", ("a", "ab"), "two molecules of a kind"),
        ("~ a <-> mixed (k, k)", ("a", "mixed"), "mixes concentrations and numbers"),
    ],
)
def test_what_has_no_meaning_for_molecules_is_refused(equation, states, words, tmp_path):
    network = toy(tmp_path, f"    {equation}", states)
    with pytest.raises(BadInput, match=words):
        drawn(network, dict.fromkeys(states, 1.0), spines=1)


def test_a_protocol_is_told_by_equations_and_as_molecules():
    quiet = np.full((1, 400, 1), 0.06)  # uM
    found = followed({"hfs": quiet}, "100 Hz", spines=2)
    assert (found["spines"], found["volume_um3"]) == (2, 0.07)
    assert found["times_min"][0] == 0
    assert found["times_min"][-1] == pytest.approx((2 + 3300) / 60)
    assert found["equations"]["epsp"][-1] == pytest.approx(100, abs=0.1)
    assert found["equations"]["anchored"]["sd"][-1] == 0
    lobes = 0.03 * 0.07 * 6.02214076e5  # 30 uM of calmodulin
    assert found["per_s"]["n -> free n"] == pytest.approx(lobes * rest()["n"] / 2e-3, rel=0.01)
    assert found["molecules"]["anchored"]["mean"][-1] == np.mean([e[-1] for e in found["examples"]])
