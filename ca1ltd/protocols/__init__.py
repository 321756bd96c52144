"""Stimulation protocols: validated descriptions of pulses, in the field's own words.

Each is built by the name it has in a script, ``protocols.lfs(rate=1, pulses=900)``, or by the word
it has on the command line, ``protocols.make("lfs", {"rate": 1})``. To add one, write its class in a
file of its own and name it in `PROTOCOLS`.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ca1ltd.errors import BadInput
from ca1ltd.jsontext import read_json
from ca1ltd.options import Option, options_of, underscored
from ca1ltd.protocols.associativity import Associativity
from ca1ltd.protocols.base import Protocol
from ca1ltd.protocols.calcium import CalciumLevel
from ca1ltd.protocols.clamped import ClampedPairing, CurrentVoltage
from ca1ltd.protocols.events import PATHWAYS, CalciumClamp, CurrentStep, Hold, PathwayName, Pulse
from ca1ltd.protocols.input_output import InputOutput
from ca1ltd.protocols.lfs import LowFrequencyStimulation, PairedPulseLfs
from ca1ltd.protocols.paired_pulse import PairedPulse
from ca1ltd.protocols.phase_kinds import KINDS, Repeat, Together
from ca1ltd.protocols.phases import Calcium, Phase, Rest
from ca1ltd.protocols.reversal import Dedepression, Depotentiation, Saturation
from ca1ltd.protocols.sequence import PhasedProtocol
from ca1ltd.protocols.stdp import Pairing, SpikeTiming
from ca1ltd.protocols.steps import Steps
from ca1ltd.protocols.stimulation import Bursts, Clamp, Pairs, Train
from ca1ltd.protocols.test_pulses import TestPulses
from ca1ltd.protocols.tested import TestedProtocol
from ca1ltd.protocols.trains import HighFrequencyStimulation, ThetaBurstStimulation
from ca1ltd.writing import write_text

__all__ = [
    "KINDS",
    "PATHWAYS",
    "PROTOCOLS",
    "Associativity",
    "Bursts",
    "Calcium",
    "CalciumClamp",
    "CalciumLevel",
    "Clamp",
    "ClampedPairing",
    "CurrentStep",
    "CurrentVoltage",
    "Dedepression",
    "Depotentiation",
    "HighFrequencyStimulation",
    "Hold",
    "InputOutput",
    "LowFrequencyStimulation",
    "Option",
    "PairedPulse",
    "PairedPulseLfs",
    "Pairing",
    "Pairs",
    "PathwayName",
    "Phase",
    "PhasedProtocol",
    "Protocol",
    "Pulse",
    "Repeat",
    "Rest",
    "Saturation",
    "SpikeTiming",
    "Steps",
    "TestPulses",
    "TestedProtocol",
    "ThetaBurstStimulation",
    "Together",
    "Train",
    "associativity",
    "calcium_clamp",
    "clamped_pairing",
    "current_voltage",
    "dedepression",
    "depotentiation",
    "from_dict",
    "hfs",
    "input_output",
    "lfs",
    "load",
    "make",
    "options_of",
    "paired_pulse",
    "paired_pulse_lfs",
    "pairing",
    "phases",
    "saturation",
    "save",
    "stdp",
    "tbs",
    "test_pulses",
]

# In a script a protocol reads as a verb.
lfs = LowFrequencyStimulation
hfs = HighFrequencyStimulation
tbs = ThetaBurstStimulation
stdp = SpikeTiming
paired_pulse_lfs = PairedPulseLfs
pairing = Pairing
depotentiation = Depotentiation
dedepression = Dedepression
saturation = Saturation
associativity = Associativity
calcium_clamp = CalciumLevel
phases = PhasedProtocol
test_pulses = TestPulses
input_output = InputOutput
paired_pulse = PairedPulse
current_voltage = CurrentVoltage
clamped_pairing = ClampedPairing

PROTOCOLS: dict[str, type[Protocol]] = {
    kind.name: kind
    for kind in (
        LowFrequencyStimulation,
        HighFrequencyStimulation,
        ThetaBurstStimulation,
        SpikeTiming,
        PairedPulseLfs,
        Pairing,
        Depotentiation,
        Dedepression,
        Saturation,
        Associativity,
        CalciumLevel,
        PhasedProtocol,
        TestPulses,
        InputOutput,
        PairedPulse,
        CurrentVoltage,
        ClampedPairing,
    )
}


def make(name: str, options: Mapping[str, Any]) -> Protocol:
    """Return the protocol of that name with these options.

    Parameters
    ----------
    name : str
        A key of `PROTOCOLS`.
    options : mapping
        Option to value, in the units people say; numbers may be given as text. The option "file"
        of "phases" is the path of a file that `save` wrote, of whatever protocol.

    Raises
    ------
    BadInput
        If there is no such protocol or option, or a value is not allowed.
    """
    if name not in PROTOCOLS:
        raise BadInput(f"no protocol '{name}': there are {', '.join(PROTOCOLS)}")
    given = dict(options)
    if name == PhasedProtocol.name and "file" in given:
        return from_dict({**_read(given.pop("file")), **given})
    try:
        return PROTOCOLS[name].model_validate(given)
    except RecursionError:
        raise BadInput(f"{name}: its phases are nested too deeply") from None


def from_dict(values: Mapping[str, Any]) -> Protocol:
    """Return the protocol that `Protocol.as_dict` describes.

    Raises
    ------
    BadInput
        If the description has no name, or `make` refuses it.
    """
    if "name" not in values:
        also = " (with 'phases' it is phases)" if "phases" in values else ""
        raise BadInput(f"a protocol needs a 'name', one of {', '.join(PROTOCOLS)}{also}")
    given = underscored(values)
    return make(str(given.pop("name")), given)


def save(protocol: Protocol, path: Path | str) -> None:
    """Write a protocol as JSON.

    Raises
    ------
    BadInput
        If the file cannot be written.
    """
    try:
        write_text(json.dumps(protocol.as_dict(), indent=2) + "\n", Path(path))
    except OSError as error:
        raise BadInput(f"cannot write the protocol {path}: {error.strerror}") from None


def load(path: Path | str) -> Protocol:
    """Return the protocol that a JSON file describes.

    Parameters
    ----------
    path : path-like
        An object with the "name" of a protocol and its options, as `save` writes it; or a mere
        list of phases.

    Raises
    ------
    BadInput
        If the file cannot be read or does not describe a protocol.
    """
    return from_dict(_read(path))


def _read(path: Path | str) -> dict[str, Any]:
    if not str(path):
        raise BadInput("the name of the protocol's file is empty: give the path of a JSON file")
    try:
        values = read_json(path)
    except OSError as error:
        raise BadInput(f"cannot read the protocol {path}: {error.strerror}") from None
    except ValueError as error:
        raise BadInput(f"the protocol {path} cannot be read: {error}") from None
    if isinstance(values, list):
        return {"name": PhasedProtocol.name, "phases": values}
    if not isinstance(values, dict):
        raise BadInput(f"the protocol {path} must be a JSON object or a list of phases")
    if "file" in values:
        raise BadInput(f"the protocol {path} names another file, and must hold the protocol itself")
    return values
