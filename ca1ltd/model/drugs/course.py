"""The course of a drug's concentration in the slice: the bath is exchanged in first order.

In a window the solution that flows in holds the drug at its concentration, outside its windows
none of it. What is there, C, follows that of the solution, S: ``dC/dt = (S - C)/tau``. tau is that
of the bath (``--wash``), or the drug's own where that is longer. So the course is exponential from
one end of a window to the next.

Simulations follow it in steps: where some effect of the drug has moved by another `STEP` of what it
can do at most, the concentration is set anew, to that in the middle of the time to the next step.
Every effect is then within `STEP` of where it should be, and at its end where it should be.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations, pairwise
from typing import Final

from ca1ltd.errors import BadInput
from ca1ltd.model import window
from ca1ltd.model.drugs.catalogue import DrugInfo, Effect
from ca1ltd.model.drugs.dose import Drug
from ca1ltd.model.window import Timed
from ca1ltd.units import minute

#: Effects move by so much at once, as a part of the most that they can be.
STEP: Final = 0.02

#: From when (ms) a drug is there in which concentration (uM); the first is of time 0.
Course = tuple[tuple[float, float], ...]


def courses(drugs: Iterable[Drug], protocol: Timed, wash: float) -> Mapping[DrugInfo, Course]:
    """Return the course of each drug of a run.

    Parameters
    ----------
    drugs : iterable of Drug
        What is given; several windows of one drug make one course.
    protocol : Timed
        By which windows know when they are.
    wash : float
        Time constant of the exchange of the bath (ms); with 0 all comes and goes at once.
    """
    windows: dict[DrugInfo, list[Drug]] = {}
    for drug in drugs:
        windows.setdefault(drug.info, []).append(drug)
    return {known: _course(known, each, protocol, wash) for known, each in windows.items()}


def is_washed(known: DrugInfo, wash: float) -> bool:
    """Whether a drug comes and goes by and by: what is in the pipette does not."""
    return known.site == "bath" and wash > 0


def constants(known: DrugInfo, wash: float) -> tuple[float, float]:
    """Return the time constants (ms) with which a drug comes and goes in a bath of `wash` (ms)."""
    if not is_washed(known, wash):
        return 0.0, 0.0
    return max(wash, known.wash_in * minute), max(wash, known.wash_out * minute)


def refuse_overlap(drugs: Sequence[Drug]) -> None:
    """Raise BadInput if a drug is given twice at a time."""
    for one, other in combinations(drugs, 2):
        if one.info is other.info and window.overlap(
            (one.start, one.end), (other.start, other.end)
        ):
            raise BadInput(
                f"{one.name} is given twice at once, as {one} and as {other}: the windows of a "
                "drug must not overlap"
            )


def _course(known: DrugInfo, windows: Sequence[Drug], protocol: Timed, wash: float) -> Course:
    solution = _solution(windows, protocol)
    if not is_washed(known, wash):
        return solution
    coming, going = constants(known, wash)
    return exchanged(solution, protocol.t_stop, known.acts, coming=coming, going=going)


def exchanged(
    solution: Course, t_stop: float, acts: Sequence[Effect], *, coming: float, going: float
) -> Course:
    """Return the course of what is in the slice while solutions flow in, one after the other.

    Parameters
    ----------
    solution : Course
        From when which concentration flows in.
    t_stop : float
        The end of the run (ms).
    acts : sequence of Effect
        What it does: the course has a step wherever an effect has moved by `STEP`.
    coming, going : float
        Time constants of a rise and of a fall (ms), above 0.
    """
    found = [solution[0]]
    present = solution[0][1]
    for (start, flows_in), (end, _) in pairwise([*solution, (t_stop, 0.0)]):
        if flows_in != present:
            tau = coming if flows_in > present else going
            found += _steps(acts, present, flows_in, start, end, tau)
            present = _after(end - start, present, flows_in, tau)
    return tuple(found)


def _solution(windows: Sequence[Drug], protocol: Timed) -> Course:
    """Return from when (ms) the solution that flows in has which concentration (uM)."""
    spans = [(*drug.window(protocol), drug.concentration) for drug in windows]
    changes = {0.0: 0.0} | {off: 0.0 for _, off, _ in spans if off < protocol.t_stop}
    changes |= {on: concentration for on, _, concentration in spans}
    return tuple(sorted(changes.items()))


def _after(time: float, present: float, flows_in: float, tau: float) -> float:
    """Return the concentration (uM) some time (ms) after another solution flows in."""
    return flows_in + (present - flows_in) * math.exp(-time / tau)


def _steps(
    acts: Iterable[Effect], present: float, flows_in: float, start: float, end: float, tau: float
) -> Iterator[tuple[float, float]]:
    """Yield the steps of an exponential from one concentration (uM) to another."""
    each = {(act.half, act.hill): act for act in acts}.values()  # alike, whatever the most
    passed = (level for act in each for level in _levels(act, present, flows_in))
    times = {tau * math.log((present - flows_in) / (level - flows_in)) for level in passed}
    within = sorted(time for time in times if time < end - start)
    arrived = len(within) == len(times)
    edges = [0.0, *within, *([] if arrived else [end - start])]
    for begun, over in pairwise(edges):
        yield start + begun, _after((begun + over) / 2, present, flows_in, tau)
    if arrived:
        yield start + edges[-1], flows_in


def _levels(act: Effect, present: float, flows_in: float) -> Iterator[float]:
    """Yield the concentrations on the way at which an effect is between two of its steps."""
    most = act.most if act.half is not None else act.size(max(present, flows_in))
    first, last = act.size(present) / most, act.size(flows_in) / most
    for k in range(round(abs(first - last) / STEP)):
        level = last + math.copysign((k + 0.5) * STEP, first - last)
        yield act.concentration(level * most)
