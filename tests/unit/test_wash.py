"""How drugs come and go: the bath is exchanged in first order, effects follow in small steps."""

import math

import numpy as np
import pytest

from ca1ltd import protocols
from ca1ltd.errors import BadInput
from ca1ltd.experiment.spec import ExperimentSpec
from ca1ltd.model import drugs
from ca1ltd.model.conditions import USUAL, Conditions
from ca1ltd.model.drugs.course import STEP
from ca1ltd.units import minute

LFS = protocols.lfs()  # from -20 to 75 min
TAU = 2.0  # min


def course(*texts, wash=TAU):
    taken = [drugs.parse(text) for text in texts]
    ((known, found),) = drugs.courses(taken, LFS, wash * minute).items()
    assert known is taken[0].info
    return [((time - LFS.induction_start) / minute, there) for time, there in found]


def at(found, time):
    """The concentration that a simulation takes at a time (min from induction)."""
    return [there for since, there in found if since <= time][-1]


def effect_at(found, act, time):
    return act.size(at(found, time)) / act.most


@pytest.mark.parametrize("text", ["D-AP5=50", "okadaic-acid=1", "NMDA=20", "forskolin=50"])
def test_effects_follow_the_exponential_in_small_steps(text):
    found = course(f"{text}@-10..15")
    drug = drugs.parse(text)
    coming, going = (tau / minute for tau in drugs.constants(drug.info, TAU * minute))
    full = drug.concentration
    highest = full * (1 - math.exp(-25 / coming))
    for time in np.concatenate([np.geomspace(1e-4, 59, 700)]):
        for since, there in (
            (-10, full * (1 - math.exp(-time / coming)) if time < 25 else None),
            (15, highest * math.exp(-time / going)),
        ):
            for act in drug.info.acts if there is not None else ():
                exact = act.size(there) / act.most
                assert effect_at(found, act, since + time) == pytest.approx(exact, abs=STEP)
    assert len(found) < 2 * len({(act.half, act.hill) for act in drug.info.acts}) / STEP + 3
    assert at(found, -10.01) == 0


@pytest.mark.parametrize("text", ["D-AP5=50@-10..15", "D-AP5=0.1@-15..10", "FK506=1@0..5"])
def test_no_effect_ever_moves_by_more_than_a_step_at_once(text):
    (act,) = drugs.parse(text).info.acts
    sizes = [act.size(there) for _, there in course(text)]
    assert np.ptp(sizes) > 2 * STEP
    assert np.abs(np.diff(sizes)).max() < 1.25 * STEP


def test_a_drug_arrives_in_full_and_leaves_in_full():
    found = course("D-AP5=50@-15..15")
    assert at(found, 14.9) == 50
    assert at(found, 74.9) == 0


def test_with_no_wash_time_a_drug_comes_and_goes_at_once():
    assert course("D-AP5=50@-10..15", wash=0) == [(-20, 0), (-10, 50), (15, 0)]
    assert course("okadaic-acid=1@-10..15", wash=0) == [(-20, 0), (-10, 1), (15, 0)]
    assert course("D-AP5=50@-99..15", wash=0) == [(-20, 50), (15, 0)]


def test_a_drug_of_the_whole_run_and_one_that_is_there_before_it_are_there_in_full():
    assert course("D-AP5=50") == [(-20, 50)]
    assert course("D-AP5=50@-20..") == [(-20, 50)]
    leaves = course("D-AP5=50@..0")
    assert leaves[0] == (-20, 50)
    assert leaves[1][0] == 0
    assert at(leaves, 2 * math.log(50 / 1.4)) == pytest.approx(1.4, rel=2 * STEP)


def test_a_drug_that_slices_keep_leaves_more_slowly_than_the_bath():
    known = drugs.info("okadaic-acid")
    assert known.wash_out >= 60
    found = course("okadaic-acid=1@-20..0")
    (most, *_) = sorted(known.acts, key=lambda act: act.half)[-1:]
    assert effect_at(found, most, 60) > 0.9
    assert effect_at(course("okadaic-acid=1@-20..0", wash=0), most, 60) == 0
    slow = drugs.constants(known, 1000 * minute)
    assert slow == (1000 * minute, 1000 * minute)


@pytest.mark.parametrize("known", drugs.DRUGS, ids=lambda known: known.name)
def test_a_wash_time_of_its_own_has_a_source(known):
    assert bool(known.wash_in or known.wash_out) <= (len(known.wash_source) > 20)
    if known.site == "pipette":
        assert drugs.constants(known, TAU * minute) == (0, 0)


def test_what_is_in_the_pipette_is_not_washed():
    assert course("caesium=100000@0..2") == [(-20, 0), (0, 100000), (2, 0)]


def test_a_drug_may_come_more_than_once():
    found = course("D-AP5=50@-15..-10", "D-AP5=50@-9..0", "D-AP5=5@20..40")
    left = 50 * (1 - math.exp(-5 / TAU)) * math.exp(-1 / TAU)
    exact = 50 + (left - 50) * math.exp(-2 / TAU)
    (act,) = drugs.info("D-AP5").acts
    assert effect_at(found, act, -9.001) == pytest.approx(act.size(left), abs=STEP)
    assert effect_at(found, act, -7) == pytest.approx(act.size(exact), abs=STEP)
    assert at(found, 39) == 5
    assert course("D-AP5@0..5", "D-AP5=5@5..9", wash=0) == [(-20, 0), (0, 50), (5, 5), (9, 0)]


@pytest.mark.parametrize(
    "texts",
    [
        ("D-AP5@0..10", "AP5=5@5..15"),
        ("D-AP5", "D-AP5=5@5..15"),
        ("D-AP5@0..", "D-AP5@..1"),
        ("D-AP5", "D-AP5"),
    ],
)
def test_windows_of_a_drug_that_overlap_are_refused(texts):
    taken = tuple(drugs.parse(text) for text in texts)
    with pytest.raises(BadInput, match=r"D-AP5 is given twice at once, as .* must not"):
        ExperimentSpec(protocol=LFS, drugs=taken)
    apart = (drugs.parse("D-AP5@0..5"), drugs.parse("D-AP5=5@5..15"), drugs.parse("FK506@0..15"))
    assert ExperimentSpec(protocol=LFS, drugs=apart).drugs == apart


def test_the_wash_time_is_a_part_of_what_is_run():
    assert USUAL.wash == 2
    spec = ExperimentSpec(protocol=LFS, conditions=Conditions(wash=0))
    assert spec.as_dict()["conditions"]["wash"] == 0
    assert ExperimentSpec.from_dict(spec.as_dict()) == spec
    assert spec != ExperimentSpec(protocol=LFS)
    with pytest.raises(BadInput, match="wash is -1, and must be a number from 0 to 120 min"):
        Conditions(wash=-1)
