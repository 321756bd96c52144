"""Panel A: the reconstructed cell, the fibres, the electrodes and the synapses they reach."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.patches import Polygon

from ca1ltd.arrays import Floats
from ca1ltd.figures.parts import style
from ca1ltd.figures.run import Run
from ca1ltd.model.morphology import Morphology, Section, read_morphology
from ca1ltd.model.own_cells import morphology_of

_CELL: Final = "#3A3F45"
_LAYERS: Final = (  # name, colour of its band
    ("s. oriens", "#EEF3F6"),
    ("s. pyramidale", "#DCE5EB"),
    ("s. radiatum", "#F6F8FA"),
    ("s. lacunosum-\nmoleculare", "#E6EDF2"),
)
_PYRAMIDALE: Final = (-20.0, 30.0)  # um about the soma's middle
_LEFT, _CA1_LEFT = -505.0, -350.0  # um, of the panel and of the bands
_CA3: Final = ((-455.0, -75.0), (-455.0, 65.0))  # um, of the CA3 cells, lower and upper
_PAD: Final = 35.0


def draw_experiment(axes: Axes, run: Run) -> None:
    """Draw the experiment to scale in the plane of the pyramidal layer's normal (x, y; um)."""
    morphology = _morphology(run)
    points = np.concatenate([section.points for section in morphology.sections])
    low, high = points[:, :2].min(axis=0), points[:, :2].max(axis=0)
    right = high[0] + 145
    bottom, top = low[1] - _PAD, high[1] + _PAD
    axes.set_axis_off()
    axes.set(aspect="equal", anchor="NW", xlim=(_LEFT, right), ylim=(bottom, top))
    soma = float(morphology.soma_position[1])
    _layers(axes, soma, soma + morphology.radiatum_depth, right, bottom, top)
    synapses = run.synapses[run.synapses["slice"] == run.synapses["slice"].min()]
    end = float(high[0]) + 20
    depths = synapses.groupby("pathway")["y_um"].mean().sort_values()
    for pathway, origin in zip(depths.index, _CA3, strict=False):
        _fibres(axes, synapses[synapses["pathway"] == pathway], str(pathway), origin, end)
    axes.text(end + 6, depths.mean(), "Schaffer\ncollaterals", va="center", size=style.SMALL)
    _cell(axes, morphology)
    for pathway, rows in synapses.groupby("pathway"):
        axes.scatter(rows["x_um"], rows["y_um"], s=6, color=style.PATHWAYS[str(pathway)][1],
                     edgecolors="white", linewidths=0.3, zorder=6)  # fmt: skip
    _stimulators(axes, run.geometry.get("electrodes", {}))
    _pipette(axes, morphology)
    axes.text(_LEFT, bottom + 5, "CA3\npyramidal\ncells", va="bottom", size=style.TEXT)
    axes.text(_CA1_LEFT + 8, top - 10, "CA1", va="top", weight="bold", color=style.GREY)
    _scale_bar(axes, right, bottom)


def _morphology(run: Run) -> Morphology:
    """Return the cell as it was run: a run keeps a copy of one that is none of the project."""
    kept = run.path / "cell.swc" if run.path else None
    if kept and kept.exists():
        return read_morphology(kept, as_drawn=True)
    return morphology_of(run.spec["cell"], as_drawn=run.spec.get("as_drawn", False))


def _layers(
    axes: Axes, soma: float, border: float, right: float, bottom: float, top: float
) -> None:
    edges = (bottom, soma + _PYRAMIDALE[0], soma + _PYRAMIDALE[1], border, top)
    for (name, colour), low, high in zip(_LAYERS, edges[:-1], edges[1:], strict=True):
        axes.fill_between([_CA1_LEFT, right], low, high, color=colour, lw=0, zorder=0)
        if name != "s. pyramidale":
            axes.text(right - 8, high - 10, name, ha="right", va="top", size=style.SMALL,
                      color=style.GREY, zorder=1)  # fmt: skip
        else:
            axes.text(right - 8, (low + high) / 2, name, ha="right", va="center",
                      size=style.SMALL, color=style.GREY, zorder=1)  # fmt: skip


def _fibres(
    axes: Axes, rows: pd.DataFrame, pathway: str, origin: tuple[float, float], end: float
) -> None:
    """Draw each synapse's axon at its true depth, from a CA3 cell to beyond the dendrites."""
    _, colour = style.PATHWAYS[pathway]
    x0, y0 = origin
    fan = np.linspace(0, 1, 24)
    ease = fan**2 * (3 - 2 * fan)
    lines = [
        np.column_stack(
            (
                np.append(x0 + 12 + (_CA1_LEFT - x0) * fan, end),
                np.append(y0 + (depth - y0) * ease, depth),
            )
        )
        for depth in rows["y_um"]
    ]
    axes.add_collection(LineCollection(lines, colors=colour, linewidths=0.3, alpha=0.45, zorder=2))
    _pyramid(axes, x0, y0, colour)


