"""Phases of pulses: trains, bursts, and pulses paired with what the cell is made to do."""

from collections.abc import Iterator
from typing import Any, ClassVar

from pydantic import field_validator

from ca1ltd.errors import Impossible
from ca1ltd.options import Described, none, quantity
from ca1ltd.protocols.events import MIN_INTERVAL, CurrentStep, Event, Hold, Pulse
from ca1ltd.protocols.phases import OnPathways
from ca1ltd.units import Hz, ms, mV, nA, s

SETTLE = 500.0 * ms
"""A voltage clamp is on for so long before its first pulse: the dendrite's channels settle."""


def multiple(default: float, text: str) -> Any:
    """Return a field that holds a strength: a multiple of the axons that test pulses recruit."""
    return quantity(default, low=0.01, high=20, unit="times the axons of a test pulse", text=text)


class Strength(Described):
    """How strong the pulses of an induction are.

    An experimenter sets the current of the test pulses and leaves it alone: trains are given with
    it, slow or fast (Dudek SM, Bear MF (1992) PNAS 89:4363-4367, doi:10.1073/pnas.89.10.4363,
    recollected). Where a paper has another current, the experiment says so.
    """

    strength: float = multiple(1.0, "Axons that its pulses recruit.")


class Stimulation(Strength, OnPathways):
    """A phase of pulses."""

    def pulse(self, time: float) -> Pulse:
        """Return a pulse of this phase at a time (ms)."""
        return Pulse(time, self.pathways, "induction", strength=self.strength)


class Repeated(Described):
    """Trains of something, one after another."""

    trains: int = quantity(1, low=1, high=1000, unit="", text="Number of trains.")
    every: float = quantity(20.0, low=0.1, high=3600, unit="s", text="From train to train.")

    def starts(self, first: float) -> Iterator[float]:
        """Yield when the trains start, the first of them at a time (ms)."""
        return (first + k * self.every * s for k in range(self.trains))

    def check_trains(self, last: float) -> None:
        """Raise Impossible if trains whose last pulse comes so late (ms) overlap."""
        if self.trains > 1 and last + MIN_INTERVAL > self.every * s:
            raise Impossible(
                self.name, f"trains come every {self.every:g} s, and one lasts {last / s:.4g} s"
            )


class Train(Stimulation, Repeated):
    """Pulses at one rate, the last pulse's own interval included; once or several times.

    With a `holding` potential the soma is voltage clamped throughout, from .5 s before the first
    pulse on.
    """

    name: ClassVar[str] = "train"

    rate: float = quantity(1.0, low=0.01, high=1000, unit="Hz", text="Rate of the pulses.")
    n_pulses: int = quantity(
        900, low=1, high=100_000, unit="", text="Pulses of a train.", alias="pulses"
    )
    holding: float | None = quantity(
        None, low=-120, high=60, unit="mV", text="Potential of a voltage clamp, if there is one."
    )

    _none = field_validator("holding", mode="before")(none)

    @property
    def _lead(self) -> float:
        return 0.0 if self.holding is None else SETTLE

    @property
    def duration(self) -> float:
        """Return how long it lasts (ms)."""
        return self._lead + (self.trains - 1) * self.every * s + self.n_pulses / (self.rate * Hz)

    def events(self, start: float) -> Iterator[Event]:
        """Yield its pulses and its voltage clamp if it starts at a time (ms)."""
        if self.holding is not None:
            yield Hold(start, self.duration, self.holding * mV)
        for first in self.starts(start + self._lead):
            yield from (self.pulse(first + k / (self.rate * Hz)) for k in range(self.n_pulses))

    def _check(self) -> None:
        super()._check()
        self.check_trains((self.n_pulses - 1) / (self.rate * Hz))


class BurstOptions(Repeated):
    """What bursts are like."""

    bursts: int = quantity(10, low=1, high=10_000, unit="", text="Bursts of a train.")
    burst_rate: float = quantity(5.0, low=0.01, high=50, unit="Hz", text="Rate of the bursts.")
    n_pulses: int = quantity(
        4, low=1, high=10_000, unit="", text="Pulses of a burst.", alias="pulses"
    )
    rate: float = quantity(100.0, low=0.5, high=250, unit="Hz", text="Rate within a burst.")


