"""The potential at a field electrode, from the potentials inside the cell.

By Kirchhoff's law the transmembrane current of a segment, capacitive, ionic and synaptic together,
is what flows into it along the dendrite and out of pipettes::

    I_k = sum_j g_kj (v_j - v_k) + injected_k

It is linear in the potentials, and so is the field of all of them with the line-source potentials
M: ``phi = sum_k M_k I_k = c v + sum_k M_k injected_k``. The vector c is the cell's for good: a
reading is one product, at any moment and under any integrator.

Spines count as membrane of the segment they stand on. The model does not say to which side a spine
points, and its micrometre is small against the distance of the electrode.
"""

from collections.abc import Container
from typing import Any, Final

import numpy as np
from neuron import n

from ca1ltd.arrays import Floats
from ca1ltd.engine.cell import Cell
from ca1ltd.model.field_electrode import FieldElectrode

#: NEURON's pipettes.
PIPETTES: Final = ("IClamp", "SEClamp")


class Field:
    """The potential at a field electrode at every step, to be recorded.

    Pipettes that are on the cell when this is made count; their current leaves the cell through
    its membrane and returns to a distant bath electrode.

    Parameters
    ----------
    cell : Cell
        The cell.
    electrode : FieldElectrode
        Where it is looked from.

    Attributes
    ----------
    potential : hoc pointer
        The potential (mV) when it was computed last.
    weights : ndarray
        Of the potentials inside the cell's segments, shape ``(n_segments,)``.
    injected : list
        Of each pipette its weight (mV/nA) and pointers to its current (nA), of one that clamps
        also to its command, its potential (mV) and its resistance (MOhm).
    """

    def __init__(self, cell: Cell, electrode: FieldElectrode) -> None:
        segments = [segment for section in cell.sections() for segment in section]
        potential = electrode.potential(*segment_lines(cell))
        self.weights = potential @ axial_currents(cell)
        at = dict(zip(segments, potential.tolist(), strict=True))
        pipettes = [pipette for kind in PIPETTES for pipette in n.List(kind)]
        self.injected = [
            (at[_on_cell(pipette.get_segment(), at)], _pointers(pipette)) for pipette in pipettes
        ]
        self._vector = n.Vector(1)  # owns what follows
        self._value: Floats = self._vector.as_numpy()
        self.potential: Any = self._vector._ref_x[0]

    def enrol(self) -> None:
        """Have the loop of steps in `ca1clock.mod` compute the same after every step."""
        n.ca1_field(self.potential, n.Vector(self.weights))
        for weight, pointers in self.injected:
            n.ca1_inject(weight, *pointers)

    def see(self, inside: Floats) -> None:
        """Compute the potential while those inside the cell's segments are these (mV)."""
        potential = float(inside.dot(self.weights))
        for weight, pointers in self.injected:
            current, *clamp = (pointer[0] for pointer in pointers)
            if current and clamp:
                command, there, resistance = clamp
                current = (command - there) / resistance
            potential += weight * current
        self._value[0] = potential


def segment_lines(cell: Cell) -> tuple[Floats, Floats, Floats]:
    """Return start and stop (um), shape ``(n, 3)``, and radius (um) of the segments of a cell.

    They are in the order of `Cell.sections`; a segment is taken as straight.
    """
    start, stop, radius = [], [], []
    for section in cell.sections():
        points = np.array(
            [
                (section.x3d(i), section.y3d(i), section.z3d(i), section.arc3d(i))
                for i in range(section.n3d())
            ]
        )
        ends = np.linspace(0, points[-1, 3], section.nseg + 1)
        place = np.column_stack([np.interp(ends, points[:, 3], points[:, k]) for k in range(3)])
        start.append(place[:-1])
        stop.append(place[1:])
        radius += [segment.diam / 2 for segment in section]
    return np.concatenate(start), np.concatenate(stop), np.array(radius)


def axial_currents(cell: Cell) -> Floats:
    """Return the currents (nA) into each segment along the cell for 1 mV in each segment.

    Shape ``(n_segments, n_segments)``, in the order of `Cell.sections`: symmetric, and all its rows
    add up to 0. The nodes without membrane, at the ends of sections, are eliminated: what flows in
    flows out.
    """
    numbers = {
        segment: k
        for k, segment in enumerate(segment for section in cell.sections() for segment in section)
    }
    n_segments = len(numbers)

    def node(segment: Any) -> int:
        above = segment.sec.parentseg()
        if segment.x == 0 and above is not None:
            return node(above)
        return numbers.setdefault(segment, len(numbers))

    links = []
    for section in cell.sections():
        before = node(section(0))
        for segment in (*section, section(1)):
            after = node(segment)
            links.append((before, after, 1 / segment.ri()))
            before = after
    currents = np.zeros((len(numbers), len(numbers)))
    for one, other, conductance in links:
        currents[[one, other], [other, one]] += conductance
        currents[[one, other], [one, other]] -= conductance
    kept, bare = slice(n_segments), slice(n_segments, None)
    passed_on = np.linalg.solve(currents[bare, bare], currents[bare, kept])
    seen: Floats = currents[kept, kept] - currents[kept, bare] @ passed_on
    return seen


def _on_cell(segment: Any, cell: Container[Any]) -> Any:
    """Return the segment of the cell that a segment is or, as a spine, stands on."""
    while segment not in cell:
        segment = segment.sec.parentseg()
    return segment


def _pointers(pipette: Any) -> tuple[Any, ...]:
    """Return what gives the current (nA) of a pipette, which is on, at the present potential."""
    if not hasattr(pipette, "rs"):
        return (pipette._ref_i,)
    # NEURON's own current is that of the start of the step
    return pipette._ref_i, pipette._ref_vc, pipette.get_segment()._ref_v, pipette._ref_rs
