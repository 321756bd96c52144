"""A reconstructed cell in NEURON: sections, segments and membrane, without synapses or electrodes.

The axon of a reconstruction is replaced by the initial segment of the biophysics, attached to the
middle of the soma and pointing away from the apical dendrite: slice reconstructions lose the axon
at an arbitrary place or have none, and the excitability of two cells can be compared only if both
have the same spike initiation zone.
"""

import math
from collections.abc import Callable, Iterator
from typing import Any, Final

import numpy as np
from neuron import n

from ca1ltd.engine import session
from ca1ltd.errors import BadInput
from ca1ltd.model.biophysics import AxonStub, Biophysics, Kind
from ca1ltd.model.morphology import Domain, Morphology, Section

#: Longest segment as a fraction of the length constant at 100 Hz (Carnevale & Hines 2006, ch. 5).
#: Halving it moves rest, input resistance, EPSPs and back-propagation by less than 1 %.
D_LAMBDA: Final = 0.27

_FREQUENCY: Final = 100.0  # Hz, of the length constant
_AXON_SEGMENTS: Final = 5  # at least, because spikes begin within the initial segment


class Cell:
    """The NEURON sections of one cell; they exist as long as this object does.

    Parameters
    ----------
    morphology : Morphology
        Sections and points.
    biophysics : Biophysics
        Rules for the membrane.
    d_lambda : float
        Longest segment as a fraction of the length constant at 100 Hz.
    ca_o : float
        Extracellular calcium (mM).
    create : callable
        Makes the NEURON section of a name.

    Attributes
    ----------
    morphology : Morphology
        As given, its branches as thick as `biophysics` says.
    biophysics, ca_o
        As given.
    axon : Section
        The initial segment, which is not part of the morphology.
    """

    def __init__(
        self,
        morphology: Morphology,
        biophysics: Biophysics,
        *,
        d_lambda: float,
        ca_o: float,
        create: Callable[[str], Any],
    ) -> None:
        if not 0 < d_lambda <= 1:
            raise BadInput(f"d_lambda is {d_lambda:g}; it must be above 0 and at most 1.")
        morphology = morphology.with_branches(biophysics.passive.branch_diameter.value)
        self.morphology = morphology
        self.biophysics = biophysics
        self.ca_o = ca_o
        self._sections: dict[int, Any] = {}
        for index, section in enumerate(morphology.sections):
            if section.kind != "axon":
                self._sections[index] = _drawn(create(section.name), section.points)
                self._connect(index, section)
        self.axon: Any = _drawn(create("axon"), _stub_points(morphology, biophysics.axon))
        self.axon.connect(self.soma(0.5), 0)
        for index, sec in self._sections.items():
            section = morphology.sections[index]
            sec.nseg = _segments(section.kind, section.path_distance, sec, biophysics, d_lambda)
            _set_membrane(sec, section.kind, section.path_distance_at, biophysics)
            session.bathe(sec, ca_o=ca_o)
        self.axon.nseg = max(
            _AXON_SEGMENTS, _segments("axon", 0.0, self.axon, biophysics, d_lambda)
        )
        _set_membrane(self.axon, "axon", lambda x: x * self.axon.L, biophysics)

    def _connect(self, index: int, section: Section) -> None:
        if section.parent < 0:
            return
        parent = self._sections[section.parent]
        self._sections[index].connect(parent(section.parent_x), 0)

    @property
    def soma(self) -> Any:
        """The soma."""
        return self._sections[0]

    def section(self, index: int) -> Any:
        """NEURON section with this index in the morphology.

        Raises
        ------
        BadInput
            If it is an axon, which the initial segment replaces, or does not exist.
        """
        try:
            return self._sections[index]
        except KeyError:
            raise BadInput(
                f"{self.morphology.name} has no soma or dendrite with the index {index}."
            ) from None

    def segment(self, index: int, x: float) -> Any:
        """Segment at the fraction ``x`` of the length of a section of the morphology."""
        return self.section(index)(x)

    def sections(self, kind: Kind | None = None) -> tuple[Any, ...]:
        """Sections of a kind in the order of the morphology; of all kinds, with the axon last."""
        if kind == "axon":
            return (self.axon,)
        chosen = tuple(
            sec
            for index, sec in self._sections.items()
            if kind is None or self.morphology.sections[index].kind == kind
        )
        return (*chosen, self.axon) if kind is None else chosen

    def segments(self, domain: Domain) -> Iterator[tuple[int, Any]]:
        """Section index and segment of every segment whose middle lies in a domain.

        The initial segment is not part of the morphology: reach it by ``axon``.
        """
        for index, sec in self._sections.items():
            for seg in sec:
                if self.morphology.domain_at(index, seg.x) == domain:
                    yield index, seg

    @property
    def n_segments(self) -> int:
        """Number of segments, the axon's included."""
        return sum(sec.nseg for sec in self.sections())


