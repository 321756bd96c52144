"""What every protocol is: a validated description that yields its pulses, steps and clamps."""

from abc import abstractmethod
from itertools import pairwise
from typing import Any, ClassVar

from ca1ltd.errors import BadInput
from ca1ltd.options import Described
from ca1ltd.protocols.events import (
    MIN_INTERVAL,
    PATHWAYS,
    REFRACTORY_PERIOD,
    CalciumClamp,
    CurrentStep,
    Hold,
    PathwayName,
    Pulse,
)
from ca1ltd.units import hour, ms, s

LONGEST_RUN = 24 * hour
ROUNDING = 1e-6 * ms
"""Two events that meet may overlap by so much: their times are sums of many numbers."""


class Protocol(Described):
    """A stimulation protocol; its fields are its options, in the units people say.

    Times that methods and properties return are in ms from the start of the simulation.
    """

    title: ClassVar[str]

    @property
    def induction_start(self) -> float:
        """Return the time (ms) that tables call ``time_min = 0``; by default the run's start."""
        return 0.0

    @property
    def induction_end(self) -> float:
        """Return when induction is over (ms); without induction, `induction_start`."""
        return self.induction_start

    @property
    @abstractmethod
    def t_stop(self) -> float:
        """Return the length of the run (ms)."""

    @property
    def summary_window(self) -> tuple[float, float]:
        """Return the window (from, to; ms) of the outcome; by default the whole run."""
        return 0.0, self.t_stop

    @property
    def rests(self) -> tuple[tuple[float, float], ...]:
        """Return the ten minutes before each later induction, or its whole rest if shorter (ms)."""
        return ()

    @property
    def rest_windows(self) -> tuple[tuple[float, float], ...]:
        """Return the windows (from, to; ms) of the outcomes between two inductions."""
        return ()

    @abstractmethod
    def pulses(self) -> tuple[Pulse, ...]:
        """Return all pulses, sorted by time."""

    def current_steps(self) -> tuple[CurrentStep, ...]:
        """Return all steps of current into the soma, sorted by time; none overlap."""
        return ()

    def holds(self) -> tuple[Hold, ...]:
        """Return when the soma is voltage clamped, sorted by time; no steps at the same time."""
        return ()

    def calcium_clamps(self) -> tuple[CalciumClamp, ...]:
        """Return when calcium of spines is held, sorted by time; none overlap in a pathway."""
        return ()

    def probe_times(self) -> tuple[tuple[float, PathwayName], ...]:
        """Return when, and through which pathway, the noise-free EPSP is probed (ms).

        A protocol without a baseline to compare with has none.
        """
        return ()

    def as_dict(self) -> dict[str, Any]:
        """Return the protocol as JSON values, its name first."""
        return {"name": self.name, **self.model_dump(mode="json", by_alias=True)}

    def _check(self) -> None:
        """Raise BadInput if the fields are each allowed but make no possible run together."""
        if self.t_stop > LONGEST_RUN:
            raise BadInput(
                f"{self.name}: it would take {self.t_stop / hour:.3g} h, and the longest run is "
                f"{LONGEST_RUN / hour:.0f} h"
            )
        self._check_intervals()
        self._check_apart(
            [(step.time, step.duration, "a current step") for step in self.current_steps()]
            + [(hold.time, hold.duration, "a voltage clamp") for hold in self.holds()],
            "of the soma",
        )
        for pathway in PATHWAYS:
            self._check_apart(
                [
                    (clamp.time, clamp.duration, "a calcium clamp")
                    for clamp in self.calcium_clamps()
                    if pathway in clamp.pathways
                ],
                f"of the {pathway} spines",
            )

    def _check_intervals(self) -> None:
        last: dict[str, float] = {}
        for pulse in self.pulses():
            for pathway in pulse.pathways:
                interval = pulse.time - last.get(pathway, -LONGEST_RUN)
                if interval < MIN_INTERVAL - ROUNDING:
                    raise BadInput(
                        f"{self.name}: pulses come {interval:.3g} ms apart, and an axon with a "
                        f"refractory period of {REFRACTORY_PERIOD:g} ms follows intervals of "
                        f"{MIN_INTERVAL:g} ms and more"
                    )
                last[pathway] = pulse.time

    def _check_apart(self, spans: list[tuple[float, float, str]], of: str) -> None:
        for (time, duration, one), (following, _, other) in pairwise(sorted(spans)):
            if following < time + duration - ROUNDING:
                raise BadInput(
                    f"{self.name}: {one} {of} lasts {duration / s:.4g} s, and {other} comes "
                    f"{(following - time) / s:.4g} s after its start: there can be one at a time"
                )
