"""Equations compiled for the replay: what is solved together, and how well."""

import ctypes

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from ca1ltd import build
from ca1ltd.engine.nmodl.syntax import read_mechanism
from ca1ltd.errors import BadInput
from ca1ltd.export.network import Network, cascade_network
from ca1ltd.export.replay.c_step import step_source
from ca1ltd.export.replay.equations import system
from ca1ltd.export.replay.spines import Spines, solvers

TOY = """TITLE Toy
NEURON {
    SUFFIX toy
    USEION ca READ cai
    USEION toy WRITE toyi VALENCE 0
    RANGE k
}
PARAMETER { k = 2 (/ms) }
ASSIGNED { cai (mM) toyi (mM) twice (mM) }
STATE { a (mM) b (mM) slow (mM) prey (mM) hunter (mM) }
INITIAL {
    LOCAL whole
    whole = 3
    a = whole
    if (a > 1) {
        a = 1
    }
    b = 0
    slow = cai
    prey = 1
    hunter = 0.5
    toyi = 2*slow
}
BREAKPOINT { SOLVE go METHOD sparse }
KINETIC go {
    twice = 2*cai
    ~ a <-> b (k, 2*k)
    CONSERVE a + b = 1
    ~ slow << (twice)
    ~ slow -> (0.5)
    ~ prey << (growth(prey))
    ~ prey + hunter <-> hunter + hunter (1, 0)
    ~ hunter -> (0.7)
    toyi = 2*slow
}
FUNCTION growth(x (mM)) {
    growth = x*(2 - x)
}
"""
CALCIUM = 0.3


@pytest.fixture(scope="module")
def toy(tmp_path_factory):
    file = tmp_path_factory.mktemp("toy") / "toy.mod"
    file.write_text(TOY, encoding="utf-8")
    network = Network(mechanisms=(read_mechanism(file),), changed={}, calcium=6e-5, volume=0.07)
    return system(network)


@pytest.fixture(scope="module")
def run(toy, tmp_path_factory):
    """Function of a step: the states after 4 ms from the start, at constant calcium."""
    wrapped = """
extern "C" void run(double* x, const double* p, double cai, double step, int steps) {
    start(x, p, cai);
    for (int k = 0; k < steps; ++k) advance(x, p, cai, step);
}"""
    source = "\n".join((solvers(), step_source(toy), wrapped))
    folder = tmp_path_factory.mktemp("library")
    library = ctypes.CDLL(str(build.build_source(source, name="toy", cache=folder)))
    number, array = ctypes.c_double, ctypes.c_void_p
    library.run.argtypes = [array, array, number, number, ctypes.c_int]
    constants = np.array(list(toy.constants.values()))

    def run(steps):
        x = np.zeros(len(toy.names))
        library.run(x.ctypes, constants.ctypes, CALCIUM, 4.0 / max(steps, 1), steps)
        return dict(zip(toy.names, x, strict=True))

    return run


def test_what_moves_each_other_is_solved_together_after_what_moves_it(toy):
    parts = list(toy.parts())
    assert ("a", "b") in parts
    assert ("prey", "hunter") in parts
    assert parts.index(("slow",)) < parts.index(("toyi",))
    assert toy.relaxation("slow") is not None
    assert toy.relaxation("prey") is None  # its growth is not linear in it


def test_it_starts_as_the_mod_file_says(run):
    expected = {"a": 1, "b": 0, "slow": CALCIUM, "prey": 1, "hunter": 0.5, "toyi": 2 * CALCIUM}
    assert run(0) == pytest.approx(expected)


def test_it_converges_to_the_solution_and_is_there_at_once_where_it_is_linear(run):
    def slopes(_, x):
        a, b, slow, prey, hunter = x
        back = 2 * a - 4 * b
        eaten = prey * hunter
        growth = prey * (2 - prey)
        return [-back, back, 2 * CALCIUM - 0.5 * slow, growth - eaten, eaten - 0.7 * hunter]

    found = solve_ivp(slopes, (0, 4), [1, 0, CALCIUM, 1, 0.5], rtol=1e-10, atol=1e-12).y[:, -1]
    expected = dict(zip(("a", "b", "slow", "prey", "hunter"), found, strict=True))
    errors = [
        max(abs(run(steps)[name] - expected[name]) for name in ("prey", "hunter"))
        for steps in (40, 80)
    ]
    assert 1e-9 < errors[1] < errors[0] / 3.5  # of second order
    assert errors[1] < 1e-3
    slow = 1.2 + (CALCIUM - 1.2) * np.exp(-2.0)
    assert expected["slow"] == pytest.approx(slow, rel=1e-6)
    for steps in (1, 7):
        state = run(steps)
        assert state["slow"] == pytest.approx(slow, rel=1e-6)
        assert state["toyi"] == pytest.approx(2 * slow, rel=1e-6)
        assert state["a"] + state["b"] == pytest.approx(1, rel=1e-14)
    assert run(1)["a"] == pytest.approx(2 / 3, abs=0.12)  # 24 time constants in a step: stable


def test_spines_refuse_what_is_not_of_the_cascade_and_calcium_of_others():
    with pytest.raises(ValueError, match=r"ca1nat\.gbar"):
        Spines(1, {"ca1nat.gbar": 1.0})
    with pytest.raises(ValueError, match="calcium of 3 spines is given to 2"):
        Spines(2, {}).drive(np.full((1, 10, 3), 0.06), 0.005, 1, 1.0)


def test_a_parameter_that_is_changed_in_the_network_is_the_systems():
    changed = system(cascade_network([("ca1cam.kon_can", 3.0)]))
    assert changed.constants["ca1cam_kon_can"] == 3.0


def test_a_function_without_a_derivative_is_refused(tmp_path):
    text = TOY.replace("growth = x*(2 - x)", "growth = fabs(x)")
    (tmp_path / "toy.mod").write_text(text, encoding="utf-8")
    mechanism = read_mechanism(tmp_path / "toy.mod")
    network = Network(mechanisms=(mechanism,), changed={}, calcium=6e-5, volume=0.07)
    with pytest.raises(BadInput, match="the derivative of 'fabs'"):
        step_source(system(network))
