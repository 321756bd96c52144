import json
from xml.etree import ElementTree

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib import _pylab_helpers
from matplotlib.collections import PathCollection
from matplotlib.text import Text

from ca1ltd.analysis import POOLS
from ca1ltd.errors import BadInput
from ca1ltd.figures import caption, figure_entry, ltd, numbers, save_figure
from ca1ltd.figures.parts.panel_mechanism import receptors_per_symbol, symbols
from ca1ltd.figures.run import binned, mean_timecourse

AP5 = {"name": "D-AP5", "concentration": 50.0, "start": 0.0, "end": 15.0}
FK506 = {"name": "FK506", "concentration": 1.0, "start": None, "end": None}
RECIPES = (
    {},
    {"slices": 1, "interval": 1.0, "follow_up": 30.0},
    {"slices": 2, "after": 1.0, "drugs": (AP5, FK506), "cell": "c5038804"},
    {"slices": 2, "after": 1.35},
    {"slices": 3, "after": 0.4, "noise": 0.3},
)


def words(figure):
    return [text.get_text() for text in figure.findobj(Text) if text.get_text().strip()]


@pytest.mark.parametrize("recipe", RECIPES, ids=str)
def test_no_text_overlaps_another_or_is_clipped_or_is_too_small(make, flaws_of, recipe) -> None:
    assert flaws_of(ltd(make(**recipe)), least=80) == []


def test_drawing_leaves_matplotlib_as_it_was(run) -> None:
    def settings():
        return {key: mpl.rcParams[key] for key in mpl.rcParams if key != "backend"}

    with mpl.rc_context({"font.size": 11.0, "svg.fonttype": "none"}):
        before = settings()
        ltd(run)
        assert settings() == before
    assert _pylab_helpers.Gcf.figs == {}


def test_figure_is_two_columns_wide(figure) -> None:
    assert figure.get_size_inches()[0] * 25.4 == pytest.approx(180.0)


def test_panel_a_shows_every_synapse_of_the_first_slice_where_it_is(figure, run) -> None:
    dots = [d for d in figure.axes[0].collections if isinstance(d, PathCollection)]
    first = run.synapses[run.synapses["slice"] == 0]
    drawn = np.concatenate([d.get_offsets() for d in dots])
    assert len(drawn) == 120
    np.testing.assert_allclose(
        sorted(map(tuple, drawn)), sorted(zip(first["x_um"], first["y_um"], strict=True))
    )


def test_panel_a_names_its_parts(figure) -> None:
    shown = words(figure)
    for word in ("Stimulate 1", "Stimulate 2", "Record", "Schaffer\ncollaterals", "s. radiatum"):
        assert word in shown


def test_outcome_in_the_figure_is_the_summary(figure, run) -> None:
    outcome = run.summary["pathways"]["conditioned"]
    text = f"{outcome['percent_of_baseline']:.0f} ± {outcome['sem']:.0f} %"
    assert any(word == f"Pathway 1: {text}" for word in words(figure))
    assert f"(without noise {outcome['percent_expected']:.1f} %)" in words(figure)
    assert text in caption(run)


def test_numbers_are_those_of_the_tables(run) -> None:
    found = numbers(run)
    spines = run.synapses[run.synapses["pathway"] == "conditioned"]
    course = run.timecourse[run.timecourse["pathway"] == "conditioned"]
    assert (found["pulses"], found["rate_Hz"], found["synapses"]) == (900, 1.0, 60)
    assert (found["window_from_min"], found["window_to_min"]) == (65.0, 75.0)
    assert found["conditioned_n_slices"] == 5
    assert found["ampar_anchored_after"] == pytest.approx(49.4 * 0.67)
    assert found["ampar_internal_before"] == pytest.approx(spines["ampar_internal_before"].mean())
    assert found["anchored_ampar_percent"] == pytest.approx(67.0)
    assert found["calcineurin_percent_before"] == pytest.approx(0.4)
    assert found["calcineurin_percent_peak"] == pytest.approx(42)  # of the spines
    assert found["calcineurin_percent_highest_mean"] == 100 * course["calcineurin_active"].max()
    assert found["inhibitor1_p_uM_lowest"] == course["inhibitor1_p_uM"].min()
    late = course[course["time_min"].between(65, 75)]
    assert found["s845_p_percent_after"] == pytest.approx(100 * late["s845_p"].mean())


