"""The chapter's results on both cells, three slices each; the bands are those of published slices.

    python -m pytest -m slow -s tests/slow/test_headlines.py

Bands bind the EPSP expected without release noise. The runs are those of README's table, kept in
`runs/headlines`, so that a second look costs nothing: python -m pages collect headlines.
"""

from pathlib import Path

import pytest

from pages.headlines import AFTER, AP5, BEFORE, CELLS, EITHER, KN62, RATES, RUNS, wanted
from pages.runs import outcomes

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]


def result(cell, words):
    """What a run of the headline table came to, in the words of the command line."""
    found = outcomes({words: wanted(cell)[words]}, ROOT / RUNS)[words]
    print(f"\n{cell:9s} {words}: expected {found['expected']:.1f} %, seen {found['seen']:.1f} %")
    return found


def outcome(cell, words, part="expected"):
    return result(cell, words)[part]


def phases(cell, words):
    """Expected outcomes at the end of the rests between inductions, and of the last induction."""
    found = result(cell, words)
    return [*found["phases"], found["expected"]]


@pytest.fixture(params=CELLS)
def cell(request):
    return request.param


@pytest.mark.parametrize("name", ["hfs", "tbs"])
def test_brief_strong_stimulation_potentiates(cell, name):
    assert 130 <= outcome(cell, name) <= 170
    assert 94 <= outcome(cell, name, "control") <= 106


@pytest.mark.parametrize("drug", [AP5, KN62])
@pytest.mark.parametrize("name", ["hfs", "tbs"])
def test_potentiation_needs_nmda_receptors_and_camkii(cell, name, drug):
    assert 92 <= outcome(cell, f"{name} --drug {drug}") <= 108


def test_the_frequency_decides(cell):
    found = {rate: outcome(cell, f"lfs --rate {rate:g}") for rate in RATES}
    assert found[1.0] < 80
    assert found[3.0] < 85
    assert found[0.5] > found[1.0]
    assert 90 <= found[10.0] <= 110
    assert found[50.0] > 110


def test_hfs_after_ltd_goes_beyond_the_baseline(cell):
    depressed, after = phases(cell, "de-depression")
    assert depressed < 85
    assert after > 102


def test_lfs_after_ltp_returns_and_ltp_can_be_had_again(cell):
    potentiated, back, again = phases(cell, "depotentiation --again")
    assert potentiated > 125
    assert 95 <= back <= 110
    assert again > 120


def test_ltd_saturates(cell):
    first, second, third = phases(cell, "saturation")
    assert second < first
    assert first - second < 15
    assert second - third < 8


def test_order_of_spikes_decides(cell):
    assert outcome(cell, BEFORE) > 115
    assert outcome(cell, AFTER) < 92
    for words in EITHER:
        assert 92 <= outcome(cell, words) <= 108


def test_amplitude_and_duration_of_calcium_decide(cell):
    assert outcome(cell, "calcium-clamp --level 0.7 --duration 60") < 92
    assert outcome(cell, "calcium-clamp --level 10 --duration 3") > 130
