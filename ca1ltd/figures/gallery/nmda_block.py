"""The figure of the NMDA receptor as a coincidence detector: magnesium, potential, calcium."""

from typing import Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ca1ltd.declared import Declared
from ca1ltd.figures.entry import FigureEntry, Runs
from ca1ltd.figures.parts import shapes, style
from ca1ltd.figures.parts.cascade import PORE, TOP
from ca1ltd.figures.parts.numbers import Number, level, plain, signed
from ca1ltd.figures.parts.shapes import Canvas
from ca1ltd.figures.parts.spine import draw_bouton, draw_head
from ca1ltd.figures.run import Run

POTENTIALS: Final = tuple(float(potential) for potential in range(-100, 101, 20))
REST: Final = -60.0
"""Potential of the clamp that stands for rest (mV), one of `POTENTIALS`."""
_RELEASE: Final = {"ca1bouton.u_rest": 1.0, "ca1bouton.n_rrp": 1.0, "slice.series_resistance": 3.0}
"""Every bouton releases one vesicle at every pulse: no noise; a good seal (MOhm)."""
_NO_SPIKES: Final = dict.fromkeys(("soma.nat", "axon.nat", "basal.nat", "apical.nat"), 0.0)
"""No sodium channels, as by QX-314 in the pipette: dendrites would escape from the clamp."""
_COLUMNS: Final = ["spine_v_mV", "epsc_pA", "spine_ca_before_uM", "spine_ca_uM"]
_KINDS: Final = {
    "blocked": ("with Mg$^{2+}$", style.VERMILION, "o", "-"),
    "free": ("without Mg$^{2+}$", style.BLUE, "s", (0, (4, 1.5))),
}


def _declared(*drugs: str, mg: float | None = None) -> Declared:
    return Declared(
        "current-voltage",
        options={"potentials": POTENTIALS, "pulses": 2},
        drugs=(*drugs, "caesium"),
        conditions={} if mg is None else {"mg": mg},
        parameters=_RELEASE | _NO_SPIKES,
    )


def curve(run: Run) -> pd.DataFrame:
    """Return means over slices and pulses at each potential of the clamp, by ``holding_mV``."""
    slices = run.epsp.groupby(["holding_mV", "slice"])[_COLUMNS].mean()
    table = slices.groupby("holding_mV").mean()
    return table.assign(rise_uM=table["spine_ca_uM"] - table["spine_ca_before_uM"])


def numbers(runs: Runs) -> dict[str, Number]:
    """Return the numbers of the figure: at `REST` and where calcium rises most with magnesium."""
    curves = {key: curve(run) for key, run in runs.items()}
    rises = curves["blocked"]["rise_uM"]
    depolarised = float(rises.index.to_numpy(dtype=float)[rises.to_numpy().argmax()])
    found: dict[str, Number] = {
        "mg_mM": runs["blocked"].spec["conditions"]["mg_o"],
        "synapses": runs["blocked"].spec["synapses"],
    }
    for place, potential in (("rest", REST), ("depolarised", depolarised)):
        found[f"{place}_clamp_mV"] = potential
        for key, table in curves.items():
            (row,) = table[table.index == potential][
                ["epsc_pA", "spine_v_mV", "rise_uM"]
            ].to_numpy()
            for name, value in zip(("epsc_pA", "spine_v_mV", "ca_rise_uM"), row, strict=True):
                found[f"{place}_{key}_{name}"] = plain(value)
        blocked, free = (found[f"{place}_{key}_epsc_pA"] or 0.0 for key in ("blocked", "free"))
        found[f"{place}_unblocked_percent"] = 100 * blocked / free if free else None
    rest, rise = (found[f"{place}_blocked_ca_rise_uM"] or 0.0 for place in ("rest", "depolarised"))
    found["ca_ratio"] = rise / rest if rest > 0 else None
    found["reversal_mV"] = _crossing(curves["blocked"])
    return found


