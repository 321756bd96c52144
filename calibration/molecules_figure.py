"""The picture of `molecules.py`: anchored receptors of spines by chance, beside the equations."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
from matplotlib.axes import Axes

from ca1ltd.figures.parts import style
from ca1ltd.figures.parts.style import GREY, INK, PALE, SKY, SMALL, VERMILION, Plate

WIDTH: Final = 46.0
HEIGHT: Final = 36.0


def save(found: Mapping[str, Any], path: Path) -> None:
    """Draw a result as PNG."""
    with style.look():
        plate = Plate(width=180, height=55)
        protocols = found["protocols"].items()
        top = max(np.max(protocol["examples"]) for _, protocol in protocols)
        for k, (name, protocol) in enumerate(protocols):
            left = 13 + 58 * k
            axes = plate.axes(left, 9, WIDTH, HEIGHT)
            _course(axes, protocol)
            axes.set_ylim(0, 1.05 * top)
            axes.set_title(name, size=SMALL)
            plate.letter("ABC"[k], left - 12, 2)
            if k == 0:
                axes.set_ylabel("anchored AMPA receptors")
                axes.legend(frameon=False, fontsize=SMALL, loc="lower left", handlelength=1.5)
        path.parent.mkdir(parents=True, exist_ok=True)
        plate.figure.savefig(path, dpi=200, metadata={"Software": None})


def _course(axes: Axes, protocol: Mapping[str, Any]) -> None:
    """Draw single spines, mean and standard deviation of all, and the mean of the equations."""
    minutes = np.array(protocol["times_min"])
    hours = minutes[-1] > 120
    x = minutes / 60 if hours else minutes
    for example in protocol["examples"]:
        axes.plot(x, example, color=PALE, linewidth=0.5)
    drawn = protocol["molecules"]["anchored"]
    mean, sd = np.array(drawn["mean"]), np.array(drawn["sd"])
    axes.fill_between(x, mean - sd, mean + sd, color=SKY, alpha=0.35, linewidth=0)
    axes.plot(x, mean, color=VERMILION, linewidth=1.2, label="molecules, mean (SD)")
    equations = protocol["equations"]["anchored"]["mean"]
    axes.plot(x, equations, color=INK, linewidth=1, linestyle="--", label="equations, mean")
    axes.axhline(equations[0], color=GREY, linewidth=0.5, linestyle=":")
    axes.set(xlabel="time (h)" if hours else "time (min)", xlim=(0, x[-1]))
