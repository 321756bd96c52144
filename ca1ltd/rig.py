"""A slice to experiment with in Python."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final

from ca1ltd.conditions import USUAL, Conditions
from ca1ltd.drugs import Drug
from ca1ltd.engine.rig import Rig
from ca1ltd.engine.simulation import Response, simulate
from ca1ltd.errors import BadInput
from ca1ltd.experiment.results import Run, assemble
from ca1ltd.experiment.slice import build_rig, measure
from ca1ltd.experiment.spec import ExperimentSpec
from ca1ltd.protocols import Protocol
from ca1ltd.recording import Trace

_SITE: Final = re.compile(r"(?P<section>\w+\[\d+\])(?:\((?P<x>[\d.]+)\))?\.(?P<variable>[\w.]+)")
_SPINE: Final = re.compile(r"spine\[(?P<axon>\d+)\]\.(?P<variable>[\w.]+)")


class Slice:
    """A hippocampal slice: cell, afferents, two stimulating electrodes and a patch electrode.

    Every `run` starts from the same rest and the same seed: two equal runs give equal results.

    Parameters
    ----------
    cell : str
        Name of the reconstructed cell.
    seed : int
        Seed of all that is random.
    synapses : int
        Synapses in each pathway.
    conditions : Conditions
        What the slice is kept in.
    parameters : sequence of (str, float)
        Parameters that differ from their defaults, as ``("ca1nmda.g_max", 8e-5)``.
    """

    def __init__(
        self,
        cell: str = "dhc",
        seed: int = 1,
        *,
        synapses: int = 60,
        conditions: Conditions = USUAL,
        parameters: Sequence[tuple[str, float]] = (),
    ) -> None:
        self._cell, self._seed, self._synapses = cell, seed, synapses
        self._conditions = conditions
        self._parameters = tuple(parameters)
        self._records: dict[str, str] = {}

    def record(self, name: str, what: str) -> None:
        """Record a variable around every pulse of the runs to come.

        Parameters
        ----------
        name : str
            Name of the recording.
        what : str
            ``section[i](x).variable`` for any place on the cell, as ``"apic[12](0.5).v"`` or
            ``"soma[0](0.5).ca1nat.m"``; ``spine[axon].variable`` for the spine head of an axon, as
            ``"spine[19].cai"`` or ``"spine[19].ca1can.active"``. NEURON's names and units.

        Raises
        ------
        BadInput
            If it is not written like this. Whether the place exists is known at the run.
        """
        if not (_SITE.fullmatch(what) or _SPINE.fullmatch(what)):
            raise BadInput(
                f"'{what}' cannot be recorded: write section[i](x).variable, as apic[12](0.5).v, "
                "or spine[axon].variable, as spine[19].cai"
            )
        if name == "soma" or name in self._records:
            raise BadInput(f"there is a recording '{name}' already")
        self._records[name] = what

    def run(
        self,
        protocol: Protocol,
        drugs: Sequence[Drug] = (),
        *,
        integrator: str = "efficient",
        progress: Callable[[float], None] | None = None,
    ) -> Run:
        """Return the results of a protocol.

        Parameters
        ----------
        protocol : Protocol
            What is stimulated when.
        drugs : sequence of Drug
            What is washed in.
        integrator : str
            How time advances.
        progress : callable, optional
            Called with the fraction that is done, 0 to 1.

        Returns
        -------
        Run
            Tables and traces; ``trace("soma", pulse=k)`` is the somatic potential around a pulse.

        Raises
        ------
        BadInput
            If something asked for is not possible.
        RunError
            If the simulation fails.
        """
        spec = ExperimentSpec(
            protocol=protocol,
            cell=self._cell,
            seed=self._seed,
            slices=1,
            synapses=self._synapses,
            drugs=tuple(drugs),
            conditions=self._conditions,
            integrator=integrator,
            parameters=self._parameters,
        )
        (slice_spec,) = spec.slice_specs()
        rig = build_rig(slice_spec)
        recording = simulate(
            rig,
            protocol,
            spec.drugs,
            integrator=integrator,
            record={name: _reference(rig, what) for name, what in self._records.items()},
            progress=progress,
        )
        result = measure(slice_spec, rig, recording)
        pulses = [response for response in recording.responses if response.kind != "probe"]
        single = {
            trace.name: trace
            for number, response in enumerate(pulses)
            for trace in _single(number, response)
        }
        return assemble(spec, [replace(result, traces={**result.traces, **single})])


def _single(number: int, response: Response) -> list[Trace]:
    values = {"soma": response.potential, **response.recorded}
    return [
        Trace(
            name=f"{name}/pulse/{number}",
            times=response.times,
            values=value,
            unit="mV" if name == "soma" else "",
        )
        for name, value in values.items()
    ]


def _reference(rig: Rig, what: str) -> Any:
    """Return NEURON's reference to a variable, written as in `Slice.record`."""
    if spine := _SPINE.fullmatch(what):
        axon = int(spine["axon"])
        if axon not in rig.synapses:
            raise BadInput(f"'{what}': no electrode recruits the axon {axon}")
        owner, variable = rig.synapses[axon].spine.head(0.5), spine["variable"]
    else:
        site = _SITE.fullmatch(what)
        assert site is not None  # `record` saw to it
        names = [section.name for section in rig.cell.morphology.sections]
        if site["section"] not in names:
            raise BadInput(f"'{what}': the cell has no section {site['section']}")
        owner = rig.cell.segment(names.index(site["section"]), float(site["x"] or 0.5))
        variable = site["variable"]
    *path, last = variable.split(".")
    try:
        for part in path:
            owner = getattr(owner, part)
        return getattr(owner, f"_ref_{last}")
    except (AttributeError, NameError):
        raise BadInput(f"'{what}': there is no variable '{variable}' there") from None