def build_cell(
    morphology: Morphology,
    biophysics: Biophysics,
    *,
    d_lambda: float = D_LAMBDA,
    ca_o: float = 2.5,
    create: Callable[[str], Any] = lambda name: n.Section(name=name),
) -> Cell:
    """Build a cell in NEURON.

    Nothing global is written: temperature, initial voltage and integrator are the session's.

    Parameters
    ----------
    morphology : Morphology
        Sections and points.
    biophysics : Biophysics
        Rules for the membrane.
    d_lambda : float
        Longest segment as a fraction of the length constant at 100 Hz; spines count as membrane.
    ca_o : float
        Extracellular calcium (mM).
    create : callable
        Makes the NEURON section of a name; by default one that lives as long as the cell.

    Returns
    -------
    Cell
        Owner of the sections.

    Raises
    ------
    BadInput
        If ``d_lambda`` is out of range.
    """
    return Cell(morphology, biophysics, d_lambda=d_lambda, ca_o=ca_o, create=create)


def _drawn(sec: Any, points: np.ndarray) -> Any:
    for x, y, z, diam in points:
        sec.pt3dadd(x, y, z, diam)
    return sec


def _stub_points(morphology: Morphology, stub: AxonStub) -> np.ndarray:
    """Three points of the initial segment, from below the soma away from the apical dendrite."""
    soma = morphology.sections[0].points
    start = morphology.soma_position
    start[1] = np.min(soma[:, 1])
    along = np.array([0.0, 0.5, 1.0])
    points = np.empty((3, 4))
    points[:, :3] = start - np.outer(along * stub.length.value, (0.0, 1.0, 0.0))
    points[:, 3] = np.interp(along, (0, 1), (stub.diam_soma.value, stub.diam_end.value))
    return points


def _segments(kind: Kind, distance: float, sec: Any, biophysics: Biophysics, limit: float) -> int:
    """Odd number of segments, none longer than ``limit`` length constants at 100 Hz."""
    diam = sec(0.5).diam
    capacitance = biophysics.capacitance_at(kind, distance + sec.L / 2, diam)
    axial = biophysics.passive.axial_resistance.value
    # in um: 1e5 = sqrt(1e4 um/cm * 1e6 uF/F)
    constant = 1e5 * math.sqrt(diam / (4 * math.pi * _FREQUENCY * axial * capacitance))
    return 2 * math.floor(math.ceil(sec.L / (limit * constant)) / 2) + 1


def _set_membrane(
    sec: Any, kind: Kind, distance_at: Callable[[float], float], biophysics: Biophysics
) -> None:
    """Insert the mechanisms of a kind of section and set them segment by segment."""
    sec.Ra = biophysics.passive.axial_resistance.value
    for mechanism in {s.mechanism: None for s in biophysics.settings_at(kind, 0.0, 1.0)}:
        sec.insert(mechanism)
    sec.ena = biophysics.reversal.na.value
    sec.ek = biophysics.reversal.k.value
    for seg in sec:
        distance = distance_at(seg.x)
        seg.cm = biophysics.capacitance_at(kind, distance, seg.diam)
        for mechanism, variable, value in biophysics.settings_at(kind, distance, seg.diam):
            setattr(getattr(seg, mechanism), variable, value)
