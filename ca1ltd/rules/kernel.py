"""Weights that a rule gives to the synapses of a drive: its equations, compiled."""

import ctypes
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from ca1ltd import build
from ca1ltd.arrays import Floats, Ints
from ca1ltd.drive import CALCIUM_SAMPLE, POTENTIAL_SAMPLE, Drive, Stretches
from ca1ltd.rules.rule import Rule
from ca1ltd.rules.source import TOGETHER, source
from ca1ltd.units import s

_CODES: Final = np.arange(2**15, dtype=np.uint16).view(np.float16).astype(float)
"""Calcium (uM) by its bits."""


@dataclass(frozen=True, slots=True, eq=False)
class Program:
    """A drive as the kernels take it, with the times at which weights are told.

    Attributes
    ----------
    times : ndarray
        When each stretch begins (ms), shape ``(n_events,)``; one that tells weights has no length.
    starts, lengths, waits : ndarray
        Its first sample, its samples, and the rest after it (ms).
    values : ndarray
        Samples of each spine, shape ``(n_spines, n_samples)``.
    told : ndarray
        Events before which weights are asked for, in the order of the asked times.
    """

    times: Floats
    starts: Ints
    lengths: Ints
    waits: Floats
    values: npt.NDArray[np.generic]
    told: Ints


def program(stretches: Stretches, sample: float, asked: Floats, stop: float) -> Program:
    """Return stretches with the times (ms) at which weights are asked for, up to the end.

    Parameters
    ----------
    stretches : Stretches
        Of calcium or of the potential.
    sample : float
        Their samples (ms).
    asked : ndarray
        When weights are asked for (ms).
    stop : float
        The end of the run (ms).
    """
    none = np.zeros(1 + len(asked), dtype=np.int64)
    times = np.concatenate(([0.0], asked, stretches.starts, [stop]))
    lengths = np.concatenate((none, stretches.lengths, [0]))
    turn = np.argsort(times, kind="stable")  # weights are told before a stretch that begins then
    begun = np.concatenate((none, np.cumsum(stretches.lengths) - stretches.lengths, [0]))[turn]
    times, lengths = times[turn], lengths[turn]
    ends = np.maximum.accumulate(times + lengths * sample)
    return Program(
        times=np.append(times[:1], np.maximum(times[1:], ends[:-1])),
        starts=begun,
        lengths=lengths,
        waits=np.append(np.maximum(times[1:] - ends[:-1], 0.0), 0.0),
        values=np.ascontiguousarray(stretches.values.T),
        told=np.argsort(turn)[1 : 1 + len(asked)],
    )


class Synapses:
    """The synapses of a drive, whose weights are asked for at some times of a run.

    Parameters
    ----------
    drive : Drive
        What drives them.
    asked : ndarray
        Times (ms), shape ``(n_times,)``.
    stop : float
        The end of the run (ms).
    """

    def __init__(self, drive: Drive, asked: Floats, stop: float) -> None:
        self._drive, self._asked, self._stop = drive, asked, stop

    @cached_property
    def _calcium(self) -> Program:
        return program(self._drive.calcium, CALCIUM_SAMPLE, self._asked, self._stop)

    @cached_property
    def _highest(self) -> npt.NDArray[np.float16]:
        """Return the highest calcium in each `TOGETHER` samples."""
        values = self._calcium.values
        whole = np.pad(values, ((0, 0), (0, -values.shape[1] % TOGETHER)), mode="edge")
        highest: npt.NDArray[np.float16] = whole.reshape(len(values), -1, TOGETHER).max(axis=2)
        return highest

    @cached_property
    def _potential(self) -> Program:
        found = program(self._drive.potential, POTENTIAL_SAMPLE, self._asked, self._stop)
        return replace(found, values=found.values.astype(np.float32))

    @cached_property
    def _releases(self) -> tuple[Floats, Ints]:
        """Return the releases (ms), synapse by synapse, and where those of each begin."""
        drive = self._drive
        counts = np.bincount(drive.released, minlength=len(drive.axons))
        return (
            drive.releases[np.argsort(drive.released, kind="stable")],
            np.concatenate(([0], np.cumsum(counts))),
        )

    def weights(self, rule: Rule, values: Mapping[str, float]) -> Floats:
        """Return the mean weight of the synapses at each of the times, shape ``(n_times,)``.

        Parameters
        ----------
        rule : Rule
            The rule.
        values : mapping
            All its parameters.
        """
        follow = self._of_calcium if rule.driven_by == "calcium" else self._of_potential
        return follow(_library(rule), np.array([values[each.name] for each in rule.parameters]))

    def _of_calcium(self, library: ctypes.CDLL, values: Floats) -> Floats:
        it = self._calcium
        weights = np.empty(len(it.times))
        library.follow_calcium(
            values.ctypes,
            len(it.values),
            it.values.ctypes,
            self._highest.ctypes,
            it.values.shape[1],
            _CODES.ctypes,
            len(it.times),
            it.starts.ctypes,
            it.lengths.ctypes,
            (it.waits / s).ctypes,
            weights.ctypes,
        )
        return weights[it.told]

    def _of_potential(self, library: ctypes.CDLL, values: Floats) -> Floats:
        it, (releases, first) = self._potential, self._releases
        weights = np.empty(len(it.times))
        library.follow_potential(
            values.ctypes,
            len(it.values),
            it.values.ctypes,
            it.values.shape[1],
            self._drive.resting.ctypes,
            releases.ctypes,
            first.ctypes,
            len(it.times),
            it.times.ctypes,
            it.starts.ctypes,
            it.lengths.ctypes,
            it.waits.ctypes,
            weights.ctypes,
        )
        return weights[it.told]


def thinned(drive: Drive, every: int) -> Drive:
    """Return the drive of each so many-th of its spines, from the first.

    Parameters
    ----------
    drive : Drive
        The drive.
    every : int
        1 leaves all of them.
    """
    ours = drive.released % every == 0
    return Drive(
        axons=drive.axons[::every],
        calcium=replace(drive.calcium, values=drive.calcium.values[:, ::every]),
        potential=replace(drive.potential, values=drive.potential.values[:, ::every]),
        resting=np.ascontiguousarray(drive.resting[::every]),
        releases=drive.releases[ours],
        released=drive.released[ours] // every,
    )


@cache
def _library(rule: Rule) -> ctypes.CDLL:
    library = ctypes.CDLL(str(build.build_source(source(rule), name=rule.name)))
    array, count, long = ctypes.c_void_p, ctypes.c_int, ctypes.c_long
    if rule.driven_by == "calcium":
        library.follow_calcium.argtypes = [
            *(array, count, array, array, long, array, count, array, array, array, array),
        ]
    else:
        library.follow_potential.argtypes = [
            *(array, count, array, long, array, array, array, count),
            *(array, array, array, array, array),
        ]
    return library
