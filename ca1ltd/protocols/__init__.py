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
from ca1ltd.protocols.base import (
    PATHWAYS,
    CurrentStep,
    Option,
    PathwayName,
    Protocol,
    Pulse,
    options_of,
)
from ca1ltd.protocols.input_output import InputOutput
from ca1ltd.protocols.lfs import LowFrequencyStimulation
from ca1ltd.protocols.paired_pulse import PairedPulse
from ca1ltd.protocols.stdp import SpikeTiming
from ca1ltd.protocols.test_pulses import TestPulses
from ca1ltd.protocols.tested import TestedProtocol
from ca1ltd.protocols.trains import HighFrequencyStimulation, ThetaBurstStimulation

__all__ = [
    "PATHWAYS",
    "PROTOCOLS",
    "CurrentStep",
    "HighFrequencyStimulation",
    "InputOutput",
    "LowFrequencyStimulation",
    "Option",
    "PairedPulse",
    "PathwayName",
    "Protocol",
    "Pulse",
    "SpikeTiming",
    "TestPulses",
    "TestedProtocol",
    "ThetaBurstStimulation",
    "from_dict",
    "hfs",
    "input_output",
    "lfs",
    "load",
    "make",
    "options_of",
    "paired_pulse",
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
test_pulses = TestPulses
input_output = InputOutput
paired_pulse = PairedPulse

PROTOCOLS: dict[str, type[Protocol]] = {
    kind.name: kind
    for kind in (
        LowFrequencyStimulation,
        HighFrequencyStimulation,
        ThetaBurstStimulation,
        SpikeTiming,
        TestPulses,
        InputOutput,
        PairedPulse,
    )
}


def make(name: str, options: Mapping[str, Any]) -> Protocol:
    """Return the protocol of that name with these options.

    Parameters
    ----------
    name : str
        A key of `PROTOCOLS`.
    options : mapping
        Option to value, in the units people say; numbers may be given as text.

    Raises
    ------
    BadInput
        If there is no such protocol or option, or a value is not allowed.
    """
    if name not in PROTOCOLS:
        raise BadInput(f"no protocol '{name}': there are {', '.join(PROTOCOLS)}")
    return PROTOCOLS[name].model_validate(dict(options))


def from_dict(values: Mapping[str, Any]) -> Protocol:
    """Return the protocol that `Protocol.as_dict` describes.

    Raises
    ------
    BadInput
        If the description has no name, or `make` refuses it.
    """
    if "name" not in values:
        raise BadInput(f"a protocol needs a 'name', one of {', '.join(PROTOCOLS)}")
    return make(str(values["name"]), {key: values[key] for key in values if key != "name"})


def save(protocol: Protocol, path: Path | str) -> None:
    """Write a protocol as JSON."""
    Path(path).write_text(json.dumps(protocol.as_dict(), indent=2) + "\n", encoding="utf-8")


def load(path: Path | str) -> Protocol:
    """Return the protocol that a JSON file describes.

    Raises
    ------
    BadInput
        If the file cannot be read or does not describe a protocol.
    """
    try:
        values = json.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise BadInput(f"cannot read the protocol {path}: {error.strerror}") from None
    except ValueError as error:
        raise BadInput(f"the protocol {path} is not JSON: {error}") from None
    if not isinstance(values, dict):
        raise BadInput(f"the protocol {path} must be a JSON object")
    return from_dict(values)
