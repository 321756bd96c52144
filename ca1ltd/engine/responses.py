"""The responses to pulses, cut out of the records of cell, field and what else was asked for."""

from collections.abc import Mapping
from dataclasses import dataclass

from neuron import n

from ca1ltd.engine.field import Field
from ca1ltd.engine.highest import Highest
from ca1ltd.engine.recorder import Tape, stretches
from ca1ltd.engine.rig import Rig
from ca1ltd.engine.stretch import Stretch
from ca1ltd.recording import WINDOW, Response


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
        self._kept: list[_Kept] = []
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
        """Keep the response to a pulse."""
        found = stretches(self.tapes, onset + WINDOW[0], onset + WINDOW[1])
        self._kept.append(_Kept(onset, pathways, kind, current, tuple(found)))

    def kept(self) -> list[Response]:
        """Return the responses that were kept, in the order of time.

        They are interpolated here, one after the other: between the pulses, when the steps have
        taken all of the processor's cache, it would take three times as long.
        """
        return [one.response(tuple(self._recorded)) for one in self._kept]

    def forget(self) -> None:
        """Forget what no response to come needs."""
        for tape in self.tapes:
            tape.forget(n.t + WINDOW[0])


@dataclass(frozen=True, slots=True)
class _Kept:
    """A response as it was recorded: potential, field, highest potential, then what else was."""

    onset: float
    pathways: tuple[str, ...]
    kind: str
    current: float
    stretches: tuple[Stretch, ...]

    def response(self, names: tuple[str, ...]) -> Response:
        """Return it on a regular grid, with the names of what else was recorded."""
        potential, field, highest, *recorded = self.stretches
        times, values = potential.window(self.onset + WINDOW[0], self.onset + WINDOW[1])
        return Response(
            onset=self.onset,
            pathways=self.pathways,
            kind=self.kind,
            current=self.current,
            times=times - self.onset,
            potential=values,
            field=field.at(times),
            highest=highest.at(times),
            recorded={name: each.at(times) for name, each in zip(names, recorded, strict=True)},
        )
