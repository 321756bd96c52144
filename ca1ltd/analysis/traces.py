"""Mean responses to the last test pulses before and after induction, as traces.

A response whose peak is a spike's has no part in the mean.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import numpy as np

from ca1ltd.analysis.clamp import clamp_at, clamp_current
from ca1ltd.analysis.pulses import epsp_of, escapes
from ca1ltd.arrays import Floats
from ca1ltd.protocols import PATHWAYS, Protocol
from ca1ltd.recording import SAMPLE, Recording, Response, Trace
from ca1ltd.units import pA, uV

#: Test responses averaged into a trace: the last ones.
AVERAGED: Final = 10
#: Samples of a mean, from 4 ms before the pulse to 59 ms after it: every whole response has them.
_SAMPLES: Final = (-40, 590)

Curve = tuple[Floats, Floats]


def traces(protocol: Protocol, recording: Recording) -> Iterator[Trace]:
    """Yield the mean responses of each pathway, and the calcium of one spine."""
    for pathway in PATHWAYS:
        tests = [
            response
            for response in recording.responses
            if response.kind == "test" and response.pathways == (pathway,)
        ]
        yield from _currents(protocol, tests, recording.layout.series_resistance)
        yield from _potentials(protocol, tests)
    times, calcium = recording.example
    if len(times):
        yield Trace(name="spine_ca/conditioned/example", times=times, values=calcium, unit="uM")


def _potentials(protocol: Protocol, tests: Iterable[Response]) -> Iterator[Trace]:
    """Yield the means of the last potentials before induction, and in the outcome's window.

    There are none without an induction.
    """
    if protocol.induction_end <= protocol.induction_start:
        return
    holds, (start, stop) = protocol.holds(), protocol.summary_window
    free = [
        response
        for response in tests
        if clamp_at(holds, response.onset) is None and epsp_of(response).spike == "none"
    ]
    for when, chosen in (
        ("before", [one for one in free if one.onset < protocol.induction_start]),
        ("after", [one for one in free if start <= one.onset <= stop]),
    ):
        last = [response for response in chosen[-AVERAGED:] if response.is_whole]
        if last:
            pathway = last[0].pathways[0]
            potentials = [(response.times, response.potential) for response in last]
            fields = [(response.times, response.field / uV) for response in last]
            yield _averaged(f"soma_v/{pathway}/{when}", potentials, "mV")
            yield _averaged(f"field/{pathway}/{when}", fields, "uV")


def _currents(
    protocol: Protocol, tests: Iterable[Response], series_resistance: float
) -> Iterator[Trace]:
    """Yield the means of the last currents (pA) at each potential, before and after induction."""
    holds = protocol.holds()
    curves: dict[str, list[Curve]] = {}
    for response in tests:
        clamp = clamp_at(holds, response.onset)
        if clamp is not None and response.is_whole and not escapes(response):
            later = protocol.induction_start < protocol.induction_end <= response.onset
            when = "after" if later else "before"
            name = f"soma_i/{response.pathways[0]}/{clamp.potential:g}/{when}"
            current = clamp_current(response, clamp, series_resistance) / pA
            curves.setdefault(name, []).append((response.times, current))
    for name, of_one_kind in curves.items():
        yield _averaged(name, of_one_kind[-AVERAGED:], "pA")


def _averaged(name: str, curves: Sequence[Curve], unit: str) -> Trace:
    """Return the mean of curves (times from the pulse (ms), values), each less its value at it."""
    first, last = _SAMPLES
    grid = np.arange(float(first), last + 1.0) * SAMPLE
    values = [np.interp(grid, t, y - np.interp(0.0, t, y)) for t, y in curves]
    return Trace(name=name, times=grid, values=np.mean(values, axis=0), unit=unit)