def test_caption_states_the_numbers(run) -> None:
    text, found = caption(run), numbers(run)
    assert "900 pulses at 1 Hz" in text
    assert "n = 5 slices" in text
    assert f"{found['conditioned_percent_expected']:.1f} % without release noise" in text
    assert f"{found['calcineurin_percent_peak']:.0f} %" in text
    assert f"to {found['pp1_uM_peak']:.1f} µM" in text
    assert f"at the synapse were at {found['anchored_ampar_percent']:.0f} %" in text
    assert f"in vesicles at {found['internal_ampar_percent']:.0f} %" in text
    assert "50-60 min after induction" in text


def test_levels_stand_beside_the_cascade(figure, run) -> None:
    found, shown = numbers(run), words(figure)
    weights = [t.get_weight() for t in figure.findobj(Text) if t.get_text() == "calcineurin"]
    assert weights == ["normal", "bold"]
    assert f"{found['calcineurin_percent_peak']:.0f} % active" in shown
    assert f"{found['pp1_uM_peak']:.1f} µM" in shown
    assert f"{found['inhibitor1_p_uM_before']:.1f} µM" in shown
    assert any(word.startswith("33 at the synapse (67 %)") for word in shown)
    assert f"clathrin pit:\n{49.4 * 0.33 + 9 * 0.33:.0f} receptors" in shown


def test_without_change_nothing_is_said_to_leave(make) -> None:
    run = make(slices=1, after=1.0)
    run.synapses["calcineurin_active_peak"] = 0.004
    figure = ltd(run)
    shown = words(figure)
    assert shown.count("slow\nrecycling") == 2
    assert not any("clathrin" in word for word in shown)
    weights = [t.get_weight() for t in figure.findobj(Text) if t.get_text() == "calcineurin"]
    assert weights == ["normal", "normal"]


@pytest.mark.parametrize("pools", [(49.4, 24.2, 56.4), (33.1, 21.2, 75.7), (70.0, 30.0, 30.0)])
def test_symbols_are_proportional_to_receptors(run, pools) -> None:
    found = numbers(run) | {
        f"ampar_{pool}_after": count for pool, count in zip(POOLS, pools, strict=True)
    }
    counts = symbols(found, "after")
    assert receptors_per_symbol(found) == 5
    assert sum(counts.values()) == 26
    for pool, count in zip(POOLS, pools, strict=True):
        assert abs(counts[pool] - count / 5) < 1


def test_bins_average_slices_first_and_do_not_cross_zero() -> None:
    rows = pd.DataFrame(
        {
            "slice": [0, 0, 0, 1, 0],
            "time_min": [-0.5, 0.5, 1.5, 1.0, 2.5],
            "percent_of_baseline": [100.0, 60.0, 80.0, 50.0, 90.0],
        }
    )
    bins = binned(rows, 2.0)
    assert bins["time_min"].tolist() == [-0.5, 1.0, 2.5]
    assert bins["mean"].tolist() == [100.0, 60.0, 90.0]
    assert bins["sem"].iloc[1] == pytest.approx(10.0)  # slice means 70 and 50
    assert np.isnan(bins["sem"].iloc[0])


def test_one_slice_has_no_sem(make) -> None:
    run = make(slices=1)
    assert numbers(run)["conditioned_sem"] is None
    assert "mean, n = 1 slice, 2 min bins" in words(ltd(run))
    assert "±" not in caption(run).replace("mean ± SEM", "")


