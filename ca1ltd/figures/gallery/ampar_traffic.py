"""The figure of AMPA receptor traffic: their pools in LTD and LTP, and silent synapses."""

from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle

from ca1ltd.analysis import POOLS
from ca1ltd.arrays import Floats
from ca1ltd.declared import Declared
from ca1ltd.figures.entry import FigureEntry, Runs
from ca1ltd.figures.parts import shapes, style
from ca1ltd.figures.parts.numbers import Number, level, plain, signed
from ca1ltd.figures.run import Run, mean_timecourse, window_of

REST, DEPOLARISED = -65.0, 40.0
"""Potentials of the clamp (mV) at which silent synapses are looked at."""
_LINES: Final = {
    "anchored": ("at the synapse", shapes.AMPAR[1], "-"),
    "diffusing": ("elsewhere on the surface", style.SKY, "-"),
    "internal": ("in vesicles", style.GREY, (0, (2, 1))),
}
_INDUCTIONS: Final = {"lfs": "Low frequency", "hfs": "High frequency"}
_SILENT: Final = {"before": "before pairing", "after": "after pairing"}


def numbers(runs: Runs) -> dict[str, Number]:
    """Return receptors per conditioned spine before and after, and currents of silent synapses.

    The currents are means over slices and test pulses: `epsc_rest` the peak, `epsc_depolarised`
    what flows 50 ms after the pulse.
    """
    found: dict[str, Number] = {}
    for key in _INDUCTIONS:
        spines = runs[key].synapses[runs[key].synapses["pathway"] == "conditioned"]
        for pool in POOLS:
            before, after = (float(spines[f"ampar_{pool}_{when}"].mean()) for when in _SILENT)
            found |= {f"{key}_{pool}_before": before, f"{key}_{pool}_after": after}
            found[f"{key}_{pool}_percent"] = 100 * after / before if before else None
    protocol = runs["silent"].spec["protocol"]
    found |= {"pairs": protocol["pairs"], "pairing_mV": protocol["potential"]}
    for when in _SILENT:
        for place, column in (("rest", "epsc_pA"), ("depolarised", "epsc_late_pA")):
            found[f"{when}_{place}_{column}"] = _current(runs["silent"], when, place, column)
    return found


def _current(run: Run, when: str, place: str, column: str) -> Number:
    """Return the mean current (pA) at a potential, before pairing or in the outcome's window."""
    rows = run.epsp[run.epsp["holding_mV"] == (REST if place == "rest" else DEPOLARISED)]
    start = window_of(run)[0]
    rows = rows[rows["time_min"] < 0] if when == "before" else rows[rows["time_min"] >= start]
    means = rows.groupby("slice")[column].mean()
    return plain(means.mean())


def ampar_traffic(runs: Runs) -> Figure:
    """Return the figure, 180 mm wide, from the finished runs of `FIGURE`."""
    found = numbers(runs)
    with style.look():
        plate = style.Plate(width=180, height=150)
        pools = [plate.axes(left, 12, 50, 44) for left in (14, 72)]
        shown = zip(pools, _INDUCTIONS.items(), strict=True)
        top = max(_pools(axes, runs[key], name) for axes, (key, name) in shown)
        ends = np.array([axes.get_xlim() for axes in pools])
        for axes in pools:
            axes.set(ylim=(0, 1.08 * top), xlim=(ends.min(), ends.max()))
        pools[0].set_ylabel("AMPA receptors per spine")
        pools[0].legend(frameon=False, fontsize=style.SMALL, loc="lower left", handlelength=1.6,
                        bbox_to_anchor=(0.0, 1.06), ncols=3, borderaxespad=0.0)  # fmt: skip
        _maps(plate.drawing(128, 4, 50, 64), found)
        _traces(plate, runs["silent"])
        plate.drawing(14, 74, 164, 6).text(0, 3, _made_silent(runs["silent"]), size=style.TEXT,
                                           va="center")  # fmt: skip
        _series(plate.axes(120, 90, 56, 48), runs["silent"])
        for letter, left, at in (("A", 2, 2), ("B", 126, 2), ("C", 2, 74), ("D", 106, 82)):
            plate.letter(letter, left, at)
    return plate.figure


