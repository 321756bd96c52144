"""The curves: error against speed and steps for the strategies, cost against size."""

from pathlib import Path
from typing import Any, Final

from matplotlib.axes import Axes

from ca1ltd.figures.parts import style
from ca1ltd.figures.parts.style import BLUE, GREEN, GREY, INK, ORANGE, SMALL, VERMILION, Plate

COLOURS: Final = {
    "fixed step, 0.025 ms": GREY,
    "plain CVODE, 1e-2": BLUE,
    "plain CVODE, 1e-3": GREEN,
    "ours": VERMILION,
}
MARKERS: Final = {
    "1 Hz": "o",
    "10 Hz": "s",
    "100 Hz": "^",
    "theta bursts": "D",
    "pairing": "P",
    "waiting": "v",
}
GROWTH: Final = (
    ("synapses", "synapses (20 pulses at 1 Hz)"),
    ("segments", "segments of the cell (20 pulses at 1 Hz)"),
    ("slices", "slices (a short experiment)"),
)


def save(result: dict[str, Any], path: Path) -> None:
    """Draw a result as PNG."""
    with style.look():
        plate = Plate(width=180, height=112)
        rows = result["strategies"]
        errors = (("slope_error", "EPSP slope"), ("calcium_error", "spine calcium"))
        for k, (key, name) in enumerate(errors):
            axes = plate.axes(14 + 60 * k, 9, 42, 36)
            _strategies(axes, rows, key)
            axes.set_ylabel(f"error of {name} (%)")
        _legend(plate.axes(134, 9, 44, 36))
        for k, (key, name) in enumerate(GROWTH):
            axes = plate.axes(14 + 60 * k, 65, 42, 36)
            _growth(axes, result["growth"], key)
            axes.set(xlabel=name, ylabel="processor time (s)")
        for letter, left, top in zip("ABCDE", (2, 62, 2, 62, 122), (3, 3, 58, 58, 58), strict=True):
            plate.letter(letter, left, top)
        path.parent.mkdir(parents=True, exist_ok=True)
        plate.figure.savefig(path, dpi=200, metadata={"Software": None})


def _strategies(axes: Axes, rows: list[dict[str, Any]], key: str) -> None:
    for row in rows:
        if row[key]:
            axes.plot(
                row["speed"],
                100 * row[key],
                MARKERS[row["protocol"]],
                color=COLOURS[row["strategy"]],
                markersize=4,
            )
    axes.set(xscale="log", yscale="log", xlabel="times real time, one core")


def _legend(axes: Axes) -> None:
    axes.set_axis_off()
    entries = [(name, "o", colour) for name, colour in COLOURS.items()]
    entries += [(name, marker, INK) for name, marker in MARKERS.items()]
    for k, (name, marker, colour) in enumerate(entries):
        y = 1 - (k + 0.4 * (k >= len(COLOURS))) / 10
        axes.plot(0.03, y, marker, color=colour, markersize=4)
        axes.text(0.1, y, name, fontsize=SMALL, va="center")
    axes.set(xlim=(0, 1), ylim=(-0.05, 1.05))


def _growth(axes: Axes, growth: dict[str, Any], key: str) -> None:
    curves = [(key, VERMILION, f"exponent {growth[key]['exponent']:.2f}")]
    if key == "synapses":
        curves.append(("synapses_spiking", ORANGE, "EPSP growing, cell fires"))
    for name, colour, label in curves:
        points = growth[name]["points"]
        n, cpu = [p["n"] for p in points], [p["cpu_s"] for p in points]
        axes.plot(n, cpu, "o-", color=colour, markersize=3, linewidth=1, label=label)
    points = growth[key]["points"]
    last = points[-1]
    line = [last["cpu_s"] * p["n"] / last["n"] for p in points]
    axes.plot([p["n"] for p in points], line, ":", color=GREY, linewidth=0.8, label="linear")
    axes.set(xscale="log", yscale="log")
    axes.set_xticks([p["n"] for p in points], [f"{p['n']}" for p in points])
    axes.minorticks_off()
    ticks = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50)
    axes.set_yticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.legend(frameon=False, fontsize=SMALL, loc="upper left", handlelength=1.5)
    low = min(p["cpu_s"] for p in points)
    top = max(p["cpu_s"] for name, _, _ in curves for p in growth[name]["points"])
    axes.set_ylim(low / 2, top * 4)
