"""The responses to pulses, cut out of the records of cell, field and what else was asked for."""

from collections.abc import Mapping

from neuron import n

from ca1ltd.engine.field import Field
from ca1ltd.engine.highest import Highest
from ca1ltd.engine.recorder import Tape
from ca1ltd.engine.rig import Rig
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
    kept : list of Response
        In the order of time.
    """

    def __init__(
        self, rig: Rig, field: Field, highest: Highest, record: Mapping[str, Tape]
    ) -> None:
        self.potential = Tape(rig.cell.soma(0.5)._ref_v)
        self.kept: list[Response] = []
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
        times, potential = self.potential.window(onset + WINDOW[0], onset + WINDOW[1])
        self.kept.append(
            Response(
                onset=onset,
                pathways=pathways,
                kind=kind,
                current=current,
                times=times - onset,
                potential=potential,
                field=self._field.at(times),
                highest=self._highest.at(times),
                recorded={name: tape.at(times) for name, tape in self._recorded.items()},
            )
        )

    def forget(self) -> None:
        """Forget what no response to come needs."""
        for tape in self.tapes:
            tape.forget(n.t + WINDOW[0])
