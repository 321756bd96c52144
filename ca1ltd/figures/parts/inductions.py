"""What a run did to the slice, and when, in the words and the minutes of its figure."""

from dataclasses import dataclass

from ca1ltd import protocols
from ca1ltd.figures.run import Run, induction_minutes, window_of
from ca1ltd.protocols import (
    Bursts,
    Calcium,
    Clamp,
    Pairs,
    Phase,
    Repeat,
    Rest,
    Steps,
    TestedProtocol,
    Together,
    Train,
)
from ca1ltd.protocols.phases import OnPathways
from ca1ltd.units import minute


@dataclass(frozen=True, slots=True, kw_only=True)
class Induction:
    """A part of a run in which something is induced.

    Attributes
    ----------
    start, end : float
        From when to when (min, 0 = start of the first).
    words : str
        What it is, as "900 pulses at 1 Hz".
    pathways : frozenset of str
        What it is given to.
    """

    start: float
    end: float
    words: str
    pathways: frozenset[str]


def inductions(run: Run) -> tuple[Induction, ...]:
    """Return the inductions of a run in their order, none if its protocol has none."""
    protocol = protocols.from_dict(run.spec["protocol"])
    given: list[Induction] = []
    start = 0.0
    for phase in protocol.sequence() if isinstance(protocol, TestedProtocol) else ():
        end = start + phase.duration / minute
        if not isinstance(phase, Rest):
            given.append(
                Induction(start=start, end=end, words=words_of(phase), pathways=_pathways_of(phase))
            )
        start = end
    return tuple(given)


def _pathways_of(phase: Phase) -> frozenset[str]:
    if isinstance(phase, Together | Repeat):
        return frozenset().union(*(_pathways_of(part) for part in phase.parts))
    return frozenset(phase.pathways) if isinstance(phase, OnPathways) else frozenset()


def words_of(phase: Phase) -> str:
    """Return what a phase is in a few words, as "100 pulses at 100 Hz"."""
    match phase:
        case Train() | Bursts(bursts=1):
            words = f"{phase.n_pulses} pulses at {phase.rate:g} Hz"
            return words if phase.trains == 1 else f"{phase.trains} trains of {words}"
        case Bursts():
            return f"{phase.bursts * phase.trains} bursts of {phase.n_pulses} pulses"
        case Pairs():
            return f"{phase.pairs} {'pairs' if phase.current else 'pulses'} at {phase.rate:g} Hz"
        case Clamp():
            return f"{phase.n_pulses} pulses at {phase.rate:g} Hz, {phase.potential:g} mV"
        case Steps():
            words = f"{phase.length:g} s at {phase.potential:g} mV"
            return words if phase.steps == 1 else f"{phase.steps} steps of {words}"
        case Calcium():
            return f"{phase.concentration:g} µM Ca$^{{2+}}$ for {phase.length:g} s"
        case Together():
            return " and ".join(dict.fromkeys(words_of(part) for part in phase.parts))
        case Repeat():
            return f"{phase.times} times {', '.join(words_of(part) for part in phase.parts)}"
    raise ValueError(f"a figure has no words for the phase '{phase.name}'")


def axons(strength: float) -> str:
    """Return which axons pulses of a strength recruit: "half the axons of a test pulse"."""
    times = {1.0: "the", 0.5: "half the"}.get(strength, f"{strength:g} times the")
    return f"{times} axons of a test pulse"


def window_after(run: Run) -> str:
    """Return the window of a run's outcome from the end of its induction: "50-60 min"."""
    start, end = window_of(run)
    last = induction_minutes(run)
    return f"{start - last:.3g}-{end - last:.3g} min"
