"""The figures of several runs, drawn from made-up ones."""

import json
import math

import numpy as np
import pytest
from matplotlib.text import Text

from ca1ltd.cli.figure import spec_of
from ca1ltd.figures import FIGURES, save_figure
from ca1ltd.figures.gallery.frequency import crossing
from ca1ltd.figures.parts.inductions import inductions, window_after
from ca1ltd.figures.parts.series import apart
from ca1ltd.literature.experiments import Setting, experiments
from ca1ltd.literature.published import published
from ca1ltd.protocols import Bursts, Calcium, Clamp, Pairs, Rest, Train, phases

UP, DOWN = {"conditioned": (1.6,)}, {"conditioned": (0.7,)}
STDP = {
    key: {"conditioned": (1 + math.copysign(0.3, float(key.split("_")[0])),)}
    for key in FIGURES["stdp"].runs
}
RATES = (0.5, 1, 3, 5, 10, 20, 50, 100)
LEVELS = {
    "ltp": {"hfs": UP},
    "pairing": {"paired": UP},
    "specificity": {"strong": UP, "both": {"conditioned": (1.6,), "control": (1.4,)}},
    "stdp": STDP,
    "frequency": {
        f"{rate:g}_Hz": {"conditioned": (level,)}
        for rate, level in zip(RATES, (0.95, 0.8, 0.8, 0.9, 0.95, 1.1, 1.3, 1.5), strict=True)
    },
    "depotentiation": {
        "depotentiation": {"conditioned": (1.5, 1.0, 1.6)},
        "dedepression": {"conditioned": (0.7, 1.2)},
        "saturation": {"conditioned": (0.7, 0.6, 0.55)},
    },
}


def words(figure):
    return [text.get_text() for text in figure.findobj(Text)]


@pytest.mark.parametrize("name", LEVELS)
def test_outcomes_in_a_figure_its_numbers_and_its_caption_are_the_summaries(made, flaws_of, name):
    entry, runs = FIGURES[name], made(name, LEVELS[name])
    found = entry.numbers(runs)
    for key, run in runs.items():
        for pathway, outcome in run.summary["pathways"].items():
            for what in ("percent_of_baseline", "sem", "percent_expected", "n_slices"):
                assert found[f"{key}_{pathway}_{what}"] == outcome[what]
    assert "n = 3 slices" in entry.caption(runs)
    figure = entry.draw(runs)
    assert figure.get_size_inches()[0] * 25.4 == pytest.approx(180)
    assert flaws_of(figure, least=40) == []
    shown = words(figure)
    outcomes = [run.summary["pathways"]["conditioned"] for run in runs.values()]
    labels = [f"{each['percent_of_baseline']:.0f} ± {each['sem']:.0f} %" for each in outcomes]
    assert sum(label in shown for label in labels) >= 2


@pytest.mark.parametrize("name", ["specificity", "stdp", "depotentiation"])
def test_a_figure_of_one_slice_without_any_change_has_no_sem(made, flaws_of, name):
    runs = made(name, {}, 1)
    assert "±" not in FIGURES[name].caption(runs)
    assert flaws_of(FIGURES[name].draw(runs), least=40) == []


def test_a_saved_figure_has_its_numbers_and_caption_beside_it(made, tmp_path):
    entry, runs = FIGURES["pairing"], made("pairing", LEVELS["pairing"], 1)
    files = save_figure("pairing", runs, tmp_path)
    assert [file.suffix for file in files] == [".png", ".svg", ".pdf", ".json", ".txt"]
    saved = json.loads((tmp_path / "pairing.json").read_text(encoding="utf-8"))
    assert saved["caption"] == entry.caption(runs)
    assert saved["numbers"] == entry.numbers(runs)


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("ltp", ["hfs_conditioned", "hfs_control", "ap5_conditioned", "kn62_conditioned"]),
        ("pairing", ["alone_conditioned", "paired_conditioned", "paired_control"]),
        ("specificity", ["strong_conditioned", "weak_control", "both_conditioned", "both_control"]),
    ],
)
def test_caption_states_outcomes_in_their_order(made, name, keys):
    runs = made(name, LEVELS[name], 2)
    text, found, at = FIGURES[name].caption(runs), FIGURES[name].numbers(runs), 0
    for key in keys:
        said = f"{found[f'{key}_percent_of_baseline']:.0f} ± {found[f'{key}_sem']:.0f} %"
        assert said in text[at:], key
        at = text.index(said, at)


def test_figures_share_their_runs():
    tetanus = spec_of(FIGURES["ltp"].runs["hfs"], slices=3, quick=False)
    assert spec_of(FIGURES["specificity"].runs["strong"], slices=3, quick=False) == tetanus


