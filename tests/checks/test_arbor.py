"""The passive cell in NEURON and in Arbor: the same step of current, the same voltages to 1 %.

Arbor gets the points of the reconstruction and, for each of NEURON's segments, its membrane; it
cuts the cable into control volumes of its own.
"""

import importlib.util
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from passive import cell_of, made_passive

from ca1ltd.engine.cell import build_cell

if importlib.util.find_spec("arbor") is None:
    pytest.skip("needs pip install 'ca1ltd[crosscheck]'", allow_module_level=True)

RUNNER = Path(__file__).with_name("arbor_run.py")

REST, CURRENT, ONSET, STOP = -70.0, 0.1, 5.0, 105.0  # mV, nA, ms, ms
SAMPLE = 0.1  # ms
EXTENT, DT = 5.0, 0.01  # um, longest control volume; ms


def bare(name):
    """A cell of capacitance, leak and cytoplasm, that rests everywhere at the same potential."""
    cell = made_passive(build_cell(*cell_of(name)))
    for section in cell.sections():
        section.e_pas = REST
    return cell


def place_of(cell, distance):
    """Segment in the middle of the thickest apical section that crosses a path distance (um)."""
    sections = cell.morphology.sections
    crossing = [
        index
        for index, section in enumerate(sections)
        if section.kind == "apical"
        and section.path_distance <= distance <= section.path_distance + section.length
    ]
    return cell.section(max(crossing, key=lambda index: cell.section(index)(0.5).diam))(0.5)


def in_neuron(n, cell, place):
    clamp = n.IClamp(cell.soma(0.5))
    clamp.delay, clamp.dur, clamp.amp = ONSET, 1e9, CURRENT
    taken = [n.Vector().record(each._ref_v, SAMPLE) for each in (cell.soma(0.5), place)]
    cvode = n.CVode()
    cvode.active(True)
    cvode.atol(1e-7)
    n.finitialize(REST)
    cvode.solve(STOP)
    cvode.active(False)
    return [vector.as_numpy().copy() for vector in taken]


def pieces(section, start, stop):
    """Points (x, y, z, diam) between two fractions of a NEURON section, and segments (0, 1, ...).

    Each piece between two points lies within one segment.
    """
    count = section.n3d()
    points = np.array(
        [
            [coordinate(k) for k in range(count)]
            for coordinate in (section.x3d, section.y3d, section.z3d, section.diam3d)
        ]
    )
    arc = np.array([section.arc3d(k) for k in range(count)]) / section.L
    low, high = min(start, stop), max(start, stop)
    cuts = np.concatenate([arc, np.linspace(0, 1, section.nseg + 1)])
    x = np.unique(np.concatenate([[low, high], cuts[(cuts > low) & (cuts < high)]]).round(9))
    x = x if stop > start else x[::-1]
    rows = np.column_stack([np.interp(x, arc, row) for row in points])
    return rows, ((x[1:] + x[:-1]) / 2 * section.nseg).astype(int)


def in_arbor(cell, place, folder):
    tags, membrane = {}, []
    parents, begins, ends, of_piece = [], [], [], []

    def tag_of(segment):
        if str(segment) not in tags:
            membrane.append((segment.pas.g, segment.cm, segment.sec.Ra))
            tags[str(segment)] = len(membrane)
        return tags[str(segment)]

    def add(section, parent, start, stop):
        """Add a stretch of a section and return its last piece."""
        rows, segments = pieces(section, start, stop)
        for begin, end, segment in zip(rows[:-1], rows[1:], segments, strict=True):
            parents.append(parent)
            begins.append(begin)
            ends.append(end)
            of_piece.append(tag_of(section((segment + 0.5) / section.nseg)))
            parent = len(parents) - 1
        return parent

    for end in (0, 1):
        add(cell.soma, -1, 0.5, end)
    add(cell.axon, -1, 0, 1)
    last = {0: -1}
    for index, section in enumerate(cell.morphology.sections):
        if section.kind in ("basal", "apical"):
            last[index] = add(cell.section(index), last[section.parent], 0, 1)
    file = folder / "cell.npz"
    np.savez(
        file,
        parents=parents,
        begins=begins,
        ends=ends,
        tags=of_piece,
        membrane=membrane,
        place=tag_of(place),
        rest=REST,
        onset=ONSET,
        current=CURRENT,
        extent=EXTENT,
        sample=SAMPLE,
        stop=STOP,
        dt=DT,
    )
    subprocess.run([sys.executable, RUNNER, file], check=True, timeout=120)
    return np.load(file)["voltages"]


@pytest.mark.parametrize("name", ["dhc", "c5038804"])
def test_arbor_agrees_on_a_step_of_current(name, n, tmp_path, below):
    cell = bare(name)
    place = place_of(cell, 250.0)
    ours, theirs = in_neuron(n, cell, place), in_arbor(cell, place, tmp_path)
    for where, here, there in zip(("soma", "dendrite"), ours, theirs, strict=True):
        count = min(len(here), len(there))
        rise = here.max() - REST
        assert rise > 3
        error = np.abs(here[:count] - there[:count]).max() / rise
        below(f"{name} in Arbor, voltage in the {where}", error, 0.01)