def _made_silent(run: Run) -> str:
    """Return how the synapses were made silent, in words."""
    return (
        f"{run.spec['synapses']} synapses of each pathway made silent: ca1ampar.slots_rest = "
        f"{run.spec['parameters']['ca1ampar.slots_rest']:g}, no slots for AMPA receptors at rest"
    )


def _pools(axes: Axes, run: Run, name: str) -> float:
    course = mean_timecourse(run, "conditioned")
    for pool, (label, colour, dashes) in _LINES.items():
        axes.plot(course.index, course[f"ampar_{pool}"], color=colour, ls=dashes, lw=1.2,
                  label=label)  # fmt: skip
    axes.axvline(0, color=style.VERMILION, lw=0.8, zorder=0)
    axes.set_title(f"{name} from 0 min", size=style.TEXT, loc="left", pad=3)
    axes.set_xlabel("Time (min)")
    axes.set_xlim(course.index.min(), course.index.max())
    return float(course[[f"ampar_{pool}" for pool in POOLS]].to_numpy().max())


def _maps(axes: Axes, found: dict[str, Number]) -> None:
    """Draw the receptors of a synapse seen from the cleft, a dot for each, before and after."""
    axes.text(27, 62.0, "A synapse seen from the cleft", size=style.TEXT, ha="center",
              va="center")  # fmt: skip
    for x, y, name, key, when in (
        (25.0, 45.5, "before", "lfs", "before"),
        (11.5, 15.5, "after low frequency", "lfs", "after"),
        (38.5, 15.5, "after high frequency", "hfs", "after"),
    ):
        anchored, diffusing = (round(found[f"{key}_{pool}_{when}"] or 0)
                               for pool in ("anchored", "diffusing"))  # fmt: skip
        axes.add_patch(Circle((x, y), 11.2, fc=shapes.CYTOSOL, ec=shapes.MEMBRANE, lw=0.8))
        axes.add_patch(Circle((x, y), 6.6, fc="#E2D4C3", ec="none"))
        for count, inner, outer, colour in (
            (anchored, 0.0, 6.2, shapes.AMPAR[1]), (diffusing, 7.4, 10.6, style.SKY)
        ):  # fmt: skip
            places = sunflower(count, inner, outer)
            axes.plot(x + places[:, 0], y + places[:, 1], "o", ms=2.0, mew=0, color=colour)
        axes.text(x, y - 13.2, name, size=style.SMALL, ha="center", va="center")


def sunflower(count: int, inner: float, outer: float) -> Floats:
    """Return places that cover a ring evenly, shape ``(count, 2)``: a spiral of golden angles."""
    k = np.arange(count)
    radius = np.sqrt(inner**2 + (outer**2 - inner**2) * (k + 0.5) / max(count, 1))
    angle = k * np.pi * (3 - np.sqrt(5))
    return np.column_stack((radius * np.cos(angle), radius * np.sin(angle)))


def _traces(plate: style.Plate, run: Run) -> None:
    """Draw mean currents before and after pairing, each potential at a scale of its own."""
    for row, (potential, colour, words) in enumerate(
        ((DEPOLARISED, shapes.NMDAR[1], "NMDA receptors, later AMPA"),
         (REST, shapes.AMPAR[1], "AMPA receptors"))
    ):  # fmt: skip
        found = [run.traces.get(f"soma_i/conditioned/{potential:g}/{when}") for when in _SILENT]
        shown = [trace.values for trace in found if trace is not None]
        low = min((float(values.min()) for values in shown), default=-1.0)
        high = max((float(values.max()) for values in shown), default=1.0)
        span = max(high - low, 1e-9)
        for column, (trace, when) in enumerate(zip(found, _SILENT.values(), strict=True)):
            axes = plate.axes(16 + 45 * column, 92 + 29 * row, 40, 24)
            axes.set_axis_off()
            axes.set(xlim=(-6, 62), ylim=(low - 0.1 * span, high + 0.12 * span))
            if row == 0:
                axes.set_title(when, size=style.TEXT, pad=4)
            axes.axhline(0, color=style.PALE, lw=0.5, dashes=(3, 2), zorder=0)
            if trace is not None:
                axes.plot(trace.times, trace.values, color=colour, lw=1.1)
            if column == 0:
                name = f"{'+' * (potential > 0)}{signed(potential)} mV\n{words}"
                y = 0.8 * high if potential > 0 else low + 0.45 * span
                axes.text(-6, y, name, size=style.SMALL, color=colour, va="center")
                _scale(axes, low + 0.3 * span if potential > 0 else low, span)


