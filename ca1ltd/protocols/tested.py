"""Protocols that compare test pulses before and after an induction."""

from abc import abstractmethod
from collections.abc import Iterator
from typing import ClassVar

from ca1ltd.errors import BadInput, Impossible
from ca1ltd.options import quantity
from ca1ltd.protocols.base import Protocol
from ca1ltd.protocols.events import (
    PATHWAYS,
    CalciumClamp,
    CurrentStep,
    Event,
    Hold,
    PathwayName,
    Pulse,
    chosen,
)
from ca1ltd.protocols.phases import Phase, Rest
from ca1ltd.protocols.test_period import PROBE_SPACING, Stretch, offset, spread
from ca1ltd.units import minute, s


class TestedProtocol(Protocol):
    """Test pulses to both pathways before and after an induction (which may be empty).

    The pathways alternate: each is tested every `test_interval`, the control half an interval after
    the conditioned one. Test pulses go on while an induction rests; none falls into its other
    phases, the first of which starts a quarter of an interval after the last test pulse.
    """

    __test__ = False  # pytest: not a test class

    first_test_after: ClassVar[float] = 15.0 * s
    """From the last pulse of an induction to the first test pulse (ms)."""
    window_length: ClassVar[float] = 10 * minute
    window_end: ClassVar[float] = 60 * minute
    """The outcome is taken 50-60 min after the end of induction, or at the end of a shorter run."""

    baseline: float  # min; each protocol says how long by default
    test_interval: float = quantity(
        30.0, low=4, high=600, unit="s", text="Between the test pulses of one pathway."
    )

    @property
    def baseline_duration(self) -> float:
        """Return how long the baseline lasts (ms)."""
        return self.baseline * minute

    @property
    def interval(self) -> float:
        """Return the interval between the test pulses of one pathway (ms)."""
        return self.test_interval * s

    @property
    @abstractmethod
    def follow_up_duration(self) -> float:
        """Return how long the follow-up lasts, from the end of induction (ms)."""

    def sequence(self) -> tuple[Phase, ...]:
        """Return the phases of the induction, in order."""
        return ()

    @property
    def induction_start(self) -> float:
        """Return when the first phase starts, or would: the end of the baseline (ms)."""
        return self.baseline_duration

    @property
    def induction_end(self) -> float:
        """Return when the last phase is over (ms)."""
        end = self.induction_start
        for phase in self.sequence():
            end += phase.duration
        return end

    @property
    def t_stop(self) -> float:
        """Return the length of the run (ms)."""
        return self.induction_end + self.follow_up_duration

    @property
    def summary_window(self) -> tuple[float, float]:
        """Return 50-60 min after induction, or the last 10 min of a shorter follow-up (ms)."""
        end = min(self.window_end, self.follow_up_duration)
        start = max(end - self.window_length, 0.0)
        return self.induction_end + start, self.induction_end + end

    @property
    def rests(self) -> tuple[tuple[float, float], ...]:
        """Return the ten minutes before each later induction, or its whole rest if shorter (ms)."""
        *rests, _ = self._stretches()
        return tuple(rest.window for rest in rests)

    @property
    def rest_windows(self) -> tuple[tuple[float, float], ...]:
        """Return the last 10 min of every rest that is so long (ms)."""
        *rests, _ = self._stretches()
        return tuple(rest.window for rest in rests if rest.end - rest.start >= self.window_length)

    def pulses(self) -> tuple[Pulse, ...]:
        """Return all pulses, sorted by time."""
        stretches = self._stretches()
        tests = [
            Pulse(time=time, pathways=(pathway,), kind="test")
            for pathway in PATHWAYS
            for times in (
                self._baseline_tests(pathway),
                *(stretch.tests(pathway) for stretch in stretches),
            )
            for time in times
        ]
        return chosen(Pulse, [*tests, *self._events()])

    def current_steps(self) -> tuple[CurrentStep, ...]:
        """Return all steps of current into the soma, sorted by time."""
        return chosen(CurrentStep, self._events())

    def holds(self) -> tuple[Hold, ...]:
        """Return when the soma is voltage clamped, sorted by time."""
        return chosen(Hold, self._events())

    def calcium_clamps(self) -> tuple[CalciumClamp, ...]:
        """Return when calcium of spines is held, sorted by time."""
        return chosen(CalciumClamp, self._events())

    def probe_times(self) -> tuple[tuple[float, PathwayName], ...]:
        """Return when, and through which pathway, the noise-free EPSP is probed (ms).

        A probe comes shortly before a test pulse of its own pathway, when the synapses have had
        longest to recover: 2 s before it, or half the gap to the previous pulse if that is less.
        About every 5 min, at least four in the baseline and five in the window of an outcome.
        """
        times = [pulse.time for pulse in self.pulses()]
        before = {
            time: time - min(2.0 * s, (time - previous) / 2)
            for previous, time in zip([-self.interval, *times], times, strict=False)
        }
        probes: list[tuple[float, PathwayName]] = []
        for pathway in PATHWAYS:
            baseline = [before[time] for time in self._baseline_tests(pathway)]
            times = [
                *spread(baseline, max(4, round(self.baseline_duration / PROBE_SPACING))),
                *(
                    time
                    for stretch in self._stretches()
                    for time in stretch.probes([before[test] for test in stretch.tests(pathway)])
                ),
            ]
            probes.extend((time, pathway) for time in times)
        return tuple(sorted(probes))

    def _baseline_tests(self, pathway: PathwayName) -> tuple[float, ...]:
        count = int(self.baseline_duration / self.interval + 1e-9)
        first = self.baseline_duration - count * self.interval + self.interval / 4
        first += offset(pathway, self.interval)
        return tuple(first + k * self.interval for k in range(count))

    def _events(self) -> Iterator[Event]:
        start = self.induction_start
        for phase in self.sequence():
            yield from phase.events(start)
            start += phase.duration

    def _stretches(self) -> tuple[Stretch, ...]:
        """Return the rests in their order, and the follow-up."""
        stretches = []
        start, first = self.induction_start, self.induction_start + self.interval / 4
        for phase in self.sequence():
            end = start + phase.duration
            if isinstance(phase, Rest):
                window = max(start, end - self.window_length), end
                stretches.append(self._stretch(start, end, first, window))
            pulses = chosen(Pulse, phase.events(start))
            first = end + self.interval / 4
            if pulses:
                first = max(end, pulses[-1].time + self.first_test_after)
            start = end
        stretches.append(self._stretch(start, self.t_stop, first, self.summary_window))
        return tuple(stretches)

    def _stretch(
        self, start: float, end: float, first: float, window: tuple[float, float]
    ) -> Stretch:
        return Stretch(start=start, end=end, first=first, interval=self.interval, window=window)

    def _check(self) -> None:
        try:
            self.sequence()
        except Impossible as error:  # the user has named the protocol and none of its phases
            raise BadInput(f"{self.name}: {error.why}") from None
        if self.baseline_duration < self.interval:
            raise BadInput(
                f"{self.name}: a baseline of {self.baseline_duration / minute:g} min is too "
                f"short for one test pulse every {self.interval / s:g} s"
            )
        if not all(self._stretches()[-1].tests(pathway) for pathway in PATHWAYS):
            raise BadInput(
                f"{self.name}: {self.follow_up_duration / minute:g} min after induction are "
                f"too short for one test pulse every {self.interval / s:g} s"
            )
        super()._check()
