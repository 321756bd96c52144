"""The responses to pulses, cut out of the records of cell, field and what else was asked for."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from neuron import n

from ca1ltd.arrays import Floats
from ca1ltd.engine.field import Field
from ca1ltd.engine.highest import Highest
from ca1ltd.engine.recorder import Tape
from ca1ltd.engine.rig import Rig
from ca1ltd.engine.stretch import Stretch, stretches
from ca1ltd.recording import WINDOW, Response

#: Values on a tape from which on the responses among them are cut out: those of fifty pulses.
HELD: Final = 4096


class Responses:
    """Keeps the responses to pulses.

    Parameters
    ----------
    rig : Rig
        The slice.
    field : Field
        The potential at the field electrode.
    highest : Highest
        The highest potential in the cell.
    record : mapping
        What else to keep, by name.

    Attributes
    ----------
    potential : Tape
        Of the soma.
    """

    def __init__(
        self, rig: Rig, field: Field, highest: Highest, record: Mapping[str, Tape]
    ) -> None:
        self.potential = Tape(rig.cell.soma(0.5)._ref_v)
        self._since = -math.inf
        self._noted: list[_Noted] = []
        self._cut: list[tuple[_Noted, list[Stretch]]] = []
        self._field = Tape(field.potential, middle=True)
        self._highest = Tape(highest.potential)
        self._recorded = record

    @property
    def watched(self) -> tuple[Tape, ...]:
        """Tapes of variables that move after NEURON's own step."""
        return self._field, self._highest, *self._recorded.values()

    @property
    def tapes(self) -> tuple[Tape, ...]:
        """All tapes."""
        return self.potential, *self.watched

    def keep(self, onset: float, pathways: tuple[str, ...], kind: str, current: float) -> None:
        """Keep the response to a pulse, which ends now."""
        end = len(self.potential.times)
        self._noted.append(_Noted(onset, pathways, kind, current, self._since, end))

    def forget(self) -> None:
        """Forget what no response to come needs."""
        self._since = n.t + WINDOW[0]
        if len(self.potential.times) > HELD:
            self.cut()
            for tape in self.tapes:
                tape.forget(self._since)

    def cut(self) -> None:
        """Copy the responses that are kept out of the records, which may change then.

        Many of them at once: between the pulses, when the steps have taken the processor's cache,
        each would take three times as long.
        """
        times = self.potential.times.as_numpy()
        rows = [(tape.values.as_numpy(), tape.middle) for tape in self.tapes]
        self._cut += [(noted, noted.cut(times, rows)) for noted in self._noted]
        self._noted.clear()

    def kept(self) -> list[Response]:
        """Return the responses that were kept, in the order of time."""
        self.cut()
        return [_response(noted, around, tuple(self._recorded)) for noted, around in self._cut]


@dataclass(frozen=True, slots=True)
class _Noted:
    """A response that is on the tapes: of their values up to an end, those since a time (ms)."""

    onset: float
    pathways: tuple[str, ...]
    kind: str
    current: float
    since: float
    end: int

    def cut(self, times: Floats, rows: Sequence[tuple[Floats, bool]]) -> list[Stretch]:
        """Return copies of what was recorded around its window, in the order of the tapes."""
        first = max(int(times[: self.end].searchsorted(self.since, side="right")) - 1, 0)
        part = slice(first, self.end)
        own = [(values[part], middle) for values, middle in rows]
        return stretches(times[part], own, self.onset + WINDOW[0], self.onset + WINDOW[1])


def _response(noted: _Noted, around: list[Stretch], names: tuple[str, ...]) -> Response:
    """Return a response on a regular grid, with the names of what else was recorded."""
    potential, field, highest, *recorded = around
    times, values = potential.window(noted.onset + WINDOW[0], noted.onset + WINDOW[1])
    return Response(
        onset=noted.onset,
        pathways=noted.pathways,
        kind=noted.kind,
        current=noted.current,
        times=times - noted.onset,
        potential=values,
        field=field.at(times),
        highest=highest.at(times),
        recorded={name: each.at(times) for name, each in zip(names, recorded, strict=True)},
    )
