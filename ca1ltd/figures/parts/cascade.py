"""The phosphatase cascade in a spine of panel C, from the NMDA receptor's calcium to PP1 (mm)."""

from collections.abc import Mapping
from typing import Final

from ca1ltd.figures.parts import shapes, style
from ca1ltd.figures.parts.shapes import Canvas

TOP: Final = 62.0
"""Height of the synaptic membrane."""
PORE: Final = 10.5
"""Where the NMDA receptor stands, above the cascade."""
_LIT: Final = "#F8CFAE"
_REST: Final = "#ECEEF0"
_HEIGHTS: Final = (48.4, 38.8, 29.2)  # of calcineurin, inhibitor-1 and PP1


def draw_cascade(canvas: Canvas, levels: Mapping[str, str], *, on: bool) -> None:
    """Draw the cascade switched on or at rest: strong effects are solid, weak ones dashed.

    ``levels`` are the words at ``calcium``, the three proteins by their names, and ``s845``.
    """
    _calcium(canvas, on)
    canvas.text(PORE + 3.0, TOP - 5.4, levels["calcium"], weight="bold", colour="#8A5B00")
    calcineurin, inhibitor, pp1 = _HEIGHTS
    names = (("calcineurin", on), ("inhibitor-1-P", not on), ("free PP1", on))
    for (name, lit), y in zip(names, _HEIGHTS, strict=True):
        shapes.pill(canvas.axes, *canvas.at(PORE, y), name, levels[name],
                    face=_LIT if lit else _REST, bold=lit)  # fmt: skip
    shapes.arrow(canvas.axes, canvas.at(PORE, TOP - 6.8), canvas.at(PORE, calcineurin + 3.4),
                 strong=on)  # fmt: skip
    shapes.arrow(canvas.axes, canvas.at(PORE, calcineurin - 3.1),
                 canvas.at(PORE, inhibitor + 3.9), inhibits=True, strong=on)  # fmt: skip
    shapes.arrow(canvas.axes, canvas.at(PORE, inhibitor - 3.1), canvas.at(PORE, pp1 + 3.9),
                 inhibits=True, strong=not on)  # fmt: skip
    shapes.arrow(canvas.axes, canvas.at(PORE - 10.2, pp1 + 1.5), canvas.at(-1.5, TOP - 3.2),
                 curve=-0.1, strong=on)  # fmt: skip
    canvas.text(-22.5, 54.6, levels["s845"])


def _calcium(canvas: Canvas, flows: bool) -> None:
    if not flows:
        shapes.ball(canvas.axes, *canvas.at(PORE, TOP + 1.4), 0.85, style.INK, zorder=7)
        canvas.text(PORE + 5.2, TOP + 2.6, "Mg$^{2+}$")
        return
    shapes.ball(canvas.axes, *canvas.at(PORE + 4.6, TOP + 3.0), 0.85, style.INK, zorder=7)
    canvas.text(PORE + 6.0, TOP + 2.8, "Mg$^{2+}$")
    for x, y in ((0, 3.4), (0, 1.2), (0, -1.0), (-0.9, -4.4), (0.8, -5.4), (-0.3, -6.6)):
        shapes.ball(canvas.axes, *canvas.at(PORE + x, TOP + y), 0.62, style.ORANGE, zorder=7)