def _scale(axes: Axes, y: float, span: float) -> None:
    """Draw scale bars (pA, ms) from a height on."""
    bar = style.round_length(0.4 * span)
    axes.plot([38, 38, 58], [y + bar, y, y], color=style.INK, lw=0.8)
    axes.text(37, y + bar / 2, f"{bar:g} pA", size=style.SMALL, ha="right", va="center")
    axes.text(48, y - 0.04 * span, "20 ms", size=style.SMALL, ha="center", va="top")


def _series(axes: Axes, run: Run) -> None:
    """Draw the peak of every current at rest against time from pairing, slice by slice."""
    rows = run.epsp[run.epsp["holding_mV"] == REST]
    axes.plot(rows["time_min"], -rows["epsc_pA"], "o", ms=2.2, mew=0, color=shapes.AMPAR[1])
    axes.axvline(0, color=style.VERMILION, lw=0.8, zorder=0)
    axes.set_ylim(0, None)
    axes.set_title(f"pairing from 0 min; soma clamped to {signed(REST)} mV", size=style.TEXT,
                   loc="left", pad=3)  # fmt: skip
    axes.set(xlabel="Time from pairing (min)", ylabel="Inward EPSC, peak (pA)")


def caption(runs: Runs) -> str:
    """Return the caption, with the runs' own numbers."""
    found = numbers(runs)

    def change(key: str, pool: str) -> str:
        before, after, percent = (
            level(found[f"{key}_{pool}_{what}"], 3) for what in ("before", "after", "percent")
        )
        return f"from {before} to {after} ({percent} %)"

    def current(name: str) -> str:
        value = found[name]
        return "n/a" if value is None else f"{abs(value):.3g} pA"

    return (
        f"AMPA receptors come and go. A, receptors per spine of the conditioned pathway: by "
        f"low-frequency stimulation those at the synapse went {change('lfs', 'anchored')} and "
        f"those in vesicles {change('lfs', 'internal')}; by high-frequency stimulation "
        f"{change('hfs', 'anchored')} and {change('hfs', 'internal')}. B, the same numbers as a "
        f"synapse seen from the cleft, one dot for a receptor, dark within the density; only their "
        f"numbers are simulated, not their places. C, {runs['silent'].spec['synapses']} "
        f"synapses of each pathway made silent by a parameter (ca1ampar.slots_rest = 0): at rest "
        f"they have no slots for AMPA receptors. Voltage clamp with caesium in the pipette, "
        f"mean currents, each potential at a scale of its own. "
        f"Before pairing {current('before_rest_epsc_pA')} at {REST:.0f} mV, peak, and "
        f"{current('before_depolarised_epsc_late_pA')} at {DEPOLARISED:+.0f} mV, 50 ms after the "
        f"pulse, through NMDA receptors. {found['pairs']} pulses paired with "
        f"{found['pairing_mV']:.0f} mV left {current('after_rest_epsc_pA')} at {REST:.0f} mV "
        f"and {current('after_depolarised_epsc_late_pA')} at {DEPOLARISED:+.0f} mV. D, every "
        f"current at {REST:.0f} mV against time."
    )


FIGURE = FigureEntry(
    name="ampar-traffic",
    runs={
        "lfs": Declared("lfs"),
        "hfs": Declared("hfs"),
        "silent": Declared(
            "clamped-pairing",
            options={"interval": 15},
            drugs=("caesium",),
            parameters={"ca1ampar.slots_rest": 0.0, "slice.series_resistance": 3.0},
        ),
    },
    draw=ampar_traffic,
    words=caption,
    numbers=numbers,
)
