"""Spines of whole molecules whose calcium is given: the cascade of the mod files, drawn exactly.

Calcium is a number of the equations and has no noise of its own. Draws are held against laws that
are known, and against RoadRunner, by `tests/physics/test_molecules_laws.py`, and against the
equations by `tests/physics/test_molecules.py`. Calcium is in uM and time in s; values are in the
units of the mod files.
"""

import ctypes
from collections.abc import Mapping, Sequence
from importlib.resources import files

import numpy as np

from ca1ltd import build
from ca1ltd.arrays import Floats, Ints
from ca1ltd.drive import FEEDBACK, REST
from ca1ltd.export.molecules.c_transitions import transition_source
from ca1ltd.export.molecules.pools import FRACTION_OF, PART_OF, pools
from ca1ltd.export.molecules.transitions import Transition, transitions
from ca1ltd.export.network import Network
from ca1ltd.export.replay.equations import system
from ca1ltd.export.replay.spines import CONDUCTANCE
from ca1ltd.units import s, uM


class MolecularSpines:
    """Some spines; all that happens to them is given in order.

    Each has a generator of its own: what becomes of a spine does not depend on how many there are.

    Parameters
    ----------
    network : Network
        What is in each.
    start : mapping
        Value of each state at first, which is rounded up or down in each spine by chance.
    spines : int
        How many.
    seed : int
        Of all chance.
    part_of, fraction_of : mapping
        What states are parts of, as `pools.PART_OF` and `pools.FRACTION_OF`.

    Attributes
    ----------
    numbers : ndarray
        Molecules of each species, shape ``(n_spines, n_species)``.
    happened : ndarray
        How often each transition did, shape ``(n_spines, n_transitions)``.
    transitions : tuple of Transition
        What can happen.
    species : tuple of str
        Names of the species.
    names : tuple of str
        What mechanisms show: states, and ion concentrations that they write.

    Raises
    ------
    BadInput
        If an equation has no meaning for molecules.
    """

    def __init__(
        self,
        network: Network,
        start: Mapping[str, float],
        spines: int,
        seed: int,
        *,
        part_of: Mapping[str, str] = PART_OF,
        fraction_of: Mapping[str, str] = FRACTION_OF,
    ) -> None:
        equations = system(network)
        amounts = pools(network, part_of=part_of, fraction_of=fraction_of)
        self.names, self.species = equations.names, amounts.species
        self._usual = start.get(CONDUCTANCE, 0.0)
        self.transitions: tuple[Transition, ...] = tuple(
            transition
            for mechanism in network.mechanisms
            for transition in transitions(equations, mechanism, amounts)
        )
        self._library = _library(transition_source(equations, amounts, self.transitions))
        self._constants = np.array([*equations.constants.values(), *amounts.worth.values()])
        self._chances = [
            np.random.PCG64(each) for each in np.random.SeedSequence(seed).spawn(spines)
        ]
        self.numbers = np.array(
            [amounts.numbers(start, np.random.Generator(chance)) for chance in self._chances]
        )
        self.happened: Ints = np.zeros((spines, len(self.transitions)), dtype=np.int64)

    def rest(self, duration: float) -> None:
        """Give nothing for a time (s)."""
        self.hold(REST, duration)

    def hold(self, calcium: float, duration: float) -> None:
        """Clamp calcium (uM) for a time (s)."""
        for spine, chance in enumerate(self._chances):
            self._library.hold(
                *self._one(spine), calcium * uM, duration * s, *_uniform(chance),
                self.happened[spine].ctypes,
            )  # fmt: skip

    def drive(
        self, events: Floats, sample: float, number: int, spacing: float, gain: float = 1.0
    ) -> None:
        """Give a number of events in turn, as `Spines.drive` does, to each spine its own calcium.

        Parameters
        ----------
        events : ndarray
            Their calcium (uM), every sample (s), shape ``(n_events, n_times, n_spines)``. Calcium
            above rest is multiplied by the gain and goes with the AMPA conductance of the spine,
            relative to that of the start, to the power `FEEDBACK`.
        sample, spacing : float
            In s.
        number : int
            Of events; they begin again when all have been given.
        gain : float
            What calcium above rest is multiplied by.
        """
        times = min(events.shape[1], round(spacing / sample))
        for turn in range(number):
            gains = gain * (self.get(CONDUCTANCE) / self._usual) ** FEEDBACK
            self.give(events[turn % len(events), :times], sample, gains)
            self.rest(spacing - times * sample)

    def give(self, calcium: Floats, sample: float, gains: Sequence[float] | Floats) -> None:
        """Give each spine its calcium.

        Parameters
        ----------
        calcium : ndarray
            In uM, every sample, shape ``(n_times, n_spines)``.
        sample : float
            In s.
        gains : sequence of float
            What calcium above rest is multiplied by in each spine.
        """
        rows = np.ascontiguousarray(calcium.T * uM, dtype=float)
        for spine, chance in enumerate(self._chances):
            self._library.give(
                *self._one(spine), rows[spine].ctypes, rows.shape[1], sample * s, REST * uM,
                gains[spine], *_uniform(chance), self.happened[spine].ctypes,
            )  # fmt: skip

    def get(self, name: str) -> Floats:
        """Return what each spine shows under a name, shape ``(n_spines,)``."""
        shown = np.empty((len(self.numbers), len(self.names)))
        for spine, row in enumerate(shown):
            self._library.show(*self._one(spine), row.ctypes)
        return shown[:, self.names.index(name)]

    def _one(self, spine: int) -> tuple[object, object]:
        return self.numbers[spine].ctypes, self._constants.ctypes


def _uniform(chance: np.random.PCG64) -> tuple[object, object]:
    """Return the function that draws below 1, and what it draws from."""
    return chance.ctypes.next_double, chance.ctypes.state


def _library(source: str) -> ctypes.CDLL:
    """Return the compiled network."""
    drawing = files("ca1ltd.export.molecules").joinpath("draw.cpp").read_text("utf-8")
    library = ctypes.CDLL(str(build.build_source(source + drawing, name="molecules")))
    array, number, count = ctypes.c_void_p, ctypes.c_double, ctypes.c_int
    chance = (ctypes.c_void_p, ctypes.c_void_p, array)
    library.hold.argtypes = [array, array, number, number, *chance]
    library.give.argtypes = [array, array, array, count, number, number, number, *chance]
    library.show.argtypes = [array, array, array]
    return library
