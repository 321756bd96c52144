"""A slice that was run, replayed with other numbers: its recorded calcium drives the cascade."""

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd

from ca1ltd.arrays import Floats, Ints
from ca1ltd.drive import CALCIUM_SAMPLE, Drive
from ca1ltd.experiment.spec import SliceSpec
from ca1ltd.export.replay.spines import CONDUCTANCE, SUMMATION, Spines, keys
from ca1ltd.model import parameters
from ca1ltd.model.drugs import courses, together
from ca1ltd.model.drugs.course import Course
from ca1ltd.units import minute, s

_MINUTE: Final = minute / s

Events = tuple[Floats, Ints, Floats, Floats]
"""Starts (s), lengths (samples), waits after each (s), and calcium (uM) of all in turn."""


class Replayed:
    """A pathway of a slice whose drive was recorded.

    Parameters
    ----------
    spec : SliceSpec
        What was run; its drugs and conditions act on the cascade here too.
    drive : Drive
        What drove some spines of the pathway.
    """

    def __init__(self, spec: SliceSpec, drive: Drive) -> None:
        self._spec = spec
        self._events = _with_minutes(drive, spec.protocol.t_stop / s)

    def course(self, factors: Mapping[str, float] | None = None) -> pd.DataFrame:
        """Return what the spines do, over the mean before induction.

        Parameters
        ----------
        factors : mapping, optional
            What parameters of the cascade are multiplied by, as ``{"ca1cam.kon_can": 0.8}``.

        Returns
        -------
        DataFrame
            A row for each event, by minutes from the start of induction: the EPSP that the AMPA
            conductance makes, phosphorylation of S845 and S831, and receptors at the surface.
        """
        starts, lengths, waits, calcium = self._events
        offsets = np.concatenate([[0], np.cumsum(lengths)])
        moments, settings = zip(*self._settings(factors or {}), strict=True)
        edges = np.searchsorted(starts, [*moments, np.inf])
        spines, before = Spines(calcium.shape[1], settings[0]), []
        for first, last, changed in zip(edges, edges[1:], settings, strict=False):
            spines.change(changed)
            part = calcium[offsets[first] : offsets[last]]
            before.append(
                spines.follow(part, CALCIUM_SAMPLE / s, lengths[first:last], waits[first:last])
            )
        states = dict(zip(spines.names, np.moveaxis(np.concatenate(before), 2, 0), strict=True))
        course = pd.DataFrame(
            {
                "epsp": states[CONDUCTANCE].mean(axis=1) ** SUMMATION,
                "s845_p": states["s845"].mean(axis=1),
                "s831_p": states["s831"].mean(axis=1),
                "surface": (states["anchored"] + states["diffusing"]).mean(axis=1),
            },
            index=(starts - self._spec.protocol.induction_start / s) / _MINUTE,
        )
        return course / course[course.index < 0].mean()

    def _settings(self, factors: Mapping[str, float]) -> list[tuple[float, dict[str, float]]]:
        """Return since when (s) which parameters differ from the mod files."""
        spec, table = self._spec, parameters.table()
        slice_ = spec.conditions.parameters(parameters.checked(spec.parameters))

        def value(name: str) -> float:
            return slice_.get(name, table[name].value) * factors.get(name, 1.0)

        there = courses(spec.drugs, spec.protocol, spec.conditions.wash * minute)
        changed = {name: value(name) for name in (*slice_, *factors) if name in keys()}
        found = []
        for moment in sorted({0.0, *(at for course in there.values() for at, _ in course)}):
            now = {drug: _at(moment, course) for drug, course in there.items()}
            present = {drug: concentration for drug, concentration in now.items() if concentration}
            blocked = {
                f"{mechanism}.{name}": amount
                for mechanism, name, amount in together(spec.drugs, present, value)
            }
            blocked = {name: amount for name, amount in blocked.items() if name in keys()}
            found.append((moment / s, changed | blocked))
        return found


def _at(moment: float, course: Course) -> float:
    """Return the concentration (uM) of a drug at a time (ms)."""
    return [concentration for since, concentration in course if since <= moment][-1]


def _with_minutes(drive: Drive, stop: float) -> Events:
    """Return the events of a drive, and an empty one every minute to its end (s)."""
    minutes = np.append(np.arange(0.0, stop, _MINUTE), stop)
    starts = np.append(drive.calcium.starts / s, minutes)
    lengths = np.append(drive.calcium.lengths, np.zeros(len(minutes), dtype=int))
    turn = np.argsort(starts, kind="stable")
    starts, lengths = starts[turn], lengths[turn]
    ends = np.maximum.accumulate(starts + lengths * CALCIUM_SAMPLE / s)
    waits = np.append(np.maximum(starts[1:] - ends[:-1], 0.0), 0.0)
    return starts, lengths, waits, drive.calcium.values.astype(float)