def _crossing(table: pd.DataFrame) -> float | None:
    """Return the potential of the spines (mV) where the current turns outward, if it does."""
    v, i = (table[column].to_numpy(dtype=float) for column in ("spine_v_mV", "epsc_pA"))
    turns = np.flatnonzero((i[:-1] < 0) & (i[1:] >= 0))
    if turns.size == 0:
        return None
    k = int(turns[-1])
    return float(v[k] - i[k] * (v[k + 1] - v[k]) / (i[k + 1] - i[k]))


def nmda_block(runs: Runs) -> Figure:
    """Return the figure, 180 mm wide, from the finished runs of `FIGURE`."""
    found = numbers(runs)
    with style.look():
        plate = style.Plate(width=180, height=106)
        drawing = plate.drawing(3, 4, 118, 98)
        drawing.set_ylim(-4.0, 94.0)
        _cartoon(drawing, 29.0, found, "rest")
        _cartoon(drawing, 89.0, found, "depolarised")
        _currents(plate.axes(137, 9, 40, 36), runs)
        _calcium(plate.axes(137, 60, 40, 36), runs)
        for letter, left, top in (("A", 2, 2), ("B", 125, 2), ("C", 125, 53)):
            plate.letter(letter, left, top)
    return plate.figure


def _cartoon(axes: Axes, centre: float, found: dict[str, Number], place: str) -> None:
    """Draw a spine with one AMPA and one NMDA receptor, and what flows through them."""
    canvas, open_ = Canvas(axes, centre), place == "depolarised"
    draw_bouton(canvas, released=9)
    draw_head(canvas)
    for x in (-13.0, -9.0, -5.0):
        shapes.ampar(axes, canvas.spot(x, TOP))
        for y in (3.4, 0.2, -3.6):
            shapes.ball(axes, *canvas.at(x, TOP + y), 0.55, style.SKY, zorder=7)
    shapes.nmdar(axes, canvas.spot(PORE, TOP))
    plug = (PORE + 5.0, TOP + 3.4) if open_ else (PORE, TOP + 1.4)
    shapes.ball(axes, *canvas.at(*plug), 0.95, style.INK, zorder=7)
    canvas.text(PORE + 6.4, TOP + 3.4, "Mg$^{2+}$")
    if open_:
        for x, y in ((0, 3.4), (0, 1.0), (0, -1.4), (-1.0, -4.6), (0.9, -5.6)):
            shapes.ball(axes, *canvas.at(PORE + x, TOP + y), 0.65, style.ORANGE, zorder=7)
        shapes.arrow(axes, canvas.at(PORE, TOP - 6.8), canvas.at(PORE, TOP - 11.2))
    title = "Depolarised" if open_ else "At rest"
    v = found[f"{place}_blocked_spine_v_mV"]
    axes.text(centre, TOP + 30.0, title, size=style.LARGE, weight="bold", ha="center", va="center")
    axes.text(centre, TOP + 26.4, f"spines at {signed(v)} mV", size=style.TEXT, ha="center",
              va="center", color=style.VERMILION if open_ else style.GREY)  # fmt: skip
    shapes.arrow(axes, canvas.at(-9.0, TOP - 5.2), canvas.at(-9.0, TOP - 11.2))
    canvas.text(-12.5, TOP - 14.6, "Na$^+$ through\nAMPA receptors", ha="center")
    canvas.text(-12.5, TOP - 21.0, f"{signed(found[f'{place}_ampa_epsc_pA'])} pA", ha="center",
                weight="bold", colour=shapes.AMPAR[1])  # fmt: skip
    words = "Na$^+$, Ca$^{2+}$ through\nNMDA receptors" if open_ else "NMDA receptors\nblocked"
    canvas.text(12.0, TOP - 14.6, words, ha="center")
    canvas.text(12.0, TOP - 21.0, f"{signed(found[f'{place}_blocked_epsc_pA'])} pA", ha="center",
                weight="bold", colour=shapes.NMDAR[1])  # fmt: skip
    rise = level(found[f"{place}_blocked_ca_rise_uM"])
    canvas.text(0.0, TOP - 31.0, f"rise of Ca$^{{2+}}$ in the spine: {rise} µM", ha="center",
                weight="bold", colour="#8A5B00")  # fmt: skip
    if not open_:
        canvas.text(-28.5, TOP + 19.0, "bouton", colour=style.GREY)
        canvas.text(7.0, 15.0, "spine neck", colour=style.GREY)
        canvas.text(-26.0, 6.8, "dendrite", colour=style.GREY)


