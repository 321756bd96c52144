"""Weights that a rule gives to the synapses of a drive: its equations, compiled."""

import ctypes
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from importlib.resources import files
from typing import Final

import numpy as np
import numpy.typing as npt

from ca1ltd import build
from ca1ltd.arrays import Floats, Ints
from ca1ltd.drive import CALCIUM_SAMPLE, POTENTIAL_SAMPLE, REST, Drive, Stretches
from ca1ltd.rules.rule import Rule
from ca1ltd.units import s

RHO_STAR: Final = 0.5
"""The unstable efficacy of a bistable synapse, which no rule fits."""
_CODES: Final = np.arange(2**15, dtype=np.uint16).view(np.float16).astype(float)
"""Calcium (uM) by its bits."""
_TOGETHER: Final = 16
"""Samples that are passed over together where nothing moves."""
_HELP: Final = """
#include <algorithm>
#include <cmath>
#include <iterator>
// A time constant, and what a sample leaves of what decays with it.
struct Tau {
    double value, kept;
    Tau(double value = 1) : value(value), kept(std::exp(-SAMPLE/value)) {}
    operator double() const { return value; }
};
// Lets x go to a value for some time.
static inline void relax(double& x, double to, double dt, const Tau& tau) {
    x = to + (x - to)*(dt == SAMPLE ? tau.kept : std::exp(-dt/tau.value));
}
// The same at a rate that is not known before.
static inline void relax_at(double rate, double& x, double to, double dt) {
    const double time = rate*dt, kept = time < 0.02 ? (2 - time)/(2 + time) : std::exp(-time);
    x = to + (x - to)*kept;
}
static inline double sig(double x, double beta) { return 1/(1 + std::exp(-beta*x)); }
// The probability that a Gaussian efficacy is beyond rho_star.
static inline double beyond(double m, double v) {
    return v > 0 ? 0.5*std::erfc((rho_star - m)/std::sqrt(2*v)) : m > rho_star;
}
"""


@dataclass(frozen=True, slots=True, eq=False)
class Program:
    """A drive as the kernels take it, with the times at which weights are told.

    Attributes
    ----------
    times : ndarray
        When each stretch begins (ms), shape ``(n_events,)``; one that tells weights has no length.
    starts, lengths, waits : ndarray
        Its first sample, its samples, and the rest after it (ms).
    values : ndarray
        Samples of each spine, shape ``(n_spines, n_samples)``.
    told : ndarray
        Events before which weights are asked for, in the order of the asked times.
    """

    times: Floats
    starts: Ints
    lengths: Ints
    waits: Floats
    values: npt.NDArray[np.generic]
    told: Ints


def program(stretches: Stretches, sample: float, asked: Floats, stop: float) -> Program:
    """Return stretches with the times (ms) at which weights are asked for, up to the end.

    Parameters
    ----------
    stretches : Stretches
        Of calcium or of the potential.
    sample : float
        Their samples (ms).
    asked : ndarray
        When weights are asked for (ms).
    stop : float
        The end of the run (ms).
    """
    none = np.zeros(1 + len(asked), dtype=np.int64)
    times = np.concatenate(([0.0], asked, stretches.starts, [stop]))
    lengths = np.concatenate((none, stretches.lengths, [0]))
    turn = np.argsort(times, kind="stable")  # weights are told before a stretch that begins then
    begun = np.concatenate((none, np.cumsum(stretches.lengths) - stretches.lengths, [0]))[turn]
    times, lengths = times[turn], lengths[turn]
    ends = np.maximum.accumulate(times + lengths * sample)
    return Program(
        times=np.append(times[:1], np.maximum(times[1:], ends[:-1])),
        starts=begun,
        lengths=lengths,
        waits=np.append(np.maximum(times[1:] - ends[:-1], 0.0), 0.0),
        values=np.ascontiguousarray(stretches.values.T),
        told=np.argsort(turn)[1 : 1 + len(asked)],
    )