def _pyramid(axes: Axes, x: float, y: float, colour: str) -> None:
    """Draw a CA3 cell: a triangle with a tuft, about as large as a real soma with its stems."""
    stems = [
        [(x - 4, y + 14), (x - 10, y + 48), (x - 24, y + 74)],
        [(x - 10, y + 48), (x - 2, y + 78)],
        [(x - 12, y - 10), (x - 30, y - 32)],
        [(x + 4, y - 12), (x + 8, y - 38)],
    ]
    axes.add_collection(LineCollection(stems, colors=colour, linewidths=1.3, zorder=4,
                                       capstyle="round", joinstyle="round"))  # fmt: skip
    soma = [(x - 17, y - 14), (x + 13, y - 14), (x + 2, y + 14), (x - 8, y + 14)]
    axes.add_patch(Polygon(soma, closed=True, fc=colour, ec=colour, lw=2, joinstyle="round",
                           zorder=4))  # fmt: skip


def _cell(axes: Axes, morphology: Morphology) -> None:
    """Draw every section as a polygon of its true diameters (thinnest line .2 points)."""
    shapes = [_outline(section) for section in morphology.sections[1:]]
    axes.add_collection(PolyCollection(shapes, facecolors=_CELL, edgecolors=_CELL, linewidths=0.2,
                                       zorder=3))  # fmt: skip
    x, y, _ = morphology.soma_position
    radius = morphology.sections[0].points[:, 3].max() / 2
    angle = np.linspace(0, 2 * np.pi, 60)
    pear = 1 + 0.28 * np.sin(angle)  # the soma's radius, drawn out towards the apical trunk
    soma = np.column_stack((x + radius * np.cos(angle), y + radius * pear * np.sin(angle)))
    axes.add_patch(Polygon(soma, closed=True, fc=_CELL, ec=_CELL, lw=0.2, zorder=3))


def _outline(section: Section) -> Floats:
    """Return the outline (um) of a section in the plane, shape ``(2 n, 2)``."""
    centre, radius = section.points[:, :2], section.points[:, 3:] / 2
    along = np.gradient(centre, axis=0)
    length = np.linalg.norm(along, axis=1, keepdims=True)
    normal = np.column_stack((-along[:, 1], along[:, 0])) / np.where(length > 0, length, 1)
    return np.concatenate((centre + radius * normal, (centre - radius * normal)[::-1]))


def _stimulators(axes: Axes, electrodes: Mapping[str, Any]) -> None:
    """Draw the stimulating electrodes with their true tips, fanned so that they stay apart."""
    order = sorted(electrodes, key=lambda name: electrodes[name]["tip"][1])
    for name, angle in zip(order, np.radians((150.0, 112.0)), strict=False):
        number, colour = style.PATHWAYS[name]
        x, y = electrodes[name]["tip"][:2]
        end = _taper(axes, (x, y), angle, 130.0, (2.0, 9.0), face=colour, edge=style.INK)
        axes.plot([x], [y], "o", ms=2.6, color=style.INK, zorder=8)
        axes.text(end[0], end[1] + 11, f"Stimulate {number}", color=colour, weight="bold",
                  ha="center", va="bottom", zorder=9, path_effects=style.halo())  # fmt: skip


def _pipette(axes: Axes, morphology: Morphology) -> None:
    x, y, _ = morphology.soma_position
    radius = morphology.sections[0].points[:, 3].max() / 2
    angle = np.radians(-28.0)
    tip = (x + radius * np.cos(angle), y + radius * np.sin(angle))
    end = _taper(axes, tip, angle, 170.0, (2.5, 24.0), face="#E9F3F8E0", edge=style.INK)
    axes.text(end[0] + 4, end[1] - 14, "Record", weight="bold", ha="center", va="top", zorder=9,
              path_effects=style.halo(_LAYERS[0][1]))  # fmt: skip


def _taper(
    axes: Axes, tip: tuple[float, float], angle: float, length: float, widths: tuple[float, float],
    *, face: str, edge: str,
) -> tuple[float, float]:  # fmt: skip
    """Draw a tapering shaft from its tip; return the middle of its far end."""
    along = np.array((np.cos(angle), np.sin(angle)))
    side = np.array((-along[1], along[0]))
    near, far = np.array(tip), np.array(tip) + length * along
    (thin, thick) = widths
    corners = [near + side * thin / 2, far + side * thick / 2,
               far - side * thick / 2, near - side * thin / 2]  # fmt: skip
    axes.add_patch(Polygon(corners, closed=True, fc=face, ec=edge, lw=0.6, zorder=7))
    return float(far[0]), float(far[1])


def _scale_bar(axes: Axes, right: float, bottom: float) -> None:
    x, y = right - 112, bottom + 12
    axes.plot([x, x + 100], [y, y], color=style.INK, lw=1.4, solid_capstyle="butt")
    axes.text(x + 50, y + 5, "100 µm", ha="center", va="bottom", size=style.SMALL)