@pytest.mark.parametrize(
    ("figure", "key", "condition"),
    [
        ("stdp", "+10_ms_1", "IN20_pre_post_2p5"),
        ("stdp", "-25_ms_1", "IN20_post_pre_2p5"),
        ("stdp", "+10_ms_1_1.3_mM", "IN20_pre_post_1p3"),
        ("stdp", "-25_ms_1_3_mM", "IN20_post_pre_3p0"),
        ("frequency", "0.5_Hz", "DB92_0p5Hz"),
        ("frequency", "1_Hz", "DB92_1Hz"),
        ("frequency", "10_Hz", "DB92_10Hz"),
        ("frequency", "50_Hz", "DB92_50Hz"),
        ("pairing", "paired", "GW87_pairing"),
    ],
)
def test_runs_beside_published_outcomes_are_the_published_experiments(figure, key, condition):
    drawn = spec_of(FIGURES[figure].runs[key], slices=3, quick=False)
    (scored,) = Setting().specs(experiments()[condition])
    assert drawn.conditions == scored.conditions
    assert len(drawn.protocol.sequence()) == 1
    pulses, steps = (
        [
            [each.time - spec.protocol.induction_start for each in events if given(each)]
            for spec, events in ((s, getattr(s.protocol, what)()) for s in (drawn, scored))
        ]
        for what, given in (
            ("pulses", lambda pulse: pulse.kind == "induction"),
            ("current_steps", lambda step: True),
        )
    )
    for ours, theirs in (pulses, steps):
        assert len(ours) == len(theirs)
        np.testing.assert_allclose(ours, theirs, atol=1e-6)


def test_frequency_function_crosses_where_its_lines_do(made):
    assert crossing([1, 10, 100], [80, 90, 110]) == pytest.approx(10**1.5)
    assert crossing([1, 10, 100], [110, 90, 120]) == pytest.approx(10 ** (1 + 1 / 3))
    assert crossing([1, 10], [80, 90]) is None
    assert crossing([1, 10], [120, 90]) is None
    runs = made("frequency", LEVELS["frequency"], 1)
    at = FIGURES["frequency"].numbers(runs)["crossing_Hz"]
    assert 10 < at < 20
    flat = made("frequency", {}, 1)
    for run in flat.values():
        run.summary["pathways"]["conditioned"]["percent_expected"] = 90.0
    assert FIGURES["frequency"].numbers(flat)["crossing_Hz"] is None
    assert "does not rise through" in FIGURES["frequency"].caption(flat)


def test_crossing_and_published_outcomes_are_drawn(made):
    runs = made("frequency", LEVELS["frequency"], 1)
    figure = FIGURES["frequency"].draw(runs)
    at = FIGURES["frequency"].numbers(runs)["crossing_Hz"]
    assert f"crossing at {at:.0f} Hz" in words(figure)
    axes = figure.axes[0]
    drawn = {
        (round(float(x), 3), float(y))
        for line in axes.lines
        if line.get_markerfacecolor() == "white"
        for x, y in zip(line.get_xdata(), line.get_ydata(), strict=True)
    }
    for key, rate in (("DB92_0p5Hz", 0.5), ("DB92_50Hz", 50), ("HFS_textbook", 100)):
        assert (round(1.05 * rate, 3), published()[key].mean) in drawn


def test_inductions_have_their_times_and_words(made):
    runs = made("depotentiation", LEVELS["depotentiation"], 1)
    first, second, third = inductions(runs["depotentiation"])
    assert first.words == third.words == "100 pulses at 100 Hz"
    assert second.words == "900 pulses at 1 Hz"
    assert (second.start, second.end) == pytest.approx((30 + 0.99 / 60, 45 + 0.99 / 60))
    assert second.pathways == {"conditioned"}
    assert window_after(runs["depotentiation"]) == "20-30 min"
    given = [
        Bursts(trains=2, every=10),
        Bursts(bursts=1, trains=2),
        Pairs(pairs=60),
        Pairs(pairs=60, current=0),
        Clamp(),
        Calcium(),
        Train(pathways=("control",), trains=3, n_pulses=5),
    ]
    apart_by = [each for phase in given for each in (phase, Rest(length=1))][:-1]
    runs["saturation"].spec["protocol"] = phases(phases=apart_by).as_dict()
    assert [each.words for each in inductions(runs["saturation"])] == [
        "20 bursts of 4 pulses",
        "2 trains of 4 pulses at 100 Hz",
        "60 pairs at 5 Hz",
        "60 pulses at 5 Hz",
        "100 pulses at 1 Hz, 0 mV",
        "0.7 µM Ca$^{2+}$ for 60 s",
        "3 trains of 5 pulses at 1 Hz",
    ]
    runs["saturation"].spec["protocol"] = {"name": "test-pulses"}
    assert inductions(runs["saturation"]) == ()


@pytest.mark.parametrize(
    ("heights", "found"),
    [
        ([0, 10], [0, 10]),
        ([0, 2], [-1.5, 3.5]),
        ([100, 100, 100], [95, 100, 105]),
        ([0, 4, 50], [-0.5, 4.5, 50]),
        ([0, 7, 8, 9], [-1.5, 3.5, 8.5, 13.5]),
    ],
)
def test_labels_are_moved_apart_as_little_as_possible(heights, found):
    assert apart(heights, 5) == pytest.approx(found)
