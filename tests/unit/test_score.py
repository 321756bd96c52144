"""What counts as right: directions, bands, weights, classes and the two baselines."""

import math
from dataclasses import replace

import pytest

from ca1ltd.literature.judge import (
    Outcome,
    always_no_change,
    direction_of,
    judge,
    shuffled,
    totals,
)
from ca1ltd.literature.published import published

LTD = replace(
    published()["MM92_ctrl"], mean=70.0, uncertainty=10.0, direction_confidence="recollected"
)
NC = replace(LTD, accepted=("NC",), mean=100.0, direction_confidence="reported")
LTP = replace(LTD, accepted=("LTP",), mean=150.0)
CALCIUM = replace(LTD, accepted=(), mean=0.7, uncertainty=0.4, unit="uM")


def outcome(value, change=None):
    return Outcome(value=value, change=value if change is None else change)


@pytest.mark.parametrize(
    ("change", "direction"),
    [(50, "LTD"), (91.9, "LTD"), (92, "NC"), (100, "NC"), (108, "NC"), (108.1, "LTP")],
)
def test_a_change_of_more_than_eight_per_cent_is_one(change, direction):
    assert direction_of(change) == direction


def test_a_band_is_the_stated_uncertainty_or_twice_the_sem_or_five_per_cent():
    assert LTD.band == (60, 80)
    assert replace(LTD, uncertainty=None, sem=4.0).band == (62, 78)
    assert replace(LTD, uncertainty=None, sem=1.0).band == (65, 75)
    assert replace(LTD, uncertainty=None, sem=None).band == (65, 75)
    assert replace(LTD, mean=None).band is None


def test_direction_and_band_are_judged_apart():
    near = judge(LTD, outcome(85))
    assert near.direction_right
    assert near.in_band is False
    assert judge(LTD, outcome(60)).in_band
    other_way = judge(LTP, outcome(150, change=100))
    assert other_way.in_band
    assert other_way.direction_right is False


def test_what_is_not_published_is_not_judged():
    assert judge(CALCIUM, Outcome(value=0.7)).direction_right is None
    assert judge(CALCIUM, Outcome(value=0.7)).in_band
    assert judge(replace(LTD, mean=None), outcome(70)).in_band is None


def test_an_outcome_that_is_no_number_is_outside_every_band():
    assert judge(CALCIUM, Outcome(value=None)).in_band is False
    assert judge(CALCIUM, Outcome(value=math.nan)).in_band is False


def test_small_or_none_accepts_both_and_counts_as_no_change():
    either = replace(NC, accepted=("NC", "LTD"))
    assert judge(either, outcome(85)).direction_right
    assert judge(either, outcome(100)).direction_right
    found = totals([judge(either, outcome(85))])
    assert (found.classes["NC"].of, found.classes["LTD"].of) == (1, 0)


def test_shares_are_weighted_by_confidence_and_counted_by_class():
    judged = [judge(LTD, outcome(100)), judge(NC, outcome(100)), judge(CALCIUM, Outcome(value=9.0))]
    found = totals(judged)
    assert (found.direction.right, found.direction.of) == (1, 2)
    assert found.direction.weighted == pytest.approx(1 / 1.5)
    assert found.classes["LTD"].weighted == 0
    assert found.classes["NC"].weighted == 1
    assert found.classes["LTP"].weighted is None
    assert (found.band.right, found.band.of) == (1, 3)
    assert found.reached() == {
        "direction": False,
        "LTD": False,
        "NC": True,
        "LTP": False,
        "band": False,
    }


def test_always_no_change_is_right_where_nothing_changes_and_says_nothing_of_calcium():
    judged = [judge(condition, outcome(70)) for condition in (LTD, NC, LTP, CALCIUM)]
    found = always_no_change(judged)
    assert [found.classes[name].weighted for name in ("LTD", "NC", "LTP")] == [0, 1, 0]
    assert (found.band.right, found.band.of) == (1, 4)


def test_shuffling_is_the_mean_over_all_orders_within_a_unit():
    judged = [
        judge(LTD, outcome(70)),
        judge(LTD, outcome(72)),
        judge(NC, outcome(100)),
        judge(CALCIUM, Outcome(value=0.7)),
    ]
    assert totals(judged).direction.weighted == 1
    found = shuffled(judged)
    # two of three outcomes are falls, one of three is none
    assert found.classes["LTD"].right == pytest.approx(2 * 2 / 3)
    assert found.classes["NC"].right == pytest.approx(1 / 3)
    assert found.band.right == pytest.approx(2 * 2 / 3 + 1 / 3 + 1)
    # it does not depend on how well the outcomes were dealt out
    worse = [judge(LTD, outcome(100)), judge(LTD, outcome(70)), judge(NC, outcome(72))]
    assert shuffled(worse).direction == shuffled(judged[:3]).direction
