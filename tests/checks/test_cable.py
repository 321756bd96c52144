"""The passive cell against cable theory: a cylinder in closed form, the real trees by two-ports."""

import numpy as np
import pytest
from cable import BuiltMembrane, FiniteCable, RuledMembrane, Tree
from passive import cell_of, made_passive

from ca1ltd.engine.cell import D_LAMBDA, build_cell
from ca1ltd.model.morphology import read_morphology

LENGTH, DIAM, RESISTANCE = 1500.0, 2.0, 10e3  # um, um, Ohm cm2: 2.6 length constants
#: What is left of the input resistance's error with ever finer segments: the theory takes frusta as
#: cylinders of two micrometres.
PIECES = 3e-4
REFINED = tuple(D_LAMBDA / 2**k for k in range(3))


def changed(table, **values):
    """A copy of a table of quantities with other values."""
    quantities = {
        name: getattr(table, name).model_copy(update={"value": value})
        for name, value in values.items()
    }
    return table.model_copy(update=quantities)


@pytest.fixture
def cylinder(n, tmp_path):
    """Maker of a cylinder by the cell builder: a dendrite; soma and axon hardly matter."""
    file = tmp_path / "cylinder.swc"
    points = ["1 1 0 0 0 0.05 -1", "2 3 0 0 0 1 1", f"3 3 0 {-LENGTH} 0 1 2"]
    points += ["4 4 0 0 0 0.005 1", "5 4 0 0.01 0 0.005 4"]  # a pyramidal cell has an apical one
    file.write_text("\n".join(points) + "\n", encoding="utf-8")
    morphology, (_, rules) = read_morphology(file), cell_of("dhc")
    rules = rules.model_copy(
        update={
            "passive": changed(
                rules.passive, resistance=RESISTANCE, resistance_end=RESISTANCE, spine_area=0.0
            ),
            "axon": changed(rules.axon, length=0.01, diam_soma=0.01, diam_end=0.01),
        }
    )
    theory = FiniteCable(
        LENGTH,
        DIAM,
        RESISTANCE,
        rules.passive.axial_resistance.value,
        rules.passive.capacitance.value,
    )

    def build(d_lambda):
        cell = made_passive(build_cell(morphology, rules, d_lambda=d_lambda))
        return cell, cell.sections("basal")[0], theory

    return build


def impedance(n, cell, frequency):
    """NEURON's impedances for a current at the soma (Hz)."""
    found = n.Impedance()
    found.loc(cell.soma(0.5))
    n.finitialize(-70)
    found.compute(frequency)
    return found


def orders(errors, segments):
    """Order of convergence between refinements."""
    return np.diff(np.log(errors)) / -np.diff(np.log(segments))


def test_steady_cylinder(cylinder, n, below):
    errors, segments = [], []
    for d_lambda in REFINED:
        cell, dendrite, theory = cylinder(d_lambda)
        found = impedance(n, cell, 0)
        resistance = found.input(cell.soma(0.5))
        far = found.transfer(dendrite(1)) / resistance
        segments.append(dendrite.nseg)
        errors.append([resistance / theory.input_resistance - 1, far / theory.steady(LENGTH) - 1])
    errors = np.abs(errors)
    below("cylinder, input resistance", errors[0, 0], 0.01)
    below("cylinder, attenuation to the far end", errors[0, 1], 0.01)
    for column in errors.T:
        assert orders(column, segments) == pytest.approx(2, abs=0.1)


@pytest.mark.parametrize("x", [0.0, 0.5, 1.0])
def test_step_response_of_a_cylinder(x, cylinder, n, below):
    times = np.arange(1.0, 40.0, 0.5)
    errors, segments = [], []
    for d_lambda in REFINED:
        cell, dendrite, theory = cylinder(d_lambda)
        clamp = n.IClamp(cell.soma(0.5))
        clamp.delay, clamp.dur, clamp.amp = 0.0, 1e9, 0.01
        # the middle of an odd number of segments is a node
        place = cell.soma(0.5) if x == 0 else dendrite(x)
        at = n.Vector(times)
        taken = n.Vector().record(place._ref_v, at)
        for section in cell.sections():
            section.e_pas = -70.0
        cvode = n.CVode()
        cvode.active(True)
        cvode.atol(1e-8)
        n.finitialize(-70)
        cvode.solve(times[-1] + 1)
        cvode.active(False)
        found = (taken.as_numpy() + 70) / clamp.amp
        expected = theory.step(x * LENGTH, times)
        segments.append(dendrite.nseg)
        errors.append(np.abs(found - expected).max() / expected.max())
    below(f"cylinder, step response at {x:g} of its length", errors[0], 0.01)
    assert orders(errors, segments) == pytest.approx(2, abs=0.25)


def tree_errors(n, cell, theory, frequency):
    """Relative error of the input impedance, and that of the voltage in each branch."""
    found = impedance(n, cell, frequency)

    def voltage(segment):
        return found.transfer(segment) * np.exp(1j * found.transfer_phase(segment))

    soma = voltage(cell.soma(0.5))
    # the middle of an odd number of segments is a node: no interpolation comes into it
    branches = [
        abs(voltage(cell.section(index)(0.5)) / soma / theory.attenuation(index) - 1)
        for index in theory.ports
    ]
    return abs(soma * theory.admittance - 1), np.array(branches)


@pytest.mark.parametrize("name", ["dhc", "c5038804"])
@pytest.mark.parametrize(("frequency", "worst"), [(0.0, 0.01), (100.0, 0.04)])
def test_tree_of_the_membrane_as_built(name, frequency, worst, n, below):
    morphology, rules = cell_of(name)
    errors = []
    for d_lambda in (D_LAMBDA, D_LAMBDA / 4):
        cell = made_passive(build_cell(morphology, rules, d_lambda=d_lambda))
        theory = Tree(cell.morphology, rules, BuiltMembrane(cell), frequency)
        impedance_error, branches = tree_errors(n, cell, theory, frequency)
        errors.append((impedance_error, np.median(branches), branches.max()))
    assert min(abs(theory.attenuation(index)) for index in theory.ports) < 0.8
    label = f"{name} at {frequency:g} Hz, membrane as built"
    below(f"{label}, input impedance", errors[0][0], 0.01)
    below(f"{label}, voltage in the median branch", errors[0][1], 0.01)
    # apic[86] of dhc begins with a waist of 0.22 um, shorter than any segment
    below(f"{label}, voltage in the worst branch", errors[0][2], worst)
    assert errors[1][0] < max(errors[0][0] / 4, PIECES)
    assert errors[1][1] < errors[0][1] / 2


@pytest.mark.parametrize("name", ["dhc", "c5038804"])
@pytest.mark.parametrize(("frequency", "worst"), [(0.0, 0.01), (100.0, 0.04)])
def test_tree_of_the_membrane_as_ruled(name, frequency, worst, n, below):
    morphology, rules = cell_of(name)
    cell = made_passive(build_cell(morphology, rules))
    theory = Tree(cell.morphology, rules, RuledMembrane(rules), frequency)
    impedance_error, branches = tree_errors(n, cell, theory, frequency)
    label = f"{name} at {frequency:g} Hz, membrane as ruled"
    below(f"{label}, input impedance", impedance_error, 0.01)
    below(f"{label}, voltage in the median branch", np.median(branches), 0.01)
    # a segment that reaches across the distance where spines begin has them all or not at all
    below(f"{label}, voltage in the worst branch", branches.max(), worst)
