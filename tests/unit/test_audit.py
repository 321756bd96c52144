"""How the error of the steps is told from two simulations of a pulse, and what follows from it."""

import numpy as np
import pytest

from ca1ltd.engine.audit import (
    AIM,
    LEAST_CALCINEURIN,
    LEAST_ERROR,
    MOST_ERROR,
    MOST_SHORTER,
    THRESHOLD,
    Seen,
    audited,
    compare,
    errors,
    refined,
)
from ca1ltd.recording import LEAST, TIMING

AMPLITUDE, CALCIUM, CALCINEURIN = 5.0, 0.8, 0.02
ERROR = 0.1
"""Of steps of the length 1, of all three; it falls with the square of the length."""


def seen(refinement, *, top=AMPLITUDE, silent=False, until=100.0, past=True, late=0.0):
    error = ERROR / refinement**2
    peaks = np.array([0.1, CALCIUM * (1 + error)])
    times = np.linspace(0.0, until, 101)
    rise = np.clip(times - late / refinement**2, 0.0, 20.0) / 20.0
    return Seen(
        times=7.0 + times,
        potential=-65.0 + top * (1 + error) * rise,
        peaks=np.array([0.1, 0.1]) if silent else peaks,
        past=np.array([True, past]),
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
    assert audit.spike is None


def test_a_pulse_without_release_tells_nothing():
    assert compare(0.0, lambda refinement: seen(refinement, silent=True), 1.0) is None


def test_a_pulse_that_fires_is_judged_by_the_time_of_its_spike():
    fired = compare(0.0, lambda refinement: seen(refinement, top=100.0), 1.0)
    assert fired.amplitude is None
    assert fired.worst == pytest.approx(fired.calcium)  # its spike is as late as it is steep
    assert "error_of_epsp" not in errors([fired])
    late = compare(0.0, lambda refinement: seen(refinement, top=100.0, late=6.0), 1.0)
    assert late.spike - fired.spike == pytest.approx(6.0, rel=1e-6)
    assert late.worst == pytest.approx(late.spike / TIMING)


def test_a_spike_that_only_shorter_steps_find_is_an_error():
    def see(refinement):
        return seen(refinement, top=(THRESHOLD + 65.0) * (0.8 if refinement == 1.0 else 1.5))

    missed = compare(0.0, see, 1.0)
    assert missed.amplitude is None
    assert missed.spike / TIMING > MOST_ERROR


def test_no_amplitude_is_taken_of_a_pulse_that_is_cut_off():
    cut = compare(0.0, lambda refinement: seen(refinement, until=LEAST / 2), 1.0)
    assert cut.amplitude is None
    assert cut.calcium is not None


def test_calcium_that_still_rises_has_no_peak():
    rising = compare(0.0, lambda refinement: seen(refinement, past=False), 1.0)
    assert rising.calcium is None
    assert rising.worst == pytest.approx(rising.amplitude)
    assert "error_of_spine_ca" not in errors([rising])


def test_the_error_of_next_to_nothing_is_relative_to_the_least_that_counts():
    def hardly(refinement):
        one = seen(refinement)
        return Seen(
            times=one.times,
            potential=one.potential,
            peaks=one.peaks,
            past=one.past,
            calcineurin=1e-4 * one.calcineurin,
        )

    difference = CALCINEURIN * 1e-4 * ERROR
    assert compare(0.0, hardly, 1.0).calcineurin == pytest.approx(difference / LEAST_CALCINEURIN)


def test_steps_become_shorter_where_they_err_and_longer_where_they_do_not():
    assert refined(1.0, MOST_ERROR) == refined(1.0, LEAST_ERROR) == 1.0
    assert refined(2.0, 4 * AIM) == pytest.approx(4.0)
    assert refined(4.0, AIM / 4) == pytest.approx(4.0 / 1.5)
    assert refined(1.0, 1.0) == MOST_SHORTER
    assert refined(1.2, 0.0) == 1.0  # never longer than the strategy's own


def test_audits_are_spread_over_the_pulses_of_each_kind():
    kinds = ["test"] * 40 + ["induction"] * 100 + ["test"] * 40
    numbers = sorted(audited(kinds))
    assert [kinds[number] for number in numbers] == ["test"] * 2 + ["induction"] * 4 + ["test"] * 2
    assert np.diff([number for number in numbers if kinds[number] == "induction"]).tolist() == [
        25, 25, 25,
    ]  # fmt: skip
    assert audited([]) == frozenset()
