"""Panel C: from calcium to fewer receptors, drawn with the numbers of the run."""

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from ca1ltd.analysis import POOLS
from ca1ltd.figures.parts import shapes, style
from ca1ltd.figures.parts.cascade import TOP
from ca1ltd.figures.parts.numbers import Number, after_induction, induction_text, level
from ca1ltd.figures.parts.spine import Scene, draw_synapse
from ca1ltd.figures.run import Run, mean_timecourse
from ca1ltd.units import s

SYMBOLS = 26
"""About how many symbols stand for all AMPA receptors of a spine."""
_WORDS = {"anchored": "at the synapse", "diffusing": "elsewhere on the surface",
          "internal": "in vesicles"}  # fmt: skip


def receptors_per_symbol(found: Mapping[str, Number]) -> int:
    """Return how many receptors one symbol stands for: 1, 2, 5, 10, ..."""
    total = sum(found[f"ampar_{pool}_before"] or 0.0 for pool in POOLS)
    return max(int(style.round_length(total / SYMBOLS * 1.001)), 1)


def symbols(found: Mapping[str, Number], when: str) -> dict[str, int]:
    """Return the symbols of each pool, rounded so that they sum to the rounded total."""
    per = receptors_per_symbol(found)
    exact = {pool: (found[f"ampar_{pool}_{when}"] or 0.0) / per for pool in POOLS}
    counts = {pool: math.floor(value) for pool, value in exact.items()}
    missing = round(sum(exact.values())) - sum(counts.values())
    for pool in sorted(POOLS, key=lambda p: counts[p] - exact[p])[:missing]:
        counts[pool] += 1
    return counts


def draw_mechanism(axes: Axes, found: Mapping[str, Number]) -> None:
    """Draw the synapse before and after induction side by side (axes in mm)."""
    before, after = symbols(found, "before"), symbols(found, "after")
    slots = tuple(max(before[pool], after[pool]) for pool in ("anchored", "diffusing"))
    for centre, when, counts in ((29.0, "before", before), (89.0, "after", after)):
        later = when == "after"
        scene = Scene(active=later and _switched_on(found), **counts, slots=(slots[0], slots[1]),
                      endocytosed=_endocytosed(found) if later else "", names=not later,
                      levels=_levels(found, later=later))  # fmt: skip
        draw_synapse(axes, centre, scene)
        _tally(axes, centre, found, when)
    top = TOP + 28.5
    axes.text(29.0, top, "Before", size=style.LARGE, weight="bold", ha="center", va="center")
    axes.text(89.0, top, f"During and after {induction_text(found)}", size=style.LARGE,
              weight="bold", ha="center", va="center", color=style.VERMILION)  # fmt: skip
    _key(axes, found)


def _switched_on(found: Mapping[str, Number]) -> bool:
    """Return whether calcineurin at least doubled, to a per cent or more."""
    before, peak = found["calcineurin_percent_before"], found["calcineurin_percent_peak"]
    return peak is not None and peak >= max(2 * (before or 0.0), 1.0)


def _endocytosed(found: Mapping[str, Number]) -> str:
    """Return the loss from the surface in words, "" if it is below one receptor in twenty."""
    before, after = (
        sum(found[f"ampar_{pool}_{when}"] or 0.0 for pool in ("anchored", "diffusing"))
        for when in ("before", "after")
    )
    return f"clathrin pit:\n{before - after:.0f} receptors" if after < 0.95 * before else ""


def _levels(found: Mapping[str, Number], *, later: bool) -> dict[str, str]:
    s845 = level(found["s845_p_percent_before"])
    change, calcium = f"{s845} %", "at rest"
    if later:
        change = f"{s845} → {level(found['s845_p_percent_after'])} %"
        calcium = f"{level(found['peak_spine_ca_uM'])} µM"
    peak, lowest = ("peak", "lowest") if later else ("before", "before")
    return {
        "calcium": f"Ca$^{{2+}}$\n{calcium}",
        "calcineurin": f"{level(found[f'calcineurin_percent_{peak}'])} % active",
        "inhibitor-1-P": f"{level(found[f'inhibitor1_p_uM_{lowest}'])} µM",
        "free PP1": f"{level(found[f'pp1_uM_{peak}'])} µM",
        "s845": f"GluA1 S845-P\n{change}",
    }


def _tally(axes: Axes, centre: float, found: Mapping[str, Number], when: str) -> None:
    """Write the receptors of each pool under a synapse, afterwards also in per cent."""
    time = f" {after_induction(found)} later" if when == "after" else ""
    axes.text(centre, -0.6, f"AMPA receptors per spine{time}", ha="center", va="center",
              size=style.SMALL, weight="bold")  # fmt: skip
    for line, pool in enumerate(POOLS, start=1):
        count, earlier = found[f"ampar_{pool}_{when}"], found[f"ampar_{pool}_before"]
        text = f"{level(count)} {_WORDS[pool]}"
        if when == "after" and count is not None and earlier:
            text += f" ({100 * count / earlier:.0f} %)"
        axes.text(centre, -0.6 - 3.3 * line, text, ha="center", va="center", size=style.SMALL)


