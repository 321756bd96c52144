import pytest

from ca1ltd.experiment.workers.tally import Tally


def test_the_time_left_is_that_of_the_work_left_at_the_pace_of_this_session():
    now = [100.0]
    tally = Tally([10, 10, 30, 50], finished=[0], clock=lambda: now[0])
    start = tally.standing()
    assert (start.finished, start.slices, start.fraction) == (1, 4, 0.1)
    assert start.time_left is None  # what was there before says nothing of the pace
    now[0] += 20
    tally.note(1, 0.5)
    tally.note(1, 1.0)
    tally.note(2, 0.5)
    later = tally.standing()
    assert (later.finished, later.failed) == (2, 0)
    assert later.fraction == pytest.approx(0.35)
    assert later.time_left == pytest.approx(65 / (25 / 20))


def test_a_slice_that_failed_leaves_no_work_and_is_not_finished():
    tally = Tally([1, 1])
    tally.note(0, 0.5)
    tally.note(0, 0.0, failed=True)
    standing = tally.standing()
    assert (standing.finished, standing.failed, standing.fraction) == (0, 1, 0.5)