class Bursts(Stimulation, BurstOptions):
    """Bursts of pulses, to the last pulse; once or several times."""

    name: ClassVar[str] = "bursts"

    def _train(self) -> tuple[float, ...]:
        return tuple(
            burst / (self.burst_rate * Hz) + k / (self.rate * Hz)
            for burst in range(self.bursts)
            for k in range(self.n_pulses)
        )

    @property
    def _last(self) -> float:
        return (self.bursts - 1) / (self.burst_rate * Hz) + (self.n_pulses - 1) / (self.rate * Hz)

    @property
    def duration(self) -> float:
        """Return how long it lasts (ms), to the last pulse."""
        return (self.trains - 1) * self.every * s + self._last

    def events(self, start: float) -> Iterator[Event]:
        """Yield its pulses if it starts at a time (ms)."""
        train = self._train()
        for first in self.starts(start):
            yield from (self.pulse(first + time) for time in train)

    def _check(self) -> None:
        super()._check()
        length = (self.n_pulses - 1) / (self.rate * Hz)
        if self.bursts > 1 and length + MIN_INTERVAL > 1 / (self.burst_rate * Hz):
            raise Impossible(
                self.name,
                f"bursts come every {1 / (self.burst_rate * Hz):.4g} ms, and one "
                f"lasts {length:.4g} ms",
            )
        self.check_trains(self._last)


class PairOptions(Described):
    """What pairs of pulses and spikes are like."""

    timing: float = quantity(
        10.0, low=-200, high=200, unit="ms", text="From pulse to spike.", alias="interval"
    )
    rate: float = quantity(5.0, low=0.01, high=50, unit="Hz", text="Rate of the pairs.")
    pairs: int = quantity(100, low=1, high=10_000, unit="", text="Number of pairs.")
    spikes: int = quantity(1, low=1, high=20, unit="", text="Spikes with each pulse.")
    spike_rate: float = quantity(100.0, low=1, high=200, unit="Hz", text="Rate of those spikes.")
    current: float = quantity(3.0, low=0, high=10, unit="nA", text="Of a current step.")
    step: float = quantity(2.0, low=0.1, high=1000, unit="ms", text="Length of a current step.")
    pre: int = quantity(1, low=0, high=20, unit="", text="Pulses of a pair.")
    pre_rate: float = quantity(100.0, low=1, high=250, unit="Hz", text="Rate of those pulses.")


class Pairs(Stimulation, PairOptions):
    """Pulses paired with spikes that steps of current into the soma evoke.

    The interval is from the first pulse of a pair to its first current step: above 0 the pulse
    comes first. Without pulses (``pre`` 0) or without current the cell or the axons are alone.
    """

    name: ClassVar[str] = "pairs"

    @property
    def duration(self) -> float:
        """Return how long it lasts (ms): the last pair's own interval belongs to it."""
        return self.pairs / (self.rate * Hz)

    def events(self, start: float) -> Iterator[Event]:
        """Yield its pulses and current steps if it starts at a time (ms)."""
        pulse, spike = max(0.0, -self.timing * ms), max(0.0, self.timing * ms)
        for k in range(self.pairs):
            for j in range(self.pre):
                yield self.pulse(start + pulse + k / (self.rate * Hz) + j / (self.pre_rate * Hz))
            for j in range(self.spikes):
                time = start + spike + k / (self.rate * Hz) + j / (self.spike_rate * Hz)
                yield CurrentStep(time, self.step * ms, self.current * nA)

    def _check(self) -> None:
        super()._check()
        if self.pre == 0 and self.current == 0:
            raise Impossible(
                self.name, "without pulses (pre 0) and without current nothing is induced"
            )
        pulses = max(0.0, -self.timing * ms) + max(0, self.pre - 1) / (self.pre_rate * Hz)
        steps = max(0.0, self.timing * ms) + (self.spikes - 1) / (self.spike_rate * Hz)
        lasts = max(pulses, steps + self.step * ms)
        if lasts >= 1 / (self.rate * Hz):
            raise Impossible(
                self.name,
                f"pairs {1 / (self.rate * Hz):.3g} ms apart, and one pair lasts {lasts:.3g} ms",
            )
        if self.spikes > 1 and self.step * ms >= 1 / (self.spike_rate * Hz):
            raise Impossible(
                self.name,
                f"current steps of {self.step:g} ms, {1 / (self.spike_rate * Hz):.3g} ms apart",
            )


class Clamp(Stimulation):
    """Pulses while the soma is voltage clamped, from .5 s before the first pulse on."""

    name: ClassVar[str] = "clamp"

    potential: float = quantity(
        0.0, low=-120, high=60, unit="mV", text="Potential of the voltage clamp."
    )
    rate: float = quantity(1.0, low=0.01, high=250, unit="Hz", text="Rate of the pulses.")
    n_pulses: int = quantity(
        100, low=1, high=100_000, unit="", text="Number of pulses.", alias="pulses"
    )

    def _train(self) -> Train:
        return Train(
            pathways=self.pathways,
            strength=self.strength,
            rate=self.rate,
            n_pulses=self.n_pulses,
            holding=self.potential,
        )

    @property
    def duration(self) -> float:
        """Return how long it lasts (ms), the last pulse's own interval included."""
        return self._train().duration

    def events(self, start: float) -> Iterator[Event]:
        """Yield its pulses and its voltage clamp if it starts at a time (ms)."""
        return self._train().events(start)
