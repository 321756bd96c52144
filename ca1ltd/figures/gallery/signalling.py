"""The figure of the sign switch: one wiring, driven by low and by high frequency."""

from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ca1ltd.declared import Declared
from ca1ltd.figures.entry import FigureEntry, Runs
from ca1ltd.figures.parts import shapes, style
from ca1ltd.figures.parts.inductions import inductions
from ca1ltd.figures.parts.numbers import Number, level
from ca1ltd.figures.parts.readouts import SIGNALS, receptors, told
from ca1ltd.figures.run import Run, mean_timecourse

SIDES: Final = {"lfs": style.BLUE, "hfs": style.VERMILION}
_NODES: Final[dict[str, tuple[str, str, tuple[float, float]]]] = {
    "calcium": ("Ca$^{2+}$ at a release", "µM", (40.0, 62.0)),
    "can": ("calcineurin", "% active", (17.0, 50.0)),
    "i1p": ("inhibitor-1-P", "µM", (17.0, 37.0)),
    "pp1": ("free PP1", "µM", (17.0, 24.0)),
    "camkii": ("CaMKII pT286", "%", (63.0, 43.5)),
    "s845": ("GluA1 S845-P", "%", (17.0, 9.0)),
    "ampar": ("AMPA receptors", "at synapse", (63.0, 9.0)),
}
"""Words, unit and place (mm) of each node."""
_SIGNALS: Final = {
    "can": "calcineurin_percent",
    "i1p": "inhibitor1_p_uM",
    "pp1": "pp1_uM",
    "camkii": "camkii_pt286_percent",
    "s845": "s845_p_percent",
}
"""Name of the signal of each node."""
_TITLES: Final = {
    "can": "Active calcineurin (%)",
    "i1p": "Inhibitor-1-P (µM)",
    "pp1": "Free PP1 (µM)",
    "camkii": "CaMKII pT286 (%)",
    "s845": "GluA1 S845-P (%)",
    "ampar": "AMPA receptors at synapse",
}
_DECADES: Final = 4.0
"""Of a logarithmic axis: what lies farther below the highest peak is not told apart from rest."""
_ARROWS: Final = (
    ("calcium", "can", False), ("calcium", "camkii", False), ("can", "i1p", True),
    ("i1p", "pp1", True), ("pp1", "s845", True), ("pp1", "ampar", True),
    ("camkii", "ampar", False), ("s845", "ampar", False),
)  # fmt: skip
"""From which node to which, and whether it inhibits: the main effects of the model."""
_THIN, _THICK = 0.4, 3.2


def numbers(runs: Runs) -> dict[str, Number]:
    """Return each level before induction and as it was driven, for both inductions.

    ``*_driven`` is what is told of a signal (`ca1ltd.figures.parts.readouts`): the peak, of
    inhibitor-1 the lowest value and of S845 the level afterwards; of receptors their number at the
    end, of calcium its peak at a release.
    """
    found: dict[str, Number] = {}
    for side in SIDES:
        run = runs[side]
        levels = told(run)
        found[f"{side}_calcium_driven"] = run.summary["peak_spine_ca_uM"]
        for node, name in _SIGNALS.items():
            found[f"{side}_{node}_before"] = levels[f"{name}_before"]
            found[f"{side}_{node}_driven"] = levels[f"{name}_{SIGNALS[name].told}"]
        before, after = receptors(run, "anchored")
        found |= {f"{side}_ampar_before": before, f"{side}_ampar_driven": after}
        outcome = run.summary["pathways"]["conditioned"]
        found[f"{side}_percent"] = outcome["percent_of_baseline"]
        found[f"{side}_percent_expected"] = outcome["percent_expected"]
    return found


def shares(found: dict[str, Number], side: str) -> dict[str, float]:
    """Return each driven level as a fraction of the higher of the two inductions'."""
    driven = {
        node: {each: found[f"{each}_{node}_driven"] or 0.0 for each in SIDES} for node in _NODES
    }
    return {node: both[side] / (max(both.values()) or 1.0) for node, both in driven.items()}


def signalling(runs: Runs) -> Figure:
    """Return the figure, 180 mm wide, from the finished runs of `FIGURE`."""
    found = numbers(runs)
    with style.look():
        plate = style.Plate(width=180, height=158)
        for left, (side, colour) in zip((5, 93), SIDES.items(), strict=True):
            drawing = plate.drawing(left, 4, 82, 82)
            drawing.set_ylim(-1, 81)
            _wiring(drawing, found, side, colour, runs[side])
        for place, node in enumerate(_TITLES):
            row, column = divmod(place, 3)
            axes = plate.axes(13 + 58 * column, 100 + 30 * row, 44, 18)
            _course(axes, runs, found, node)
            axes.set_xlabel("Time (min)" if row else "")
        for letter, left, top in (("A", 2, 2), ("B", 90, 2), ("C", 2, 92)):
            plate.letter(letter, left, top)
    return plate.figure


