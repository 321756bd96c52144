"""Molecules of a small mechanism that are drawn follow the laws that are known."""

import importlib.util
import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from scipy.linalg import expm

from ca1ltd.engine.nmodl.syntax import read_mechanism
from ca1ltd.errors import BadInput
from ca1ltd.export.molecules.spines import MolecularSpines
from ca1ltd.export.network import Network

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
