"""Simulate a passive cell by Arbor, in a process of its own, undisturbed by NEURON and it by this.

``arbor_run.py CELL``: the file CELL (npz) describes pieces of cable and gets the ``voltages`` (mV)
at the root and in the middle of the pieces of one tag, of shape ``(2, n_samples)``.
"""

import sys

import arbor
import numpy as np
from arbor import units as U


def main(file: str) -> None:
    cell = np.load(file)
    tree, decor = arbor.segment_tree(), arbor.decor()
    labels = []
    for parent, begin, end, tag in zip(
        cell["parents"], cell["begins"], cell["ends"], cell["tags"], strict=True
    ):
        after = arbor.mnpos if parent < 0 else labels[parent]
        points = [arbor.mpoint(*point[:3], point[3] / 2) for point in (begin, end)]
        labels.append(tree.append(after, *points, int(tag)))
    rest = float(cell["rest"])
    for tag, (conductance, capacitance, axial) in enumerate(cell["membrane"], start=1):
        region = f"(tag {tag})"
        decor.paint(region, cm=capacitance * U.uF / U.cm2)
        decor.paint(region, rL=axial * U.Ohm * U.cm)
        decor.paint(region, arbor.density(f"pas/e={rest}", {"g": conductance}))
    decor.set_property(Vm=rest * U.mV)
    step = arbor.i_clamp(float(cell["onset"]) * U.ms, 1e6 * U.ms, float(cell["current"]) * U.nA)
    decor.place("(root)", step)
    volumes = arbor.cv_policy_max_extent(float(cell["extent"]) * U.um)
    model = arbor.single_cell_model(
        arbor.cable_cell(arbor.morphology(tree), decor, arbor.label_dict(), volumes)
    )
    for label, where in (
        ("soma", "(root)"),
        ("dendrite", f"(on-components 0.5 (tag {cell['place']}))"),
    ):
        model.probe("voltage", where, label, 1 / float(cell["sample"]) * U.kHz)
    model.run(float(cell["stop"]) * U.ms, float(cell["dt"]) * U.ms)
    np.savez(file, **cell, voltages=np.array([trace.value for trace in model.traces]))


if __name__ == "__main__":
    main(*sys.argv[1:])
