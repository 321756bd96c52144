"""What a slice has beside the usual, as its setup says: electrodes, records, mechanisms."""

from collections.abc import Iterator

from ca1ltd.engine.access import reference_of, segment_of
from ca1ltd.engine.insertion import insert
from ca1ltd.engine.patch import Patch
from ca1ltd.engine.recorder import Tape
from ca1ltd.engine.rig import Rig
from ca1ltd.engine.samples import Samples
from ca1ltd.model.setup import Setup
from ca1ltd.model.variables import unit_of
from ca1ltd.protocols import Protocol
from ca1ltd.recording import Recording, Trace
from ca1ltd.units import uV


class Further:
    """What a rig has beside the usual; electrodes and records exist as long as this object does.

    Parameters
    ----------
    rig : Rig
        The slice.
    setup : Setup
        What is asked for.

    Attributes
    ----------
    tapes : dict of str to Tape
        What is kept around pulses, by name.
    samples : dict of str to Samples
        What is sampled through the whole run, by name.

    Raises
    ------
    BadInput
        If a place or a variable does not exist.
    """

    def __init__(self, rig: Rig, setup: Setup) -> None:
        insert(rig, setup)
        self._patches = {
            patch.where: Patch(
                segment_of(rig, patch.place), hold=patch.hold, series_resistance=patch.resistance
            )
            for patch in setup.patches
        }
        own = setup.own.declared().values() if setup.own else ()
        self._units = {record.name: unit_of(record.variable, own) for record in setup.records}
        self.tapes: dict[str, Tape] = {}
        self.samples: dict[str, Samples] = {}
        for record in setup.records:
            tape = Tape(reference_of(rig, record))
            if record.every is None:
                self.tapes[record.name] = tape
            else:
                self.samples[record.name] = Samples(tape, record.every)
        self.tapes |= {where: patch.tape() for where, patch in self._patches.items()}

    def traces(self, recording: Recording, protocol: Protocol) -> Iterator[Trace]:
        """Yield what was sampled, with 0 at the start of induction, and then around each pulse.

        The latter are named as ``soma/pulse/0``.
        """
        for name, samples in self.samples.items():
            times, values = samples.taken()
            since = times - protocol.induction_start
            yield Trace(name=name, times=since, values=values, unit=self._units[name])
        pulses = [response for response in recording.responses if response.kind != "probe"]
        for number, response in enumerate(pulses):
            seen = {"soma": (response.potential, "mV"), "field": (response.field / uV, "uV")}
            for name, values in response.recorded.items():
                patch = self._patches.get(name)
                seen[name] = (
                    (patch.measured(values), patch.unit) if patch else (values, self._units[name])
                )
            for name, (values, unit) in seen.items():
                yield Trace(
                    name=f"{name}/pulse/{number}", times=response.times, values=values, unit=unit
                )
