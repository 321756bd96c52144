"""The C++ of a rule: its equations, with what drives synapses through them."""

from collections.abc import Iterable
from importlib.resources import files
from typing import Final

from ca1ltd.drive import CALCIUM_SAMPLE, POTENTIAL_SAMPLE, REST
from ca1ltd.rules.rule import Rule
from ca1ltd.units import s

RHO_STAR: Final = 0.5
"""The unstable efficacy of a bistable synapse, which no rule fits."""
TOGETHER: Final = 16
"""Samples that are passed over together where nothing moves."""


def source(rule: Rule) -> str:
    """Return the C++ of a rule, whose functions `ca1ltd.rules.kernel` calls."""
    parts = (_calcium if rule.driven_by == "calcium" else _potential)(rule)
    return "\n".join((*_numbers(rule), _file("help"), *_parameters(rule), *parts))


def _numbers(rule: Rule) -> Iterable[str]:
    sample = CALCIUM_SAMPLE / s if rule.driven_by == "calcium" else POTENTIAL_SAMPLE
    yield f"static const double SAMPLE = {sample!r}, REST = {REST!r}, rho_star = {RHO_STAR!r};"
    yield f"static const long TOGETHER = {TOGETHER};"


def _parameters(rule: Rule) -> Iterable[str]:
    """Yield the parameters, time constants among them as such, and what a synapse remembers."""
    names = [each.name for each in rule.parameters]
    for name in names:
        yield f"static {'Tau' if name.startswith('tau') else 'double'} {name};"
    values = " ".join(f"{name} = values[{k}];" for k, name in enumerate(names))
    yield f"static void set_parameters(const double* values) {{ {values} }}"
    first = ", ".join(f"{name}({value})" for name, value in rule.states.items())
    made = f"explicit State(double u) : {first} {{ (void)u; }}"
    yield f"struct State {{ double {', '.join(rule.states)}; {made} }};"
    yield f"static double weight(const State& state) {{ {_states(rule)} return {rule.weight}; }}"


def _calcium(rule: Rule) -> Iterable[str]:
    names = ", ".join(rule.of_calcium)
    each = " ".join(f"const double {name} = {text};" for name, text in rule.of_calcium.items())
    told = " ".join(f"const double {name} = now.{name};" for name in rule.of_calcium)
    yield f"struct Given {{ double {names}; }};"
    yield f"static Given given(double c) {{ {each} return {{{names}}}; }}"
    yield f"static bool still(const Given& now) {{ {told} return {rule.still}; }}"
    yield "static inline void step(State& state, const Given& now, double dt) {"
    yield f"{_states(rule)} {told}\n{rule.step}\n}}"
    yield _file("calcium")


def _potential(rule: Rule) -> Iterable[str]:
    yield "static inline void step(State& state, double u, int X, double dt) {"
    yield f"{_states(rule)}\n{rule.step}\n}}"
    yield _file("potential")


def _states(rule: Rule) -> str:
    """Return code that gives the states of a synapse their names."""
    return " ".join(f"auto& {name} = state.{name};" for name in rule.states)


def _file(name: str) -> str:
    return files("ca1ltd.rules").joinpath(f"{name}.cpp").read_text("utf-8")