class Synapses:
    """The synapses of a drive, whose weights are asked for at some times of a run.

    Parameters
    ----------
    drive : Drive
        What drives them.
    asked : ndarray
        Times (ms), shape ``(n_times,)``.
    stop : float
        The end of the run (ms).
    """

    def __init__(self, drive: Drive, asked: Floats, stop: float) -> None:
        self._drive, self._asked, self._stop = drive, asked, stop

    @cached_property
    def _calcium(self) -> Program:
        return program(self._drive.calcium, CALCIUM_SAMPLE, self._asked, self._stop)

    @cached_property
    def _highest(self) -> npt.NDArray[np.float16]:
        """Return the highest calcium in each `_TOGETHER` samples."""
        values = self._calcium.values
        whole = np.pad(values, ((0, 0), (0, -values.shape[1] % _TOGETHER)), mode="edge")
        highest: npt.NDArray[np.float16] = whole.reshape(len(values), -1, _TOGETHER).max(axis=2)
        return highest

    @cached_property
    def _potential(self) -> Program:
        found = program(self._drive.potential, POTENTIAL_SAMPLE, self._asked, self._stop)
        return replace(found, values=found.values.astype(np.float32))

    @cached_property
    def _releases(self) -> tuple[Floats, Ints]:
        """Return the releases (ms), synapse by synapse, and where those of each begin."""
        drive = self._drive
        counts = np.bincount(drive.released, minlength=len(drive.axons))
        return (
            drive.releases[np.argsort(drive.released, kind="stable")],
            np.concatenate(([0], np.cumsum(counts))),
        )

    def weights(self, rule: Rule, values: Mapping[str, float]) -> Floats:
        """Return the mean weight of the synapses at each of the times, shape ``(n_times,)``.

        Parameters
        ----------
        rule : Rule
            The rule.
        values : mapping
            All its parameters.
        """
        follow = self._of_calcium if rule.driven_by == "calcium" else self._of_potential
        return follow(_library(rule), np.array([values[each.name] for each in rule.parameters]))

    def _of_calcium(self, library: ctypes.CDLL, values: Floats) -> Floats:
        it = self._calcium
        weights = np.empty(len(it.times))
        library.follow_calcium(
            values.ctypes,
            len(it.values),
            it.values.ctypes,
            self._highest.ctypes,
            it.values.shape[1],
            _CODES.ctypes,
            len(it.times),
            it.starts.ctypes,
            it.lengths.ctypes,
            (it.waits / s).ctypes,
            weights.ctypes,
        )
        return weights[it.told]

    def _of_potential(self, library: ctypes.CDLL, values: Floats) -> Floats:
        it, (releases, first) = self._potential, self._releases
        weights = np.empty(len(it.times))
        library.follow_potential(
            values.ctypes,
            len(it.values),
            it.values.ctypes,
            it.values.shape[1],
            self._drive.resting.ctypes,
            releases.ctypes,
            first.ctypes,
            len(it.times),
            it.times.ctypes,
            it.starts.ctypes,
            it.lengths.ctypes,
            it.waits.ctypes,
            weights.ctypes,
        )
        return weights[it.told]


def thinned(drive: Drive, every: int) -> Drive:
    """Return the drive of each so many-th of its spines, from the first.

    Parameters
    ----------
    drive : Drive
        The drive.
    every : int
        1 leaves all of them.
    """
    ours = drive.released % every == 0
    return Drive(
        axons=drive.axons[::every],
        calcium=replace(drive.calcium, values=drive.calcium.values[:, ::every]),
        potential=replace(drive.potential, values=drive.potential.values[:, ::every]),
        resting=np.ascontiguousarray(drive.resting[::every]),
        releases=drive.releases[ours],
        released=drive.released[ours] // every,
    )


def source(rule: Rule) -> str:
    """Return the C++ of a rule."""
    names = [each.name for each in rule.parameters]
    kinds = ("Tau" if name.startswith("tau") else "double" for name in names)
    declared = "\n".join(f"static {kind} {name};" for kind, name in zip(kinds, names, strict=True))
    values = "".join(f"    {name} = values[{k}];\n" for k, name in enumerate(names))
    states = ", ".join(rule.states)
    first = ", ".join(f"{name}({value})" for name, value in rule.states.items())
    refer = "".join(f"    double& {name} = state.{name};\n" for name in rule.states)
    read = refer.replace("double&", "const double&")
    given = "".join(
        f"    const double {name} = {text};\n" for name, text in rule.of_calcium.items()
    )
    kept = "".join(f"    double {name};\n" for name in rule.of_calcium)
    taken = "".join(f"    const double {name} = now.{name};\n" for name in rule.of_calcium)
    driven, sample = "const Given& now, double dt", CALCIUM_SAMPLE / s
    if rule.driven_by == "potential":
        driven, sample = "double u, int X, double dt", POTENTIAL_SAMPLE
    kernel = files("ca1ltd.rules").joinpath("kernel.cpp").read_text("utf-8")
    calcium, potential = kernel.split("\n// The potential")
    return f"""
static const double REST = {REST!r}, SAMPLE = {sample!r}, rho_star = {RHO_STAR!r};
static const long TOGETHER = {_TOGETHER};
{_HELP}
{declared}
static void set_parameters(const double* values) {{
{values}}}
struct State {{
    double {states};
    explicit State(double u) : {first} {{ (void)u; }}
}};
struct Given {{
{kept}}};
static Given given(double c) {{
    (void)c;
{given}    return {{{", ".join(rule.of_calcium)}}};
}}
static inline void step(State& state, {driven}) {{
{refer}{taken if rule.driven_by == "calcium" else ""}{rule.step}
}}
static inline bool still(const Given& now) {{
{taken}    return {rule.still};
}}
static inline double weight(const State& state) {{
{read}    return {rule.weight};
}}
{calcium if rule.driven_by == "calcium" else "// The potential" + potential}
"""


@cache
def _library(rule: Rule) -> ctypes.CDLL:
    library = ctypes.CDLL(str(build.build_source(source(rule), name=rule.name)))
    array, count, long = ctypes.c_void_p, ctypes.c_int, ctypes.c_long
    if rule.driven_by == "calcium":
        library.follow_calcium.argtypes = [
            *(array, count, array, array, long, array, count, array, array, array, array),
        ]
    else:
        library.follow_potential.argtypes = [
            *(array, count, array, long, array, array, array, count),
            *(array, array, array, array, array),
        ]
    return library
