"""The audits of a run: pulses are simulated on copies, and steps that err too much are halved."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager

import numpy as np

from ca1ltd.arrays import Floats
from ca1ltd.engine.agenda import Item
from ca1ltd.engine.audit import FOLLOWED, TOLERANCE, Seen, audited, compare
from ca1ltd.engine.integrators import Efficient, Integrator
from ca1ltd.engine.recorder import SpineStates, Tape
from ca1ltd.protocols import Protocol, Pulse
from ca1ltd.recording import Audit


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
    ) -> None:
        kinds: list[str] = [pulse.kind for pulse in protocol.pulses()]
        self.audits: list[Audit] = []
        self.potential = potential
        self._integrator = integrator
        self._spines = spines
        self._excursion = excursion
        self._moments = moments
        self._switches = switches
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
        """Measure the error of the steps at a pulse; if need be, halve those of its kind."""
        following = np.searchsorted(self._moments, pulse.time, side="right")
        until = min(pulse.time + FOLLOWED, *self._moments[following : following + 1])

        def see(refinement: float) -> Seen:
            return self._see(pulse.time, until, refinement)

        audit = compare(pulse.time, see, self._refinements[pulse.kind])
        if audit is not None:
            self.audits.append(audit)
            if audit.worst > TOLERANCE:
                self._refinements[pulse.kind] *= 2
                self._integrator.refine(self._refinements[pulse.kind])

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
            return Seen(
                potential=self.potential.window(onset, until)[1],
                peaks=self._spines.read("spine_ca_peak_uM"),
                calcineurin=self._spines.read("calcineurin_active") - before,
            )
