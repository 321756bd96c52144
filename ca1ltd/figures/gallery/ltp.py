"""The LTP figure: a tetanus to one of two pathways, and what blocks its effect."""

from typing import Final

from matplotlib.figure import Figure

from ca1ltd.cell_files import shown
from ca1ltd.declared import Declared
from ca1ltd.figures.entry import FigureEntry, Runs
from ca1ltd.figures.parts import style
from ca1ltd.figures.parts.inductions import axons, inductions, window_after
from ca1ltd.figures.parts.numbers import Number, drug_text, level, outcomes, slices_text, with_sem
from ca1ltd.figures.parts.panel_experiment import draw_experiment
from ca1ltd.figures.parts.panel_timecourse import draw_epsps, label_epsps
from ca1ltd.figures.parts.series import both, draw_series, highest, labels

WIDTH, HEIGHT = 180.0, 158.0
_BLOCKS: Final = ("ap5", "kn62")


def draw(runs: Runs) -> Figure:
    """Return the figure: A experiment, B EPSPs, C time course, D and E with blockers."""
    found = numbers(runs)
    top = max(highest(each) for key in runs for each in both(key, runs[key]))
    with style.look():
        plate = style.Plate(width=WIDTH, height=HEIGHT)
        draw_experiment(plate.axes(3, 6, 86, 94), runs["hfs"])
        for left, pathway in ((102.0, "conditioned"), (134.0, "control")):
            draw_epsps(plate.axes(left, 8, 27, 22), runs["hfs"], pathway)
        label_epsps(plate.drawing(102, 32, 62, 2), f"{window_after(runs['hfs'])} after")
        axes = plate.axes(102, 41, 58, 50)
        draw_series(axes, both("hfs", runs["hfs"]), found, top=top)
        labels(axes)
        for left, key in zip((14.0, 102.0), _BLOCKS, strict=True):
            axes = plate.axes(left, 111, 58, 37)
            draw_series(axes, both(key, runs[key]), found, top=top)
            labels(axes)
        for letter, left, y in zip("ABCDE", (2, 92, 92, 2, 92), (2, 2, 36, 104, 104), strict=True):
            plate.letter(letter, left, y)
    return plate.figure


def numbers(runs: Runs) -> dict[str, Number]:
    """Return the outcomes of both pathways of each run (% of baseline)."""
    return outcomes(runs)


def caption(runs: Runs) -> str:
    """Return the caption, with the runs' own numbers."""
    found, run = numbers(runs), runs["hfs"]
    (tetanus,) = inductions(run)
    strength = run.spec["protocol"]["strength"]
    drugs = [drug_text(runs[key].spec["drugs"][0]) for key in _BLOCKS]
    return (
        "Long-term potentiation of Schaffer collateral synapses on the reconstructed CA1 pyramidal "
        f"cell {shown(run.spec['cell'])}. A, two electrodes stimulate separate Schaffer "
        "collaterals; a pipette records from the soma. B, mean EPSPs before and "
        f"{window_after(run)} after a tetanus ({tetanus.words}, {axons(strength)}) to pathway 1. "
        f"C, slope of the EPSP in per cent of its baseline ({slices_text(runs)}; thin "
        "lines: without release noise). Pathway 1 was at "
        f"{with_sem(found, 'hfs_conditioned')} of its baseline {window_after(run)} after the "
        f"tetanus ({level(found['hfs_conditioned_percent_expected'], 3)} % without release noise), "
        f"pathway 2 at {with_sem(found, 'hfs_control')}. D, the same in {drugs[0]}: pathway 1 at "
        f"{with_sem(found, 'ap5_conditioned')}. E, in {drugs[1]}: "
        f"{with_sem(found, 'kn62_conditioned')}."
    )


FIGURE = FigureEntry(
    name="ltp",
    runs={
        "hfs": Declared("hfs"),
        "ap5": Declared("hfs", drugs=("D-AP5=50@-10..5",)),
        "kn62": Declared("hfs", drugs=("KN-62=10",)),
    },
    draw=draw,
    words=caption,
    numbers=numbers,
)