def _key(axes: Axes, found: Mapping[str, Number]) -> None:
    y = -15.0
    shapes.ampar(axes, shapes.Spot(x=3.0, y=y - 0.4, normal=np.pi / 2))
    axes.text(5.2, y, f"AMPA receptors ({receptors_per_symbol(found)} per symbol)", va="center",
              size=style.SMALL)  # fmt: skip
    shapes.nmdar(axes, shapes.Spot(x=51.0, y=y - 0.7, normal=np.pi / 2))
    axes.text(54.0, y, "NMDA receptor", va="center", size=style.SMALL)
    shapes.arrow(axes, (76.0, y), (82.0, y))
    axes.text(83.5, y, "activates", va="center", size=style.SMALL)
    shapes.arrow(axes, (98.5, y), (104.0, y), inhibits=True)
    axes.text(105.8, y, "inhibits", va="center", size=style.SMALL)


def draw_signals(rows: list[Axes], run: Run, found: Mapping[str, Number]) -> None:
    """Draw calcium, calcineurin, PP1 and receptors against time, in five axes from the top."""
    _example(rows[0], run)
    course = {pathway: mean_timecourse(run, pathway) for pathway in style.PATHWAYS}
    plots = (
        ("spine_ca_uM", 1.0, "Spine Ca$^{2+}$, mean of peaks (µM)"),
        ("calcineurin_active", 100.0, "Active calcineurin, mean (%)"),
        ("pp1_active_uM", 1.0, "Free PP1, mean (µM)"),
    )
    for axes, (column, factor, title) in zip(rows[1:], plots, strict=False):
        for pathway, width in (("control", 0.7), ("conditioned", 1.1)):
            series = factor * course[pathway][column]
            axes.plot(series.index, series, color=style.PATHWAYS[pathway][1], lw=width)
        _signal_frame(axes, found, title)
        axes.set_xticklabels([])
    _receptor_counts(rows[-1], course["conditioned"])
    _signal_frame(rows[-1], found, "AMPA receptors per spine", pad=10)
    rows[-1].set_xlabel("Time (min)")


def _signal_frame(axes: Axes, found: Mapping[str, Number], title: str, *, pad: float = 2) -> None:
    times = np.concatenate([line.get_xdata() for line in axes.get_lines()])
    peak = max(float(np.nanmax(line.get_ydata())) for line in axes.get_lines())
    axes.set(xlim=(times.min() - 1, times.max() + 1), ylim=(0, 1.12 * peak if peak > 0 else 1))
    axes.axvspan(0, found["induction_min"] or 0, color=style.SHADE, lw=0, zorder=0)
    axes.set_xticks(np.arange(-15 * (times.min() <= -15), times.max() + 1, 15))
    axes.locator_params(axis="y", nbins=3)
    axes.set_title(title, size=style.SMALL, loc="left", pad=pad)


def _example(axes: Axes, run: Run) -> None:
    """Draw a stretch of one conditioned spine's calcium during induction."""
    axes.set_title("Ca$^{2+}$ of one spine in induction (µM)", size=style.SMALL, loc="left", pad=2)
    trace = run.traces.get("spine_ca/conditioned/example")
    if trace is None:
        axes.set_axis_off()
        axes.text(0.5, 0.5, "not recorded", transform=axes.transAxes, ha="center",
                  color=style.GREY, size=style.SMALL)  # fmt: skip
        return
    seconds = (trace.times - trace.times[0]) / s
    axes.plot(seconds, trace.values, color=style.VERMILION, lw=0.7)
    axes.set(xlim=(-0.1, seconds[-1]), ylim=(0, 1.12 * trace.values.max()))
    axes.set_xticks(np.arange(0, seconds[-1] + 0.01, 1), labels=[])
    axes.locator_params(axis="y", nbins=3)
    axes.text(0.995, -0.12, "ticks: 1 s", transform=axes.transAxes, ha="right", va="top",
              size=style.SMALL)  # fmt: skip


def _receptor_counts(axes: Axes, course: pd.DataFrame) -> None:
    surface = course["ampar_anchored"] + course["ampar_diffusing"]
    lines = (
        ("synapse", course["ampar_anchored"], shapes.AMPAR[1], "-"),
        ("all surface", surface, style.SKY, "-"),
        ("vesicles", course["ampar_internal"], style.GREY, (0, (2, 1))),
    )
    for name, series, colour, dashes in lines:
        axes.plot(series.index, series, color=colour, lw=1.2, ls=dashes, label=name)
    axes.legend(loc="lower left", bbox_to_anchor=(-0.03, 0.96), fontsize=style.SMALL, ncols=3,
                frameon=False, handlelength=1.2, handletextpad=0.4, columnspacing=0.9,
                borderpad=0)  # fmt: skip
