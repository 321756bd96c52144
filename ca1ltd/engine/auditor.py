"""The audits of a run: pulses are simulated on copies, and the steps follow from their errors."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Final

import numpy as np

from ca1ltd.arrays import Floats
from ca1ltd.engine.agenda import Item
from ca1ltd.engine.audit import FOLLOWED, Seen, audited, compare, refined
from ca1ltd.engine.integrators import Efficient, Integrator
from ca1ltd.engine.recorder import SpineStates, Tape
from ca1ltd.protocols import Protocol, Pulse
from ca1ltd.recording import Audit

#: Calcium that has fallen to this part of its peak is past it.
PAST: Final = 0.98


class Auditor:
    """Sets the length of the steps after each pulse, by the errors it measures.

    Parameters
    ----------
    protocol : Protocol
        Whose pulses are given.
    integrator : Integrator
        What advances time; only the steps of `Efficient` are audited.
    potential : Tape
        Of the soma.
    spines : SpineStates
        The spines.
    excursion : callable
        Returns a context in which a copy of the state is simulated.
    moments : ndarray
        When something happens to the slice (ms), ascending: a pulse is followed no longer.
    switches : sequence of Item
        What the recording electrode does, which copies do too.
    koff : float
        The rate at which calcineurin is inactivated (/ms).

    Attributes
    ----------
    audits : list of Audit
        The errors that were measured.
    potential : Tape
        As given.
    """

    def __init__(
        self,
        protocol: Protocol,
        integrator: Integrator,
        *,
        potential: Tape,
        spines: SpineStates,
        excursion: Callable[[], AbstractContextManager[None]],
        moments: Floats,
        switches: Sequence[Item],
        koff: float,
    ) -> None:
        kinds: list[str] = [pulse.kind for pulse in protocol.pulses()]
        self.audits: list[Audit] = []
        self.potential = potential
        self._integrator = integrator
        self._spines = spines
        self._excursion = excursion
        self._moments = moments
        self._switches = switches
        self._koff = koff
        self._refinements = dict.fromkeys(kinds, 1.0)
        self._chosen = audited(kinds) if isinstance(integrator, Efficient) else frozenset()
        self._given = 0

    @property
    def refinement(self) -> float:
        """How many times shorter than usual the shortest steps are."""
        return max(self._refinements.values(), default=1.0)

    def follow(self, pulse: Pulse) -> None:
        """Set the steps for a pulse that was just given, and audit them if it is its turn."""
        self._integrator.refine(self._refinements[pulse.kind])
        if self._given in self._chosen:
            self.audit(pulse)
        self._given += 1

    def audit(self, pulse: Pulse) -> None:
        """Measure the error of the steps at a pulse; set those of its kind by it."""
        following = np.searchsorted(self._moments, pulse.time, side="right")
        until = min(pulse.time + FOLLOWED, *self._moments[following : following + 1])

        def see(refinement: float) -> Seen:
            return self._see(pulse.time, until, refinement)

        audit = compare(pulse.time, see, self._refinements[pulse.kind])
        if audit is not None:
            self.audits.append(audit)
            refinement = refined(self._refinements[pulse.kind], audit.worst)
            self._refinements[pulse.kind] = refinement
            self._integrator.refine(refinement)

    def _see(self, onset: float, until: float, refinement: float) -> Seen:
        """Simulate a copy from a pulse to a time (ms) with the steps of a refinement."""
        before = self._spines.read("calcineurin_active").copy()
        with self._excursion():
            self._integrator.refine(refinement)
            for switch in self._switches:
                if onset < switch.time < until:
                    self._integrator.advance(switch.time)
                    switch.do()
            self._integrator.advance(until)
            times, potential = self.potential.window(onset, until)
            peaks = self._spines.read("spine_ca_peak_uM")
            after = self._spines.read("calcineurin_active")
            lost = self._koff * (until - onset) * (before + after) / 2
            return Seen(
                times=times,
                potential=potential,
                peaks=peaks,
                past=self._spines.read("spine_ca_uM") < PAST * peaks,
                calcineurin=after - before + lost,
            )
