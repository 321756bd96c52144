"""What the generator of kernels refuses, and what the functions that it stands on compute."""

import ctypes
import re
from importlib.resources import files

import numpy as np
import pytest

from ca1ltd import build, resources
from ca1ltd.engine.kernels.frame import Frame
from ca1ltd.engine.kernels.states import states
from ca1ltd.engine.nmodl.syntax import read_dynamics
from ca1ltd.errors import BadInput

MOD = """
NEURON {{
    SUFFIX ca1toy
    RANGE k
}}

PARAMETER {{
    k = 1 (/ms)
}}

STATE {{ x }}

INITIAL {{
    x = 0
}}

BREAKPOINT {{
    SOLVE gate METHOD {method}
}}

{block}
"""


DECAY = "DERIVATIVE gate {\n    x' = -x*k\n}"


@pytest.mark.parametrize(
    ("method", "block", "said"),
    [
        ("cnexp", "DERIVATIVE gate {\n    x' = k*x*x\n}", "rate of x is not linear in it"),
        ("cnexp", "DERIVATIVE gate {\n    x' = -x*slow(v)\n}", "'slow', which has no translation"),
        ("euler", "DERIVATIVE gate {\n    x' = -x*k\n}", "solved by euler"),
        ("cnexp", "KINETIC gate {\n    ~ x -> (k)\n}", "a reaction is not solved by cnexp"),
        ("cnexp", f"{DECAY}\nAFTER SOLVE {{\n    x = 0\n}}", "AFTER SOLVE has no translation"),
        ("cnexp", f"{DECAY}\nAFTER INITIAL {{\n    x = 0\n}}", "has no translation"),
        ("cnexp", "DERIVATIVE other {\n    x' = -x*k\n}", "must have one DERIVATIVE or KINETIC"),
    ],
)
def test_what_has_no_kernel_is_refused(tmp_path, method, block, said):
    file = tmp_path / "ca1toy.mod"
    file.write_text(MOD.format(method=method, block=block), encoding="utf-8")
    with pytest.raises(BadInput, match=said):
        list(states(Frame(read_dynamics(file), apart=False)))


@pytest.fixture(scope="module")
def exponential(tmp_path_factory):
    prelude = files("ca1ltd.engine.kernels").joinpath("kernels.cpp").read_text("utf-8")
    wrapped = """
extern "C" void all(double* x, int n) { for (int k = 0; k < n; ++k) x[k] = exponential(x[k]); }"""
    folder = tmp_path_factory.mktemp("library")
    library = ctypes.CDLL(str(build.build_source(prelude + wrapped, name="exp", cache=folder)))

    def exponential(x):
        values = np.array(x, dtype=float)
        library.all(values.ctypes.data_as(ctypes.c_void_p), len(values))
        return values

    return exponential


def test_the_exponential_is_right_to_twelve_digits(exponential):
    x = np.linspace(-700, 700, 100_001)
    assert exponential(x) == pytest.approx(np.exp(x), rel=1e-12)
    near = np.linspace(-1e-3, 1e-3, 1001)
    assert exponential(near) - 1 == pytest.approx(np.expm1(near), abs=1e-15)


def test_the_exponential_ends_where_normal_numbers_end(exponential):
    low, high = exponential([-1e6, 1e6])
    assert 0 < low < 1e-307
    assert 1e307 < high < np.inf
    assert np.isnan(exponential([np.nan])[0])


def fields(text):
    """The types of the fields of `struct Kernel`, in their order, and the names."""
    inside = re.search(r"struct Kernel \{(.*?)\n\};", text, re.DOTALL).group(1)
    return [line.partition(";")[0].split() for line in inside.strip().splitlines()]


def test_both_sides_have_the_same_kernel():
    loops = resources.package_dir() / "engine" / "kernels" / "kernels.cpp"
    steps = resources.mod_dir() / "kernels.inc"
    assert fields(loops.read_text("utf-8")) == fields(steps.read_text("utf-8"))
