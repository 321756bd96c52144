"""The recording electrode in the soma: it injects current, or holds the potential."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from neuron import n


class SomaElectrode:
    """A whole-cell patch electrode; it exists as long as this object does.

    Parameters
    ----------
    soma : segment
        Where it is.
    series_resistance : float
        Its resistance in voltage clamp (MOhm).
    """

    def __init__(self, soma: Any, *, series_resistance: float) -> None:
        self._injection: Any = n.IClamp(soma)
        self._injection.dur = 1e12
        self._injection.amp = self._steady = 0.0
        self._clamp: Any = n.SEClamp(soma)
        self._clamp.rs = series_resistance
        self._clamp.dur1 = 0.0

    @property
    def injected(self) -> float:
        """The current (nA) that flows now, the steady one included."""
        return float(self._injection.amp)

    def inject(self, current: float) -> None:
        """Inject a current (nA) from now on, on top of the steady one of `inject_steadily`."""
        self._injection.amp = self._steady + current

    def inject_steadily(self, current: float) -> None:
        """Inject a steady current (nA) from now on, under what `inject` has put on top of it."""
        step = self.injected - self._steady
        self._steady = current
        self.inject(step)

    def hold(self, potential: float | None) -> None:
        """Hold the soma at a potential (mV) from now on, or no longer, by voltage clamp."""
        self._clamp.dur1 = 0.0 if potential is None else 1e12
        if potential is not None:
            self._clamp.amp1 = potential

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Inject the present current, and hold the present potential, again when it ends."""
        current, lasts, potential = self._injection.amp, self._clamp.dur1, self._clamp.amp1
        try:
            yield
        finally:
            self._injection.amp = current
            self._clamp.dur1, self._clamp.amp1 = lasts, potential