def _currents(axes: Axes, runs: Runs) -> None:
    for key, (label, colour, marker, dashes) in _KINDS.items():
        table = curve(runs[key])
        axes.plot(table["spine_v_mV"], table["epsc_pA"], ls=dashes, color=colour, marker=marker,
                  ms=2.6, lw=1.1, label=label)  # fmt: skip
    axes.axhline(0, color=style.GREY, lw=0.5, zorder=0)
    axes.axvline(0, color=style.GREY, lw=0.5, zorder=0)
    axes.set_title("Peak current of NMDA receptors", size=style.SMALL, loc="left", pad=3)
    axes.set(xlabel="Potential of the spines (mV)", ylabel="Current at the soma (pA)")
    axes.legend(framealpha=1, edgecolor="none", fontsize=style.SMALL, loc="lower right",
                handlelength=1.8, borderaxespad=0.1)  # fmt: skip


def _calcium(axes: Axes, runs: Runs) -> None:
    for key, (_, colour, marker, dashes) in _KINDS.items():
        table = curve(runs[key])
        axes.plot(table["spine_v_mV"], table["rise_uM"], ls=dashes, color=colour, marker=marker,
                  ms=2.6, lw=1.1)  # fmt: skip
    axes.set_yscale("log")  # without magnesium it is a hundred times more
    axes.yaxis.set_major_formatter("{x:g}")
    axes.set_title("Rise of spine Ca$^{2+}$ by a vesicle", size=style.SMALL, loc="left", pad=3)
    axes.set(xlabel="Potential of the spines (mV)", ylabel="Rise (µM, logarithmic)")


def caption(runs: Runs) -> str:
    """Return the caption, with the runs' own numbers."""
    found = numbers(runs)
    reversal = found["reversal_mV"]
    turns = "" if reversal is None else f"; the current reverses at {signed(reversal)} mV"
    return (
        f"The NMDA receptor detects a coincidence. {found['synapses']} synapses on the "
        f"reconstructed cell each release one vesicle, while the soma is voltage clamped with "
        f"caesium in the pipette and its sodium channels are left out, as by QX-314; the dendrites "
        f"follow it in part, so that potentials are those of the spines. A, with the soma clamped "
        f"to {signed(found['rest_clamp_mV'])} mV current "
        f"flows through AMPA receptors ({signed(found['rest_ampa_epsc_pA'])} pA with D-AP5), and "
        f"{found['mg_mM']:g} mM magnesium leaves the NMDA receptors "
        f"{level(found['rest_unblocked_percent'])} % of the current that they pass without it. "
        f"Depolarised, with the clamp at {signed(found['depolarised_clamp_mV'])} mV, they pass "
        f"{level(found['depolarised_unblocked_percent'])} %, and calcium of the spine rises by "
        f"{level(found['depolarised_blocked_ca_rise_uM'])} µM in place of "
        f"{level(found['rest_blocked_ca_rise_uM'])} µM ({level(found['ca_ratio'])} times). "
        f"B, peak current of the NMDA receptors (NBQX) against the potential of the spines, with "
        f"{found['mg_mM']:g} mM magnesium and without{turns}. "
        f"C, rise of spine calcium, its peak less its level before the pulse (logarithmic axis)."
    )


FIGURE = FigureEntry(
    name="nmda-block",
    runs={
        "blocked": _declared("NBQX"),
        "free": _declared("NBQX", mg=0),
        "ampa": _declared("D-AP5"),
    },
    draw=nmda_block,
    words=caption,
    numbers=numbers,
)
