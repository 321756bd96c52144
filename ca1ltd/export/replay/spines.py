"""Spines whose calcium is given: the cascade of the mod files, some thousand times real time.

`tests/physics/test_cascade_replay.py` holds it against NEURON. Calcium is in uM and time in s;
parameters, states and written concentrations are in the units of their mod files.
"""

import ctypes
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final

import numpy as np

from ca1ltd import build
from ca1ltd.arrays import Floats, Ints
from ca1ltd.drive import FEEDBACK, QUIET, REST
from ca1ltd.export.network import cascade_network
from ca1ltd.export.replay.c_step import step_source
from ca1ltd.export.replay.equations import System, system
from ca1ltd.model import parameters
from ca1ltd.model.mechanisms import CASCADE
from ca1ltd.units import s, uM

SUMMATION: Final = 0.91
"""The EPSP goes with the AMPA conductance to this power: a larger one has less driving force.

Measured over the runs of a scorecard.
"""
CONDUCTANCE: Final = "ampari"
"""What the AMPA conductance follows, in mM; 1 nM stands for one receptor."""
_RECEPTOR: Final = 1e-6
_SETTLING: Final = 600_000.0
"""How long (s) spines rest at first: a week, for PP1 leaves the density within nine hours."""


@cache
def cascade() -> System:
    """Return the equations of the cascade."""
    return system(cascade_network())


@cache
def keys() -> tuple[str, ...]:
    """Return the parameters of the cascade, as ``mechanism.name``."""
    return tuple(key for key, row in parameters.table().items() if row.group in CASCADE)


