"""How long slices take on this machine: as they last did, or from a few pulses that are timed."""

import json
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from ca1ltd import build
from ca1ltd.errors import Interrupted
from ca1ltd.experiment.spec import ExperimentSpec, SliceSpec
from ca1ltd.jsontext import read_json
from ca1ltd.protocols import Protocol
from ca1ltd.writing import write_text

FILE: Final = "speed.json"
_PULSES, _SECONDS = 12, 5.0  # that are timed, at least


@dataclass(frozen=True, slots=True, kw_only=True)
class Speed:
    """What a slice took.

    Attributes
    ----------
    protocol, integrator, cell : str
        Of which.
    synapses : int
        In each pathway.
    pulses : int
        How many were given.
    seconds : float
        How long it took.
    when : str
        The day.
    """

    protocol: str
    integrator: str
    cell: str
    synapses: int
    pulses: int
    seconds: float
    when: str

    def of(self, protocol: Protocol) -> float:
        """Return how long a slice of a protocol takes (s): pulses cost time, waiting does not."""
        return self.seconds * pulses_of(protocol) / self.pulses


def pulses_of(protocol: Protocol) -> int:
    """Return the pulses and probes of a slice, one at least."""
    return max(1, len(protocol.pulses()) + len(protocol.probe_times()))


def remember(spec: ExperimentSpec, seconds: Sequence[float]) -> None:
    """Keep in the cache what slices took (s); a cache that cannot be written keeps nothing."""
    if not seconds:
        return
    measured = Speed(
        protocol=spec.protocol.name,
        integrator=spec.integrator,
        cell=Path(spec.cell).name,
        synapses=spec.synapses,
        pulses=pulses_of(spec.protocol),
        seconds=sum(seconds) / len(seconds),
        when=datetime.now(tz=UTC).date().isoformat(),
    )
    others = [each for each in known() if not _alike(each, measured)]
    with suppress(OSError):
        _file().parent.mkdir(parents=True, exist_ok=True)
        write_text(json.dumps([*map(asdict, others), asdict(measured)], indent=1), _file())


def known() -> list[Speed]:
    """Return what is in the cache, the last one last; nothing if it cannot be read."""
    with suppress(OSError, ValueError, TypeError, AttributeError):
        return [Speed(**each) for each in read_json(_file())]
    return []


def last(spec: ExperimentSpec) -> Speed | None:
    """Return the last measure that tells of a specification: of its protocol, or of another.

    It is of as many synapses, and of slices that were not much shorter: those are mostly start.
    """
    alike = [
        each
        for each in known()
        if (each.integrator, each.synapses) == (spec.integrator, spec.synapses)
        and 4 * each.pulses >= pulses_of(spec.protocol)
    ]
    same = [each for each in alike if each.protocol == spec.protocol.name]
    return next(reversed(same or alike), None)


def timed(spec: SliceSpec) -> Speed | None:
    """Return the speed of a slice from its first pulses; None if nothing is compiled yet.

    Parameters
    ----------
    spec : SliceSpec
        The slice. It is simulated in this process, and nothing is written.
    """
    if not build.library_path().exists():
        return None
    from ca1ltd.experiment.slice import run_slice  # loads NEURON

    protocol = spec.protocol
    moments = sorted(
        [pulse.time for pulse in protocol.pulses()] + [at for at, _ in protocol.probe_times()]
    )
    begun = time.perf_counter()
    marks: list[tuple[float, int]] = []

    def progress(fraction: float) -> None:
        given = sum(moment <= fraction * protocol.t_stop for moment in moments)
        marks.append((time.perf_counter(), given))

    def stop() -> bool:
        return bool(marks) and marks[-1][1] >= _PULSES and marks[-1][0] - marks[0][0] >= _SECONDS

    with suppress(Interrupted):
        run_slice(spec, progress, stop)
    (first, before), (end, after) = marks[0], marks[-1]
    start = first - begun
    rate = (end - first) / max(1, after - before)
    return Speed(
        protocol=protocol.name,
        integrator=spec.integrator,
        cell=Path(spec.cell).name,
        synapses=spec.synapses,
        pulses=pulses_of(protocol),
        seconds=start + rate * pulses_of(protocol),
        when=datetime.now(tz=UTC).date().isoformat(),
    )


def _alike(one: Speed, other: Speed) -> bool:
    kinds = [(each.protocol, each.integrator, each.synapses) for each in (one, other)]
    return kinds[0] == kinds[1]


def _file() -> Path:
    return build.cache_dir() / FILE
