"""Cable theory in NumPy: passive trees by two-ports, a finite cable by its eigenfunctions.

Nothing here knows of compartments: voltage is continuous along the cable, and a branch is what its
pieces' transmission matrices make of it (Koch & Poggio 1985, J Neurosci Methods 12:303).
Units: um, Ohm cm, S/cm2, uF/cm2, MOhm, ms.
"""

from dataclasses import dataclass

import numpy as np

PIECE = 2.0  # um; a frustum this short is a cylinder


@dataclass(frozen=True)
class Port:
    """What a neurite looks like from its beginning: admittance (uS), and end voltage by start's."""

    admittance: complex
    ratio: complex


def neurite(lengths, diams, conductance, capacitance, axial, frequency, load):
    """Port of pieces in a row, the last one loaded with an admittance (uS)."""
    ratio, looking = 1.0 + 0j, complex(load)
    area = np.pi * diams * lengths * 1e-8  # cm2
    along = axial * lengths / (np.pi * diams**2 / 4) * 1e-2  # MOhm
    across = area * (conductance * 1e6 + 2j * np.pi * frequency * capacitance)  # uS
    for r, y in zip(along[::-1], across[::-1], strict=True):
        gamma, z0 = np.sqrt(r * y), np.sqrt(r / y)
        a, b, c = np.cosh(gamma), z0 * np.sinh(gamma), np.sinh(gamma) / z0
        ratio /= a + b * looking
        looking = (c + a * looking) / (a + b * looking)
    return Port(looking, ratio)


class RuledMembrane:
    """The passive membrane that the rules of a biophysics give each point."""

    def __init__(self, biophysics):
        self.passive = biophysics.passive

    def breaks(self, _index):
        """Fractions of a section's length where the membrane may jump."""
        return []

    def at(self, kind, distance, diam, _index, _x):
        """Conductance (S/cm2) and capacitance (uF/cm2) of a place."""
        factor = self.passive.spine_factor(kind, distance, diam)
        conductance = factor / self.passive.resistance_at(kind, distance)
        return conductance, factor * self.passive.capacitance.value


class BuiltMembrane:
    """The passive membrane that the segments of a NEURON cell were given."""

    def __init__(self, cell):
        self.cell = cell

    def section(self, index):
        return self.cell.axon if index is None else self.cell.section(index)

    def breaks(self, index):
        return np.linspace(0, 1, self.section(index).nseg + 1)

    def at(self, _kind, _distance, _diam, index, x):
        segment = self.section(index)(x)
        return segment.pas.g, segment.cm


class Tree:
    """A morphology, with the axon's stub, whose membrane is told place by place."""

    def __init__(self, morphology, biophysics, membrane, frequency):
        self.morphology, self.membrane, self.frequency = morphology, membrane, frequency
        self.axial = biophysics.passive.axial_resistance.value
        self.children = {index: [] for index in range(len(morphology.sections))}
        for index, section in enumerate(morphology.sections):
            if section.parent >= 0 and section.kind != "axon":
                self.children[section.parent].append(index)
        self.ports, self.middles = {}, {}
        dendrites = [self.dendrite(child) for child in self.children[0]]
        soma = morphology.sections[0]
        halves = [self.stretch(0, soma, soma.points[:, 3], 0.5, end, 0.0) for end in (0.0, 1.0)]
        axon = self.stub(biophysics.axon)
        #: Admittance (uS) at the middle of the soma.
        self.admittance = sum(port.admittance for port in (*halves, *dendrites, axon))

    def dendrite(self, index):
        """Port of a dendrite with all that hangs on it."""
        section = self.morphology.sections[index]
        load = sum(self.dendrite(child).admittance for child in self.children[index])
        diams = section.points[:, 3]
        outer = self.stretch(index, section, diams, 0.5, 1.0, load)
        inner = self.stretch(index, section, diams, 0.0, 0.5, outer.admittance)
        self.middles[index] = inner.ratio
        self.ports[index] = Port(inner.admittance, inner.ratio * outer.ratio)
        return self.ports[index]

    def stub(self, stub):
        """Port of the axon."""
        cone = Stub("axon", stub.length.value, np.array([0.0, stub.length.value]), 0.0)
        diams = np.array([stub.diam_soma.value, stub.diam_end.value])
        return self.stretch(None, cone, diams, 0.0, 1.0, 0.0)

    def stretch(self, index, section, diams, start, stop, load):
        """Port of a stretch of a section between two fractions of its length."""
        arc = section.arc / section.arc[-1]
        low, high = min(start, stop), max(start, stop)
        count = max(2, round((high - low) * section.length / PIECE))
        breaks = np.concatenate([arc, self.membrane.breaks(index)])
        x = np.unique(
            np.concatenate(
                [np.linspace(low, high, count), breaks[(breaks > low) & (breaks < high)]]
            )
        )
        x = x if stop > start else x[::-1]
        middle = (x[1:] + x[:-1]) / 2
        diam = np.interp(middle, arc, diams)
        membrane = [
            self.membrane.at(section.kind, section.path_distance + m * section.length, d, index, m)
            for m, d in zip(middle, diam, strict=True)
        ]
        conductance, capacitance = np.array(membrane).T
        lengths = np.abs(np.diff(x)) * section.length
        return neurite(lengths, diam, conductance, capacitance, self.axial, self.frequency, load)

    def attenuation(self, index):
        """Voltage in the middle of a dendrite over the soma's, current being given at the soma."""
        ratio = self.middles[index]
        while (index := self.morphology.sections[index].parent) > 0:
            ratio *= self.ports[index].ratio
        return ratio


@dataclass(frozen=True)
class Stub:
    """The axon, in the words of a morphology's section."""

    kind: str
    length: float
    arc: np.ndarray
    path_distance: float


@dataclass(frozen=True)
class FiniteCable:
    """A uniform cable with sealed ends, current given at one (Rall 1969)."""

    length: float
    diam: float
    resistance: float  # Ohm cm2
    axial: float
    capacitance: float

    @property
    def constant(self):
        """Length constant (um)."""
        return 1e4 * np.sqrt(self.diam * 1e-4 / 4 * self.resistance / self.axial)

    @property
    def tau(self):
        """Time constant of the membrane (ms)."""
        return self.resistance * self.capacitance * 1e-3

    @property
    def input_resistance(self):
        """Steady input resistance (MOhm)."""
        infinite = 2 / np.pi * np.sqrt(self.resistance * self.axial) * (self.diam * 1e-4) ** -1.5
        return infinite * 1e-6 / np.tanh(self.length / self.constant)

    def steady(self, x):
        """Steady voltage at a distance (um) over that at the end where current is given."""
        electrotonic = self.length / self.constant
        return np.cosh(electrotonic - x / self.constant) / np.cosh(electrotonic)

    def step(self, x, times, terms=2000):
        """Voltage (mV/nA) at a distance (um) and times (ms) after the onset of a current."""
        span = self.length / self.constant
        n = np.arange(terms)[:, None]
        rate = 1 + (n * np.pi / span) ** 2
        weight = np.where(n == 0, 1.0, 2.0) / span * np.cos(n * np.pi * x / self.length) / rate
        infinite = self.input_resistance * np.tanh(span)
        decay = (weight * np.exp(-rate * np.asarray(times) / self.tau)).sum(axis=0)
        return self.input_resistance * self.steady(x) - infinite * decay
