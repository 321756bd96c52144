"""Measures of spines beside recordings: what counts as met, and how it is told."""

import math

import numpy as np
import pytest

from ca1ltd.figures.spine import save_spines
from ca1ltd.validation.spine_report import SpineReport, SpineTarget, spine_targets

TARGET = SpineTarget(name="x", title="x", low=10.0, high=30.0, unit="%", source="")
LINE = (np.linspace(0, 150, 50), np.linspace(0.1, 2, 50))
CURVES = [
    f"{name} {what}"
    for name in ("quantum", "spike", "pair_after_10", "pair_before_10", "pair_after_50", "uncaged",
                 "dap5", "snx482", "apamin", "at 0", "at minus_40")
    for what in ("calcium", "head", "dendrite", "soma")
]  # fmt: skip


def report(**changed):
    """A report with every measure in the middle of its recordings, but for some."""
    values = {t.name: np.full(3, (t.low + t.high) / 2) for t in spine_targets()}
    values |= {name: np.asarray(each, dtype=float) for name, each in changed.items()}
    return SpineReport(cell="some", values=values, curves=dict.fromkeys([*CURVES, "unblock"], LINE))


@pytest.mark.parametrize(
    ("value", "miss"),
    [(10.0, 0), (20.0, 0), (30.0, 0), (5.0, 0.5), (50.0, 2.0), (math.nan, math.inf)],
)
def test_a_miss_is_told_in_halves_of_the_range(value, miss):
    assert TARGET.miss(value) == miss


def test_the_median_over_spines_decides():
    assert report().misses() == ()
    assert report(release_calcium=[0.1, 0.7, 5.0]).misses() == ()
    assert report(release_calcium=[0.1, 0.1, 0.7]).misses() == ("release_calcium",)
    assert report(slow_unblock_time=[math.nan]).misses() == ("slow_unblock_time",)


def test_the_spread_is_over_spines_that_show_it():
    found = report(spike_decay=[math.nan, 10.0, 20.0]).spread("spike_decay")
    assert found == pytest.approx((10.5, 19.5))
    assert all(math.isnan(end) for end in report(spike_decay=[math.nan]).spread("spike_decay"))


def test_every_target_has_a_range_a_unit_and_a_paper():
    for target in spine_targets():
        assert target.low < target.high
        assert target.unit in {"uM", "ms", "mV", "pA", "%", "1"}
        assert any(each in target.source for each in ("doi:", "Neuron 14", "Mol Chem Neuropathol"))
        assert len(target.title) < 50
    names = [target.name for target in spine_targets()]
    assert len(set(names)) == len(names)


def test_words_json_and_sheet_say_the_same(tmp_path):
    one = report(head_epsp=[5.0, 6.0, 7.0], slow_unblock_time=[math.nan])
    rows = {row[0]: row for row in one.rows()}
    assert rows["EPSP of a quantum in the head"][1:3] == ("6", "5.1-6.9")
    assert rows["EPSP of a quantum in the head"][5] == "out"
    assert rows["its time constant"][1] == "not shown"
    found = one.as_dict()
    assert found["misses"] == ["head_epsp", "slow_unblock_time"]
    assert found["measures"]["head_epsp"]["median"] == 6.0
    assert found["measures"]["slow_unblock_time"]["median"] is None
    *pictures, _, sheet = save_spines(one, tmp_path)
    assert all(path.stat().st_size > 1000 for path in pictures)
    lines = sheet.read_text().splitlines()
    assert len(lines) == len(spine_targets()) + 1
    assert lines[1].startswith("release_calcium,uM,0.7,0.7,0.7,0.6,0.8,yes,")
