"""Protocols that compare test pulses before and after an induction."""

from abc import abstractmethod
from typing import ClassVar

from ca1ltd.errors import BadInput
from ca1ltd.protocols.base import PATHWAYS, PathwayName, Protocol, Pulse, quantity
from ca1ltd.units import minute, s

SETTLE = 1.0 * s
"""No test pulse in the last second, so that its EPSP is over when the run ends."""


class TestedProtocol(Protocol):
    """Test pulses to both pathways before and after an induction (which may be empty).

    The pathways alternate: each is tested every `test_interval`, the control half an interval after
    the conditioned one. No test pulse falls into the induction, which starts a quarter of an
    interval after the last one.
    """

    __test__ = False  # pytest: not a test class

    first_test_after: ClassVar[float] = 15.0 * s
    """From the last induction pulse to the first test pulse (ms)."""
    probe_spacing: ClassVar[float] = 5 * minute
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

    @property
    def induction_duration(self) -> float:
        """Return how long induction lasts (ms)."""
        return 0.0

    def induction_pulses(self) -> tuple[Pulse, ...]:
        """Return the pulses of the induction, sorted by time."""
        return ()

    @property
    def induction_start(self) -> float:
        """Return when induction starts, or would: the end of the baseline (ms)."""
        return self.baseline_duration

    @property
    def induction_end(self) -> float:
        """Return when induction is over (ms)."""
        return self.induction_start + self.induction_duration

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

    def pulses(self) -> tuple[Pulse, ...]:
        """Return all pulses, sorted by time."""
        tests = [
            Pulse(time=time, pathways=(pathway,), kind="test")
            for pathway in PATHWAYS
            for time in (*self._baseline_tests(pathway), *self._follow_up_tests(pathway))
        ]
        return tuple(sorted([*tests, *self.induction_pulses()], key=lambda pulse: pulse.time))

    def probe_times(self) -> tuple[tuple[float, PathwayName], ...]:
        """Return when, and through which pathway, the noise-free EPSP is probed (ms).

        A probe comes shortly before a test pulse of its own pathway, when the synapses have had
        longest to recover: 2 s before it, or half the gap to the previous pulse if that is less.
        About every 5 min, at least four in the baseline and five in the summary window.
        """
        times = [pulse.time for pulse in self.pulses()]
        before = {
            time: time - min(2.0 * s, (time - previous) / 2)
            for previous, time in zip([-self.interval, *times], times, strict=False)
        }
        start, end = self.summary_window
        probes: list[tuple[float, PathwayName]] = []
        for pathway in PATHWAYS:
            baseline = [before[time] for time in self._baseline_tests(pathway)]
            follow_up = [
                before[time]
                for time in self._follow_up_tests(pathway)
                if before[time] >= self.induction_end
            ]
            early = [time for time in follow_up if time < start]
            window = [time for time in follow_up if start <= time <= end]
            late = [time for time in follow_up if time > end]
            chosen = (
                *_spread(baseline, max(4, round(self.baseline_duration / self.probe_spacing))),
                *_spread(early, round((start - self.induction_end) / self.probe_spacing)),
                *_spread(window, 5),
                *_spread(late, round((self.t_stop - end) / self.probe_spacing)),
            )
            probes.extend((time, pathway) for time in chosen)
        return tuple(sorted(probes))

    def _offset(self, pathway: PathwayName) -> float:
        return self.interval / 2 * PATHWAYS.index(pathway)

    def _baseline_tests(self, pathway: PathwayName) -> tuple[float, ...]:
        count = int(self.baseline_duration / self.interval + 1e-9)
        first = self.baseline_duration - count * self.interval + self.interval / 4
        return tuple(first + self._offset(pathway) + k * self.interval for k in range(count))

    def _follow_up_tests(self, pathway: PathwayName) -> tuple[float, ...]:
        first = self.induction_end + self.interval / 4
        induction = self.induction_pulses()
        if induction:
            first = max(self.induction_end, induction[-1].time + self.first_test_after)
        first += self._offset(pathway)
        count = max(0, int((self.t_stop - SETTLE - first) // self.interval) + 1)
        return tuple(first + k * self.interval for k in range(count))

    def _check(self) -> None:
        if self.baseline_duration < self.interval:
            raise BadInput(
                f"this {self.name} has a baseline of {self.baseline_duration / minute:g} min, too "
                f"short for one test pulse every {self.interval / s:g} s"
            )
        if not all(self._follow_up_tests(pathway) for pathway in PATHWAYS):
            raise BadInput(
                f"this {self.name} has {self.follow_up_duration / minute:g} min after induction, "
                f"too short for one test pulse every {self.interval / s:g} s"
            )
        super()._check()


def _spread(times: list[float], count: int) -> tuple[float, ...]:
    """Return about `count` of the times, evenly spread over them, each once."""
    if count >= len(times):
        return tuple(times)
    return tuple(times[int((k + 0.5) * len(times) / count)] for k in range(count))
