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
from ca1ltd.figures.run import Run, mean_timecourse, window_of

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
_COURSES: Final[dict[str, tuple[str, float, str, str]]] = {
    "can": ("calcineurin_active", 100.0, "max", "Active calcineurin (%)"),
    "i1p": ("inhibitor1_p_uM", 1.0, "min", "Inhibitor-1-P (µM)"),
    "pp1": ("pp1_active_uM", 1.0, "max", "Free PP1 (µM)"),
    "camkii": ("camkii_pt286", 100.0, "max", "CaMKII pT286 (%)"),
    "s845": ("s845_p", 100.0, "end", "GluA1 S845-P (%)"),
    "ampar": ("ampar_anchored", 1.0, "end", "AMPA receptors at synapse"),
}
"""Column of the time course, factor, what is told of it, and title of each level."""
_PEAKS: Final = {
    "can": "calcineurin_active_peak",
    "pp1": "pp1_active_peak",
    "camkii": "camkii_pt286_peak",
}
"""Column of the synapses with the highest level at a pulse: a tetanus is over, and calcineurin has
let go of calmodulin, when the time course is read next."""
_ARROWS: Final = (
    ("calcium", "can", False), ("calcium", "camkii", False), ("can", "i1p", True),
    ("i1p", "pp1", True), ("pp1", "s845", True), ("pp1", "ampar", True),
    ("camkii", "ampar", False), ("s845", "ampar", False),
)  # fmt: skip
"""From which node to which, and whether it inhibits: the main effects of the model."""
_THIN, _THICK = 0.4, 3.2


def numbers(runs: Runs) -> dict[str, Number]:
    """Return each level before induction and as it was driven, for both inductions.

    ``*_driven`` is the mean over conditioned spines of each one's highest level at a pulse
    (inhibitor-1: the lowest of their mean; S845 and receptors: the mean over the outcome's window);
    of calcium the mean of their median peaks at a release.
    """
    found: dict[str, Number] = {}
    for side in SIDES:
        run = runs[side]
        course = mean_timecourse(run, "conditioned")
        spines = run.synapses[run.synapses["pathway"] == "conditioned"]
        found[f"{side}_calcium_driven"] = float(spines["peak_spine_ca_uM"].mean())
        first, last = window_of(run)
        for node, (column, factor, told, _) in _COURSES.items():
            series = factor * course[column]
            later = series[series.index >= 0]
            end = series[(series.index >= first) & (series.index <= last)].mean()
            if told == "max":
                driven = factor * spines[_PEAKS[node]].mean()
            else:
                driven = later.min() if told == "min" else end
            found[f"{side}_{node}_before"] = float(series[series.index < 0].mean())
            found[f"{side}_{node}_driven"] = float(driven)
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
        for place, node in enumerate(_COURSES):
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
    column, factor, _, title = _COURSES[node]
    highest = 0.0
    for side, colour in SIDES.items():
        series = factor * mean_timecourse(runs[side], "conditioned")[column]
        axes.plot(series.index, series, color=colour, lw=1.1)
        highest = max(highest, float(series.max()))
        if node in _PEAKS:
            peak = found[f"{side}_{node}_driven"] or 0.0
            end = max(induction.end for induction in inductions(runs[side]))
            axes.plot([end], [peak], "o", ms=2.6, color=colour)
            highest = max(highest, peak)
    axes.axvline(0, color=style.PALE, lw=0.8, zorder=0)
    axes.set_ylim(0, 1.1 * highest if highest > 0 else 1)
    axes.locator_params(axis="y", nbins=3)
    axes.set_title(title, size=style.SMALL, loc="left", pad=3)


def caption(runs: Runs) -> str:
    """Return the caption, with the runs' own numbers."""
    found = numbers(runs)

    def told(side: str) -> str:
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
        f"before and the highest of it at a pulse (inhibitor-1: the lowest from the start of "
        f"induction on; S845 and receptors: the mean in the window of the outcome); arrows "
        f"activate and bars inhibit, the main effects of the model alone; the thickness of what "
        f"leaves a box, and its colour, is its level over the higher of the two inductions'. "
        f"A, {told('lfs')}. B, {told('hfs')}. C, the levels against time from the start of "
        f"induction (blue: A, red: B), means over the conditioned spines every 10 s; dots at the "
        f"end of induction: the highest levels at a pulse, of each spine its own, on average."
    )


FIGURE = FigureEntry(
    name="signalling",
    runs={"lfs": Declared("lfs"), "hfs": Declared("hfs")},
    draw=signalling,
    words=caption,
    numbers=numbers,
)
