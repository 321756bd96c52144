"""A network's equations as C that starts its states and advances them by a step.

What shows a name is solved in the order in which the signal goes, part by part (`System.parts`),
and each part sees the means over the step of those before it. A state that moves alone and whose
rate is linear in it relaxes exactly. States that move each other, or themselves, go by the
Rosenbrock method ROS2 (Verwer et al. 1999, doi 10.1137/S1064827597326651): of second order, stable
however long the step is, and what is conserved stays so.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from ca1ltd.engine.nmodl.c_math import written
from ca1ltd.engine.nmodl.c_matrix import Matrix
from ca1ltd.engine.nmodl.calculus import ZERO, derivative, simplified
from ca1ltd.engine.nmodl.mechanism import Expression, Name, substituted
from ca1ltd.export.network import CALCIUM
from ca1ltd.export.replay.equations import System

#: Weights of five equally spaced points, by Boole.
_BOOLE: Final = tuple(f"{weight}/90.0" for weight in (7, 32, 12, 32, 7))


def step_source(system: System) -> str:
    """Return C++ of two functions: ``start(x, p, cai)`` and ``advance(x, p, cai, step)``.

    ``x`` holds what the system shows, in the order of its names, and ``p`` its constants in their
    order; calcium is in mM and the step in ms.
    """
    return "\n".join(
        [
            f"enum {{ SHOWN = {len(system.names)} }};",
            "",
            f"static void start(double* x, const double* p, double {CALCIUM}) {{",
            *_constants(system),
            *_start(system),
            "}",
            "",
            f"static void advance(double* x, const double* p, double {CALCIUM}, double step) {{",
            *_constants(system),
            *(f"    const double old_{name} = x[{k}];" for k, name in enumerate(system.names)),
            *(line for part in system.parts() for line in _part(system, part)),
            *(f"    x[{k}] = new_{name};" for k, name in enumerate(system.names)),
            "}",
            "",
        ]
    )


def _constants(system: System) -> Iterator[str]:
    for k, name in enumerate(system.constants):
        yield f"    [[maybe_unused]] const double {name} = p[{k}];"


def _start(system: System) -> Iterator[str]:
    known = {name: f"new_{name}" for name in system.names}
    for k, name in enumerate(system.names):
        yield f"    const double new_{name} = {_in(known, system.initial[name])};"
        yield f"    x[{k}] = new_{name};"


def _part(system: System, part: tuple[str, ...]) -> Iterator[str]:
    """Yield what gives the new values of a part, and their means over the step."""
    name, *others = part
    if name in system.assigned and not others:
        yield from _assignment(system, name)
    elif not others and (relaxation := system.relaxation(name)):
        yield from _relaxation(system, name, *relaxation)
    else:
        yield from _rosenbrock(system, part)


def _assignment(system: System, name: str) -> Iterator[str]:
    """Its mean is that of five moments, if all that moves it is known there."""
    value, movers = system.assigned[name], sorted(system.movers(name))
    yield f"    const double new_{name} = {_in(_called('new', movers), value)};"
    alone = {part[0] for part in system.parts() if len(part) == 1}
    if all(m in alone and m in system.rates and system.relaxation(m) for m in movers):
        yield f"    double mean_{name} = 0;"
        for k, weight in enumerate(_BOOLE):
            at = {mover: f"path_{mover}[{k}]" for mover in movers}
            yield f"    mean_{name} += {weight} * {_in(at, value)};"
    else:
        yield f"    const double mean_{name} = {_in(_called('mean', movers), value)};"


def _relaxation(system: System, state: str, gain: Expression, loss: Expression) -> Iterator[str]:
    means = _called("mean", system.movers(state))
    yield f"    const double gain_{state} = {_in(means, gain)}, loss_{state} = {_in(means, loss)};"
    given = f"old_{state}, gain_{state}, loss_{state}, step"
    if any(state in system.movers(name) for name in system.assigned):
        yield f"    double path_{state}[5];"
        yield f"    relax({given}, path_{state});"
        yield f"    const double new_{state} = path_{state}[4];"
    else:
        yield f"    const double new_{state} = relaxed({given});"
    yield f"    [[maybe_unused]] const double mean_{state} = mean(new_{state}, {given});"


def _rosenbrock(system: System, part: tuple[str, ...]) -> Iterator[str]:
    outside = {mover for name in part for mover in system.movers(name)} - set(part)
    here = _called("mean", outside) | _called("at", part)
    for name in part:
        yield f"    double at_{name} = old_{name};"
    matrix = Matrix(part)
    for row in part:
        for column in part:
            slope = simplified(derivative(system.rates[row], column))
            if row == column or slope != ZERO:
                entry = f"{1 if row == column else 0} - REACH * step * {_in(here, slope)}"
                yield matrix.set(row, column, entry)
    yield from matrix.factors()
    for name in part:
        yield f"    double first_{name} = {_in(here, system.rates[name])};"
    yield from matrix.solution("first")
    for name in part:
        yield f"    at_{name} += step * first_{name};"
    for name in part:
        yield f"    double second_{name} = {_in(here, system.rates[name])} - 2 * first_{name};"
    yield from matrix.solution("second")
    for name in part:
        change = f"step * (1.5 * first_{name} + 0.5 * second_{name})"
        yield f"    const double new_{name} = old_{name} + {change};"
        yield f"    [[maybe_unused]] const double mean_{name} = (old_{name} + new_{name}) / 2;"


def _called(prefix: str, names: Iterable[str]) -> dict[str, str]:
    return {name: f"{prefix}_{name}" for name in names}


def _in(called: Mapping[str, str], expression: Expression) -> str:
    """Return an expression in C, its names being called so."""
    return written(substituted(expression, {name: Name(to) for name, to in called.items()}))