class Spines:
    """Some spines, at rest at first; all that happens to them is given in order.

    Parameters
    ----------
    spines : int
        How many.
    changed : mapping
        Parameters that differ from the mod files, by ``mechanism.name``.

    Attributes
    ----------
    state : ndarray
        What mechanisms show, in the order of `names`, shape ``(n_spines, n_names)``.
    """

    def __init__(self, spines: int, changed: Mapping[str, float]) -> None:
        self._changed: dict[str, float] = {}
        self.change(changed)
        self.state = np.zeros((1, len(self.names)))
        _library().begin(self.state.ctypes, self._constants.ctypes, REST * uM)
        self.rest(_SETTLING)
        self.state = np.repeat(self.state, spines, axis=0)
        self._highest = np.zeros_like(self.state)
        self._at_rest = self.conductance()

    @property
    def names(self) -> tuple[str, ...]:
        """What mechanisms show: states, and ion concentrations that they write."""
        return cascade().names

    def copy(self) -> "Spines":
        """Return the same spines in the same state."""
        other = object.__new__(Spines)
        other.__dict__.update(self.__dict__)
        other._changed, other.state = dict(self._changed), self.state.copy()
        return other

    def value(self, key: str) -> float:
        """Return the present value of a parameter."""
        return self._changed.get(key, parameters.table()[key].value)

    def change(self, changed: Mapping[str, float]) -> None:
        """Change parameters, as a drug does."""
        self._changed |= changed
        named = {key.replace(".", "_"): value for key, value in self._changed.items()}
        constants = cascade().constants | named
        if len(constants) > len(cascade().constants):
            raise ValueError(f"not all are parameters of the cascade: {', '.join(changed)}")
        self._constants = np.array(list(constants.values()))

    def warm(self, factors: Mapping[str, float]) -> None:
        """Multiply parameters, as another temperature does."""
        self.change({key: self.value(key) * factor for key, factor in factors.items()})

    def rest(self, duration: float) -> None:
        """Give nothing for a time (s)."""
        self.hold(REST, duration)

    def hold(self, calcium: float, duration: float) -> None:
        """Clamp calcium (uM) for a time (s)."""
        _library().hold(
            self.state.ctypes, self._constants.ctypes, len(self.state), calcium * uM, duration * s
        )

    def drive(
        self, events: Floats, sample: float, number: int, spacing: float, gain: float = 1.0
    ) -> None:
        """Give a number of events in turn, one every spacing (s).

        Parameters
        ----------
        events : ndarray
            Their calcium (uM), every sample (s), shape ``(n_events, n_times, n_spines)``; an event
            longer than the spacing is cut short. Calcium above rest is multiplied by the gain and
            goes with the AMPA conductance, to the power `FEEDBACK`.
        sample, spacing : float
            In s.
        number : int
            Of events; they begin again when all have been given.
        gain : float
            What calcium above rest is multiplied by.
        """
        times = min(events.shape[1], round(spacing / sample))
        turns = np.arange(number) % len(events)
        self._give(
            events,
            sample,
            turns * events.shape[1],
            np.full(number, times),
            np.full(number, spacing - times * sample),
            gain,
            None,
        )

    def follow(self, calcium: Floats, sample: float, lengths: Ints, waits: Floats) -> Floats:
        """Give events of any length in turn, each followed by a rest.

        Parameters
        ----------
        calcium : ndarray
            That of the events (uM), every sample, one after the other, shape
            ``(n_times, n_spines)``; above rest it goes with the AMPA conductance as in `drive`.
        sample : float
            In s.
        lengths : ndarray
            Of the events, in samples, shape ``(n_events,)``.
        waits : ndarray
            The rest after each (s), shape ``(n_events,)``.

        Returns
        -------
        ndarray
            What each spine shows before each event, shape ``(n_events, n_spines, n_names)``.
        """
        before = np.empty((len(lengths), *self.state.shape))
        self._give(calcium, sample, np.cumsum(lengths) - lengths, lengths, waits, 1.0, before)
        return before

    def get(self, name: str) -> Floats:
        """Return what each spine shows under a name, shape ``(n_spines,)``."""
        return self.state[:, self.names.index(name)]

    def highest(self, name: str) -> float:
        """Return the highest value during the last events, mean over spines."""
        return float(self._highest[:, self.names.index(name)].mean())

    def conductance(self) -> float:
        """Return what the AMPA conductance follows, in receptors, mean over spines."""
        return float(self.get(CONDUCTANCE).mean()) / _RECEPTOR

    def _give(
        self,
        calcium: Floats,
        sample: float,
        starts: Ints,
        lengths: Ints,
        waits: Floats,
        gain: float,
        before: Floats | None,
    ) -> None:
        spines = len(self.state)
        if calcium.shape[-1] != spines:
            raise ValueError(f"calcium of {calcium.shape[-1]} spines is given to {spines}")
        self._highest = self.state.copy()
        _library().follow(
            self.state.ctypes,
            self._highest.ctypes,
            None if before is None else before.ctypes,
            self._constants.ctypes,
            spines,
            np.ascontiguousarray(calcium * uM, dtype=float).ctypes,
            sample * s,
            len(lengths),
            np.ascontiguousarray(starts, dtype=ctypes.c_long).ctypes,
            np.ascontiguousarray(lengths, dtype=ctypes.c_long).ctypes,
            np.ascontiguousarray(waits * s, dtype=float).ctypes,
            REST * uM,
            gain,
            self.names.index(CONDUCTANCE),
            self._at_rest * _RECEPTOR,
            FEEDBACK,
        )


def solvers() -> str:
    """Return the C++ that `step_source` builds on."""
    return _file("solvers.cpp")


def _file(name: str) -> str:
    return files("ca1ltd.export.replay").joinpath(name).read_text("utf-8")


@cache
def _library() -> ctypes.CDLL:
    """Return the compiled cascade."""
    quiet = f"static const double QUIET = {QUIET * uM!r};  // calcium below it is at rest"
    source = "\n".join((solvers(), step_source(cascade()), quiet, _file("spines.cpp")))
    library = ctypes.CDLL(str(build.build_source(source, name="replay")))
    array, number, count = ctypes.c_void_p, ctypes.c_double, ctypes.c_int
    library.begin.argtypes = [array, array, number]
    library.hold.argtypes = [array, array, count, number, number]
    library.follow.argtypes = [
        *(array, array, array, array, count, array, number, count, array, array, array),
        *(number, number, count, number, number),
    ]
    return library