def _wiring(axes: Axes, found: dict[str, Number], side: str, colour: str, run: Run) -> None:
    share = shares(found, side)
    axes.text(41, 78.0, _title(run), size=style.LARGE, weight="bold", ha="center", va="center",
              color=colour)  # fmt: skip
    percent = level(found[f"{side}_percent_expected"], 3)
    axes.text(41, 73.0, f"EPSP afterwards {percent} % of baseline", size=style.TEXT, ha="center",
              va="center")  # fmt: skip
    for source, target, inhibits in _ARROWS:
        start, end = _ends(_NODES[source][2], _NODES[target][2])
        shapes.arrow(axes, start, end, inhibits=inhibits, colour=colour,
                     width=_THIN + (_THICK - _THIN) * share[source])  # fmt: skip
    for node, (name, unit, (x, y)) in _NODES.items():
        before, driven = found.get(f"{side}_{node}_before"), found[f"{side}_{node}_driven"]
        value = f"{level(driven)} {unit}"
        if before is not None:
            value = f"{level(before)} → {value}"
        shapes.pill(axes, x, y, name, value, face=_tint(colour, share[node]), bold=False,
                    half=15.0)  # fmt: skip


def _title(run: Run) -> str:
    return " + ".join(induction.words for induction in inductions(run)) or "no induction"


def _tint(colour: str, share: float) -> tuple[float, float, float]:
    """Return white mixed with a colour, up to 45 %."""
    red, green, blue = (int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5))
    part = 0.45 * share
    return 1 - part * (1 - red), 1 - part * (1 - green), 1 - part * (1 - blue)


def _ends(
    start: tuple[float, float], end: tuple[float, float]
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return where an arrow leaves one pill and meets another, both boxes about their middles."""
    (x0, y0), (x1, y1) = start, end
    if x0 == x1:
        down = np.sign(y1 - y0)
        return (x0, y0 + down * 3.1), (x1, y1 - down * 3.9)
    side = np.sign(x1 - x0)
    if abs(y1 - y0) < 4:
        return (x0 + side * 15.2, y0), (x1 - side * 15.9, y1)
    down = np.sign(y1 - y0)
    return (x0 + side * 9.0, y0 + down * 3.1), (x1 - side * 6.0, y1 - down * 3.9)


def _course(axes: Axes, runs: Runs, found: dict[str, Number], node: str) -> None:
    """Draw a level against time; of one that peaks at pulses the peaks, on a logarithmic axis.

    A tetanus is over, and calcineurin has let go of calmodulin, when the time course is read next:
    a stem joins the peak to it.
    """
    signal = SIGNALS[_SIGNALS[node]] if node in _SIGNALS else None
    column, factor = (signal.column, signal.factor) if signal else ("ampar_anchored", 1.0)
    peaks = signal is not None and signal.told == "peak"
    highest = max(found[f"{side}_{node}_driven"] or 0.0 for side in SIDES) if peaks else 0.0
    floor = highest / 10**_DECADES
    for side, colour in SIDES.items():
        series = factor * mean_timecourse(runs[side], "conditioned")[column]
        axes.plot(series.index, series.clip(lower=floor), color=colour, lw=1.1)
        highest = max(highest, float(series.max()))
        if peaks:
            end = max(induction.end for induction in inductions(runs[side]))
            foot = max(float(np.interp(end, series.index, series)), floor)
            axes.plot([end, end], [foot, found[f"{side}_{node}_driven"] or floor], color=colour,
                      lw=1.1, marker="o", ms=2.6, markevery=[1])  # fmt: skip
    axes.axvline(0, color=style.PALE, lw=0.8, zorder=0)
    if peaks and highest > 0:
        axes.set_yscale("log")
        axes.set_ylim(floor, 3 * highest)
        axes.yaxis.set_major_formatter("{x:g}")
        axes.minorticks_off()
    else:
        axes.set_ylim(0, 1.1 * highest if highest > 0 else 1)
        axes.locator_params(axis="y", nbins=3)
    axes.set_title(_TITLES[node], size=style.SMALL, loc="left", pad=3)


def caption(runs: Runs) -> str:
    """Return the caption, with the runs' own numbers."""
    found = numbers(runs)

    def said(side: str) -> str:
        values = {node: level(found[f"{side}_{node}_driven"]) for node in _NODES}
        return (
            f"calcium rose to {values['calcium']} µM at a release, calcineurin to {values['can']} "
            f"%, free PP1 to {values['pp1']} µM and CaMKII phosphorylated at T286 to "
            f"{values['camkii']} %; AMPA receptors at the synapse went from "
            f"{level(found[f'{side}_ampar_before'], 3)} to {values['ampar']}, the EPSP to "
            f"{level(found[f'{side}_percent_expected'], 3)} % of its baseline"
        )

    return (
        f"One wiring, two signs. The same signalling cascade of the conditioned spines driven by "
        f"{_title(runs['lfs'])} (A) and by {_title(runs['hfs'])} (B). Each box holds the level "
        f"before and its peak, the mean of the highest of each spine at a pulse (inhibitor-1: the "
        f"lowest mean from the start of induction on; S845: the mean in the window of the outcome; "
        f"receptors: at the end; calcium: the median at a release); arrows "
        f"activate and bars inhibit, the main effects of the model alone; the thickness of what "
        f"leaves a box, and its colour, is its level over the higher of the two inductions'. "
        f"A, {said('lfs')}. B, {said('hfs')}. C, the levels against time from the start of "
        f"induction (blue: A, red: B), means over conditioned spines every 10 s; dots on stems, "
        f"at the end of induction: the peaks in the boxes, on logarithmic axes; a tetanus is over "
        f"before the time course is read again."
    )


FIGURE = FigureEntry(
    name="signalling",
    runs={"lfs": Declared("lfs"), "hfs": Declared("hfs")},
    draw=signalling,
    words=caption,
    numbers=numbers,
)
