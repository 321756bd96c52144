"""Protocols with the soma in voltage clamp throughout: what is measured is the current."""

from collections.abc import Iterator
from itertools import chain
from typing import Annotated, Any, ClassVar

from pydantic import Field, field_validator

from ca1ltd.options import quantity
from ca1ltd.protocols.base import Protocol
from ca1ltd.protocols.events import Event, Hold, PathwayName, Pulse, chosen
from ca1ltd.protocols.stimulation import Clamp, Strength
from ca1ltd.units import minute, mV, s

POTENTIALS = tuple(float(potential) for potential in range(-80, 61, 20))
"""Default series of potentials (mV)."""
Potential = Annotated[float, Field(ge=-120, le=120, allow_inf_nan=False)]


class ClampedProtocol(Protocol):
    """Test pulses to one pathway while the soma is clamped to one potential or several in turn."""

    n_pulses: int = quantity(
        3, low=1, high=1000, unit="", text="Test pulses at a potential.", alias="pulses"
    )
    interval: float = quantity(4.0, low=1, high=600, unit="s", text="Between test pulses.")
    pathway: PathwayName = Field(default="conditioned", description="Which electrode.")

    def measured_at(self, potential: float, start: float, pulses: int) -> Iterator[Event]:
        """Yield test pulses and their voltage clamp (mV) from a time (ms) on.

        A clamp is on for half an interval before its first pulse: channels have settled.
        """
        yield Hold(start, pulses * self.interval * s, potential * mV)
        for k in range(pulses):
            yield Pulse(start + (k + 0.5) * self.interval * s, (self.pathway,), "test")

    def events(self) -> Iterator[Event]:
        """Yield all pulses and voltage clamps."""
        raise NotImplementedError

    def pulses(self) -> tuple[Pulse, ...]:
        """Return all pulses, sorted by time."""
        return chosen(Pulse, self.events())

    def holds(self) -> tuple[Hold, ...]:
        """Return when the soma is voltage clamped, sorted by time."""
        return chosen(Hold, self.events())


class CurrentVoltage(ClampedProtocol):
    """Some pulses at each of a series of potentials.

    There is no induction and no baseline: time 0 of the tables is the start of the run, and the
    summary window is the whole run.
    """

    name: ClassVar[str] = "current-voltage"
    title: ClassVar[str] = "currents of the synapses with the soma clamped to several potentials"

    potentials: tuple[Potential, ...] = Field(
        default=POTENTIALS,
        min_length=1,
        description="Potentials of the voltage clamp.",
        json_schema_extra={"unit": "mV"},
    )

    @field_validator("potentials", mode="before")
    @classmethod
    def _split(cls, given: Any) -> Any:
        """Take the numbers of a text apart at its commas."""
        return given.split(",") if isinstance(given, str) else given

    @property
    def _step(self) -> float:
        return self.n_pulses * self.interval * s

    @property
    def t_stop(self) -> float:
        """Return the length of the run (ms)."""
        return len(self.potentials) * self._step

    def events(self) -> Iterator[Event]:
        """Yield all pulses and voltage clamps."""
        return chain.from_iterable(
            self.measured_at(potential, k * self._step, self.n_pulses)
            for k, potential in enumerate(self.potentials)
        )


class ClampedPairing(ClampedProtocol, Strength):
    """Pairing with depolarisation in a cell that is never let off the clamp.

    Currents are measured at `rest` and at `depolarised`, the pathway is paired with `potential`,
    and currents are measured at `rest` for a while, and at `depolarised` again. A synapse
    without AMPA receptors has no current at the one and one at the other. Time 0 is the start of
    pairing.

    References
    ----------
    Isaac JTR, Nicoll RA, Malenka RC (1995) Neuron 15:427-434.
    doi:10.1016/0896-6273(95)90046-2. Liao D, Hessler NA, Malinow R (1995) Nature 375:400-404.
    doi:10.1038/375400a0 (recollected)
    """

    name: ClassVar[str] = "clamped-pairing"
    title: ClassVar[str] = "pairing in voltage clamp throughout, as with silent synapses"

    rest: float = quantity(-65.0, low=-120, high=60, unit="mV", text="Where most is measured.")
    depolarised: float = quantity(
        40.0, low=-120, high=60, unit="mV", text="Where NMDA receptors are unblocked."
    )
    potential: float = quantity(0.0, low=-120, high=60, unit="mV", text="With which it is paired.")
    rate: float = quantity(1.5, low=0.01, high=50, unit="Hz", text="Of the paired pulses.")
    pairs: int = quantity(150, low=1, high=10_000, unit="", text="Paired pulses.")
    follow_up: float = quantity(30.0, low=0.1, high=600, unit="min", text="At `rest` after it.")

    @property
    def _clamp(self) -> Clamp:
        return Clamp(
            potential=self.potential,
            rate=self.rate,
            n_pulses=self.pairs,
            pathways=(self.pathway,),
            strength=self.strength,
        )

    @property
    def _measurement(self) -> float:
        return self.n_pulses * self.interval * s

    @property
    def _follow_up_pulses(self) -> int:
        return max(1, round(self.follow_up * minute / (self.interval * s)))

    @property
    def induction_start(self) -> float:
        """Return when pairing starts (ms)."""
        return 2 * self._measurement

    @property
    def induction_end(self) -> float:
        """Return when pairing is over (ms)."""
        return self.induction_start + self._clamp.duration

    @property
    def _last(self) -> float:
        return self.induction_end + self._follow_up_pulses * self.interval * s

    @property
    def t_stop(self) -> float:
        """Return the length of the run (ms)."""
        return self._last + self._measurement

    @property
    def summary_window(self) -> tuple[float, float]:
        """Return the last 10 min at `rest`, or all of them if they are fewer (ms)."""
        return max(self.induction_end, self._last - 10 * minute), self._last

    def events(self) -> Iterator[Event]:
        """Yield all pulses and voltage clamps."""
        yield from self.measured_at(self.rest, 0.0, self.n_pulses)
        yield from self.measured_at(self.depolarised, self._measurement, self.n_pulses)
        yield from self._clamp.events(self.induction_start)
        yield from self.measured_at(self.rest, self.induction_end, self._follow_up_pulses)
        yield from self.measured_at(self.depolarised, self._last, self.n_pulses)
