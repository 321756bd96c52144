"""Units and errors: the constants agree with NEURON's and with each other."""

import json
import subprocess
import sys

import pytest

from ca1ltd import errors, units


def test_units_agree_with_neuron() -> None:
    """Where both packages name a unit it has the same value (NEURON in a process of its own)."""
    code = (
        "import json, neuron.units as u;"
        "print(json.dumps({k: v for k, v in vars(u).items() if isinstance(v, (int, float))}))"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout
    theirs = json.loads(answer.splitlines()[-1])
    common = {name: value for name, value in theirs.items() if hasattr(units, name)}
    assert {"ms", "mV", "um", "mM", "uM"} <= common.keys()
    assert {name: getattr(units, name) for name in common} == pytest.approx(common, rel=1e-15)


def test_units_are_consistent() -> None:
    """Ohm's law, rates and speeds come out in the internal units."""
    assert units.nS * units.mV == pytest.approx(units.pA)
    assert units.mV / units.MOhm == pytest.approx(units.nA)
    assert 1 / units.GOhm == pytest.approx(units.nS)
    assert 15 * units.minute == pytest.approx(900 * units.s)
    assert units.Hz * units.s == pytest.approx(1)
    assert units.m_per_s == pytest.approx(units.m / units.s)
    assert units.mm * units.um_per_ms == pytest.approx(1000 * units.um)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (errors.Ca1ltdError, 1),
        (errors.RunError, 1),
        (errors.BadInput, 2),
        (errors.BuildError, 2),
        (errors.Interrupted, 130),
    ],
)
def test_errors_have_exit_statuses(error: type[errors.Ca1ltdError], status: int) -> None:
    assert error.exit_status == status
    with pytest.raises(errors.Ca1ltdError, match=r"^one sentence\.$"):
        raise error("one sentence.")
