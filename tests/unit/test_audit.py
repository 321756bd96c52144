"""How the error of the steps is told from two simulations of a pulse."""

import numpy as np
import pytest

from ca1ltd.engine.audit import LEAST_CALCINEURIN, THRESHOLD, Seen, audited, compare, errors

AMPLITUDE, CALCIUM, CALCINEURIN = 5.0, 0.8, 0.02
ERROR = 0.1
"""Of steps of the length 1, of all three; it falls with the square of the length."""


def seen(refinement, *, top=AMPLITUDE, silent=False):
    error = ERROR / refinement**2
    peaks = np.array([0.1, CALCIUM * (1 + error)])
    return Seen(
        potential=-65.0 + top * (1 + error) * np.array([0.0, 0.5, 1.0]),
        peaks=np.array([0.1, 0.1]) if silent else peaks,
        calcineurin=CALCINEURIN * (1 + error) * np.ones(2),
    )


@pytest.mark.parametrize("refinement", [1.0, 2.0])
def test_the_error_is_that_of_the_steps_of_the_run(refinement):
    audit = compare(7.0, seen, refinement)
    of_longer, of_shorter = (ERROR / (k * refinement) ** 2 for k in (1, 2))
    expected = of_longer / (1 + of_shorter)  # relative to the better value
    for error in (audit.amplitude, audit.calcium, audit.calcineurin, audit.worst):
        assert error == pytest.approx(expected)
    assert audit.onset == 7.0


def test_a_pulse_without_release_tells_nothing():
    assert compare(0.0, lambda refinement: seen(refinement, silent=True), 1.0) is None


def test_how_high_a_spike_is_is_no_error_of_an_epsp():
    spike = seen(1.0, top=100.0)
    assert spike.amplitude == THRESHOLD + 65.0
    fired = compare(0.0, lambda refinement: seen(refinement, top=100.0), 1.0)
    assert fired.amplitude is None
    assert fired.worst == pytest.approx(fired.calcium)
    assert "error_of_epsp" not in errors([fired])
    epsp = compare(0.0, seen, 1.0)
    assert errors([fired, epsp])["error_of_epsp"] == pytest.approx(epsp.amplitude)


def test_the_error_of_next_to_nothing_is_relative_to_the_least_that_counts():
    def hardly(refinement):
        one = seen(refinement)
        return Seen(potential=one.potential, peaks=one.peaks, calcineurin=1e-4 * one.calcineurin)

    difference = CALCINEURIN * 1e-4 * ERROR
    assert compare(0.0, hardly, 1.0).calcineurin == pytest.approx(difference / LEAST_CALCINEURIN)


def test_audits_are_spread_over_the_pulses_of_each_kind():
    kinds = ["test"] * 40 + ["induction"] * 100 + ["test"] * 40
    numbers = sorted(audited(kinds))
    assert [kinds[number] for number in numbers] == ["test"] * 2 + ["induction"] * 4 + ["test"] * 2
    assert np.diff([number for number in numbers if kinds[number] == "induction"]).tolist() == [
        25, 25, 25,
    ]  # fmt: skip
    assert audited([]) == frozenset()
