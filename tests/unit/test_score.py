"""What counts as right: directions, reversals, bands, weights, classes and the two baselines."""

import math
from dataclasses import replace

import pytest

from ca1ltd.literature.judge import Outcome, direction_of, judge, undone
from ca1ltd.literature.published import published
from ca1ltd.literature.shares import ahead, always_no_change, shuffled, totals

LTD = replace(
    published()["MM92_ctrl"], mean=70.0, uncertainty=10.0, number_seen="a text", direction_seen=""
)
NC = replace(LTD, accepted=("NC",), mean=100.0, direction_seen="a text")
LTP = replace(LTD, accepted=("LTP",), mean=150.0)
CALCIUM = replace(LTD, accepted=(), mean=0.7, uncertainty=0.4, unit="uM")


apart = id
"""Every condition is a run of its own."""


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


def test_a_number_that_nobody_has_looked_up_is_no_band_but_its_direction_counts():
    recollected = replace(LTD, number_seen="")
    assert recollected.stated == LTD.band
    assert recollected.band is None
    found = judge(recollected, outcome(70))
    assert (found.in_band, found.direction_right) == (None, True)


def test_an_outcome_that_slices_do_not_agree_on_is_in_no_band():
    assert judge(LTD, replace(outcome(70), sem=4.0)).in_band
    assert judge(LTD, replace(outcome(70), sem=4.1)).in_band is False
    assert judge(CALCIUM, Outcome(value=0.7, sem=4.1)).in_band


@pytest.mark.parametrize(
    ("before", "after", "share", "direction"),
    [
        (150, 100, 1.0, "LTD"),  # depotentiation
        (150, 124, 0.52, "LTD"),
        (150, 130, 0.4, "NC"),
        (150, 170, -0.4, "NC"),
        (150, 180, -0.6, "LTP"),
        (60, 100, 1.0, "LTP"),  # de-depression
        (60, 75, 0.375, "NC"),
        (60, 35, -0.625, "LTD"),
        (103, 60, 0.0, "NC"),  # there was nothing to take back
    ],
)
def test_a_reversal_is_the_fraction_of_the_change_that_it_undoes(before, after, share, direction):
    assert undone(before, after) == pytest.approx(share)
    found = replace(outcome(after), before=float(before), undone=undone(before, after))
    assert found.direction == direction


def test_a_run_that_serves_several_conditions_counts_once():
    judged = [judge(LTD, outcome(100)), judge(NC, outcome(100)), judge(NC, outcome(100))]
    judged += [judge(LTD, outcome(70))]
    one = {id(each): k > 0 for k, each in enumerate(judged)}
    found = totals(judged, lambda each: one[id(each)])
    assert (found.direction.right, found.direction.of) == (3, 4)
    # the first run weighs a half and is wrong, the other weighs 1 and is right
    assert found.direction.weighted == pytest.approx(1 / 1.5)
    assert found.classes["NC"].weighted == 1


def test_intervals_are_of_the_bootstrap_over_runs():
    judged = [judge(NC, outcome(100 if k < 30 else 50)) for k in range(40)]
    low, high = totals(judged, apart).direction.interval
    # the binomial of 40 with .75: SD .068
    assert low == pytest.approx(0.75 - 1.64 * 0.068, abs=0.03)
    assert high == pytest.approx(0.75 + 1.64 * 0.068, abs=0.03)
    # of one run that serves them all there is no spread
    assert totals(judged, lambda _: 0).direction.interval == pytest.approx((0.75, 0.75))


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
    found = totals([judge(either, outcome(85))], apart)
    assert (found.classes["NC"].of, found.classes["LTD"].of) == (1, 0)


def test_shares_are_weighted_by_confidence_and_counted_by_class():
    judged = [judge(LTD, outcome(100)), judge(NC, outcome(100)), judge(CALCIUM, Outcome(value=9.0))]
    found = totals(judged, apart)
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
    found = always_no_change(judged, apart)
    assert [found.classes[name].weighted for name in ("LTD", "NC", "LTP")] == [0, 1, 0]
    assert (found.band.right, found.band.of) == (1, 4)


def test_shuffling_is_the_mean_over_all_orders_within_a_unit():
    judged = [
        judge(LTD, outcome(70)),
        judge(LTD, outcome(72)),
        judge(NC, outcome(100)),
        judge(CALCIUM, Outcome(value=0.7)),
    ]
    assert totals(judged, apart).direction.weighted == 1
    found = shuffled(judged, apart)
    # two of three outcomes are falls, one of three is none
    assert found.classes["LTD"].right == pytest.approx(2 * 2 / 3)
    assert found.classes["NC"].right == pytest.approx(1 / 3)
    assert found.band.right == pytest.approx(2 * 2 / 3 + 1 / 3 + 1)
    # it does not depend on how well the outcomes were dealt out
    worse = [judge(LTD, outcome(100)), judge(LTD, outcome(70)), judge(NC, outcome(72))]
    assert shuffled(worse, apart).direction.right == shuffled(judged[:3], apart).direction.right


def test_by_how_much_one_is_ahead_is_told_run_by_run():
    seen = replace(LTD, direction_seen="a text")
    conditions = (seen, NC, replace(LTP, direction_seen="a text"), replace(seen, mean=None))
    one = [judge(each, outcome(70)) for each in conditions]
    other = [judge(each, outcome(100)) for each in conditions]
    direction, band = ahead(one, other, apart)
    assert (direction.right, direction.of) == (1.0, 4)  # two of LTD are won, and one of NC is lost
    assert direction.weighted == pytest.approx(0.25)
    low, high = direction.interval
    assert low < 0 < high
    assert (band.right, band.of) == (0.0, 3)
    same, _ = ahead(one, one, apart)
    assert (same.weighted, same.interval) == (0.0, (0.0, 0.0))
    # a run that serves them all counts once
    together, _ = ahead(one, other, lambda _: 0)
    assert together.interval == (0.25, 0.25)
