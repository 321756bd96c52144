"""The transitions of a network as C that says how likely each is, and lets it happen."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from ca1ltd.engine.nmodl.c_math import written
from ca1ltd.engine.nmodl.calculus import multiplied
from ca1ltd.engine.nmodl.mechanism import Expression, Name, names, substituted
from ca1ltd.export.molecules.pools import Pools
from ca1ltd.export.molecules.transitions import Transition, number, written_out
from ca1ltd.export.network import CALCIUM
from ca1ltd.export.replay.equations import System

_GIVEN: Final = f"const double* x, const double* p, double {CALCIUM}"


def transition_source(system: System, pools: Pools, transitions: Sequence[Transition]) -> str:
    """Return C++ of ``propensities``, ``happen`` and ``show``.

    Of them ``x`` holds the number of each species of the pools, ``p`` the constants of the system
    in their order, and after them what a molecule of each state is worth, in the order of
    `Pools.worth`. Calcium is in mM, propensities are per ms. ``show`` gives the values of all
    names of the system in their order.
    """
    called = _called(system, pools)
    assigned = written_out(system)
    shown = [assigned.get(name, Name(name)) for name in system.names]
    return "\n".join(
        [
            "#include <algorithm>",
            "#include <cmath>",
            "#include <cstdint>",
            "",
            "using std::exp, std::fabs, std::log, std::pow;",
            "",
            f"enum {{ SPECIES = {len(pools.species)}, TRANSITIONS = {len(transitions)} }};",
            "",
            *(
                line
                for k, transition in enumerate(transitions)
                for line in _propensity(k, transition, called)
            ),
            f"static void propensities({_GIVEN}, double* a) {{",
            *(f"    {_update(k)}" for k in range(len(transitions))),
            "}",
            "",
            "// What happens changes numbers, and the propensities that depend on them.",
            f"static void happen(int transition, double* x, const double* p, double {CALCIUM}, "
            "double* a) {",
            "    switch (transition) {",
            *(
                line
                for k in range(len(transitions))
                for line in _case(k, transitions, pools.species)
            ),
            "    }",
            "}",
            "",
            'extern "C" void show(const double* x, const double* p, double* shown) {',
            *(f"    shown[{k}] = {_in(called, value)};" for k, value in enumerate(shown)),
            "}",
            "",
        ]
    )


def _called(system: System, pools: Pools) -> dict[str, Expression]:
    """Return what expressions refer to, in C."""
    places = {name: Name(f"x[{k}]") for k, name in enumerate(pools.species)}
    called: dict[str, Expression] = {number(name).name: place for name, place in places.items()}
    for k, name in enumerate([*system.constants, *pools.worth]):
        constant = Name(f"p[{k}]")
        called[name] = multiplied(places[name], constant) if name in pools.worth else constant
    return called


def _propensity(k: int, transition: Transition, called: Mapping[str, Expression]) -> Iterator[str]:
    yield f"// {transition}"
    yield f"static double propensity_{k}({_GIVEN}) {{"
    # rounding may leave less than nothing of a rate that is the difference of two
    yield f"    return std::max(0.0, {_in(called, transition.propensity)});"
    yield "}"
    yield ""


def _update(k: int) -> str:
    return f"a[{k}] = propensity_{k}(x, p, {CALCIUM});"


def _case(k: int, transitions: Sequence[Transition], species: Sequence[str]) -> Iterator[str]:
    changes = dict.fromkeys(transitions[k].consumed, -1)
    for name in transitions[k].made:
        changes[name] = changes.get(name, 0) + 1
    yield f"    case {k}:"
    yield from (f"        x[{species.index(name)}] += {by};" for name, by in changes.items() if by)
    moved = {each for name, by in changes.items() if by for each in (name, number(name).name)}
    for other, transition in enumerate(transitions):
        if moved & set(names(transition.propensity)):
            yield f"        {_update(other)}"
    yield "        break;"


def _in(called: Mapping[str, Expression], expression: Expression) -> str:
    return written(substituted(expression, called))