def test_missing_probes_traces_and_electrodes_are_left_out(make) -> None:
    run = make(slices=1)
    run.expected = run.expected.iloc[:0]
    run.traces = {}
    run.geometry = {}
    for outcome in run.summary["pathways"].values():
        outcome["percent_expected"] = None
    shown = words(ltd(run))
    assert "not recorded" in shown
    assert shown.count("no EPSP measured") == 2
    assert "Stimulate 1" not in shown
    assert "n/a % without release noise" in caption(run)


def test_what_spikes_left_unmeasured_is_said(make) -> None:
    run = make(slices=1)
    assert "fired" not in figure_entry("ltd").caption({"lfs": run})
    for table in (run.epsp, run.expected):
        table[["epsp_slope_mV_per_ms", "percent_of_baseline"]] = np.nan
    for outcome in run.summary["pathways"].values():
        outcome |= dict.fromkeys(("percent_of_baseline", "percent_expected", "sem"))
        outcome |= {"n_slices": 0, "fired_percent": 97.0, "local_spike_percent": 3.0}
    for when in ("before", "after"):
        del run.traces[f"soma_v/conditioned/{when}"]
    shown = words(ltd(run))
    assert shown.count("no EPSP measured") == 2  # the inset of one pathway, and the panel
    said = figure_entry("ltd").caption({"lfs": run})
    assert "left it at a level that was not measured" in said
    assert "97 % and 97 % fired the cell, 3 % and 3 % a dendrite or the axon alone" in said
    assert numbers(run)["control_fired_percent"] == 97.0


def test_drugs_are_named(make) -> None:
    run = make(slices=1, drugs=(AP5,))
    assert "50 µM D-AP5" in words(ltd(run))
    assert "in 50 µM D-AP5" in caption(run)


@pytest.fixture(scope="module")
def files(run, tmp_path_factory):
    """The files of the figure."""
    return save_figure("ltd", {"lfs": run}, tmp_path_factory.mktemp("ltd"))


def test_saved_figure_has_its_numbers_beside_it_and_is_the_same_twice(files, run, tmp_path) -> None:
    again = save_figure("ltd", {"lfs": run}, tmp_path / "two")
    assert [f.name for f in files] == ["ltd.png", "ltd.svg", "ltd.pdf", "ltd.json", "ltd.txt"]
    saved = json.loads(files[3].read_text(encoding="utf-8"))
    assert saved["numbers"] == numbers(run)
    assert saved["caption"] == caption(run)
    for file, other in zip(files, again, strict=True):
        assert file.read_bytes() == other.read_bytes()


def test_text_of_a_vector_picture_is_text(files) -> None:
    _, svg, *_ = files
    words = "".join(ElementTree.fromstring(svg.read_bytes()).itertext())
    for text in ("Pathway 1", "Schaffer", "EPSP slope (% of baseline)"):
        assert text in words


def test_unknown_figure_or_another_protocol_is_refused_and_writes_nothing(make, tmp_path) -> None:
    run = make(slices=1)
    with pytest.raises(BadInput, match=r"no figure 'late-ltp'.*ltd"):
        figure_entry("late-ltp")
    with pytest.raises(BadInput, match="needs a run 'lfs', and there is none"):
        save_figure("ltd", {}, tmp_path / "none")
    run.spec["protocol"]["name"] = "paired-pulse"
    with pytest.raises(BadInput, match="needs a run of lfs"):
        save_figure("ltd", {"lfs": run}, tmp_path / "none")
    assert not (tmp_path / "none").exists()


def test_folder_that_cannot_be_written_is_refused(make, tmp_path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BadInput, match="cannot be written"):
        save_figure("ltd", {"lfs": make(slices=1)}, tmp_path / "file" / "figures")


def test_time_courses_of_slices_are_averaged_though_their_samples_jitter(make) -> None:
    run = make(slices=2)
    later = run.timecourse["slice"] == 1
    run.timecourse.loc[later, "time_min"] += 2e-4
    run.timecourse.loc[later, "pp1_active_uM"] *= 3
    course = mean_timecourse(run, "control")
    assert len(course) == len(run.timecourse) / 4
    assert course["pp1_active_uM"].iloc[0] == pytest.approx(2 * 0.12)
