"""A slice to experiment with in Python."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from numbers import Real
from typing import Any, Final

from ca1ltd.analysis import measure
from ca1ltd.declared import CELL, INTEGRATOR, SEED, SYNAPSES
from ca1ltd.engine.patch import Patch
from ca1ltd.engine.recorder import Tape
from ca1ltd.engine.rig import Rig
from ca1ltd.engine.simulation import simulate
from ca1ltd.errors import BadInput
from ca1ltd.experiment.results import Run, assemble
from ca1ltd.experiment.slice import build_rig
from ca1ltd.experiment.spec import ExperimentSpec
from ca1ltd.model.conditions import USUAL, Conditions
from ca1ltd.model.drugs import Drug
from ca1ltd.model.field_electrode import FieldElectrode
from ca1ltd.protocols import Protocol, test_pulses
from ca1ltd.recording import Response, Trace
from ca1ltd.units import MOhm, uV

_PLACE: Final = re.compile(r"(?P<section>\w+\[\d+\])(?:\((?P<x>\d*\.?\d+)\))?")
_SITE: Final = re.compile(rf"(?P<place>{_PLACE.pattern})\.(?P<variable>[\w.]+)")
_SPINE: Final = re.compile(r"spine\[(?P<axon>\d+)\]\.(?P<variable>[\w.]+)")


class Slice:
    """A hippocampal slice: cell, afferents, two stimulating, a patch and a field electrode.

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
    field : FieldElectrode or tuple of float, optional
        The field electrode or x, y, z of its tip (um), the soma being near 0, 0, 0 and the apical
        dendrite towards +y; by default 50 um beside the apical trunk, between the depths of the
        stimulating electrodes. A run's ``geometry["field"]`` says where.
    """

    def __init__(
        self,
        cell: str = CELL,
        seed: int = SEED,
        *,
        synapses: int = SYNAPSES,
        conditions: Conditions = USUAL,
        parameters: Sequence[tuple[str, float]] = (),
        field: FieldElectrode | tuple[float, float, float] | None = None,
    ) -> None:
        # What every run has in common; the protocol is another one each time.
        self._spec = ExperimentSpec(
            protocol=test_pulses(),
            cell=cell,
            seed=seed,
            slices=1,
            synapses=synapses,
            conditions=conditions,
            parameters=tuple(parameters),
        )
        if field is not None and not isinstance(field, FieldElectrode):
            field = FieldElectrode(tip=field)
        self._field = field
        self._records: dict[str, str] = {}
        self._patches: dict[str, tuple[float | None, float]] = {}

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
        if not isinstance(what, str) or not (_SITE.fullmatch(what) or _SPINE.fullmatch(what)):
            raise BadInput(
                f"'{what}' cannot be recorded: write section[i](x).variable, as apic[12](0.5).v, "
                "or spine[axon].variable, as spine[19].cai"
            )
        self._refuse_known(name)
        self._records[name] = what

    def patch(
        self, where: str, *, hold: float | None = None, series_resistance: float | None = None
    ) -> None:
        """Patch the cell in the runs to come, at the soma or at a dendrite.

        ``run.trace(where, pulse=k)`` is then the potential there (mV) around a pulse or, if the
        patch holds the cell, the current of the clamp (nA), inward currents negative.

        Parameters
        ----------
        where : str
            ``section[i](x)``, as ``"apic[12](0.5)"``.
        hold : float, optional
            Potential to hold the cell at there (mV), throughout the run; by default none.
        series_resistance : float, optional
            Resistance of an electrode that holds the cell (MOhm), not compensated; by default 10.

        Raises
        ------
        BadInput
            If it is not written like this, or a cell that is not held is given a resistance.
            Whether the place exists and can be held like that is known at the run.
        """
        for word, value in (("hold", hold), ("series_resistance", series_resistance)):
            if value is not None and not isinstance(value, Real):
                raise BadInput(f"{word} is {value!r}, and must be a number")
        if hold is None and series_resistance is not None:
            raise BadInput("series_resistance is of a clamp: give the potential to hold, too")
        if not isinstance(where, str) or not _PLACE.fullmatch(where):
            raise BadInput(f"'{where}' cannot be patched: write section[i](x), as apic[12](0.5)")
        self._refuse_known(where)
        self._patches[where] = hold, 10 * MOhm if series_resistance is None else series_resistance

    def _refuse_known(self, name: str) -> None:
        if name in ("soma", "field") or name in self._records or name in self._patches:
            raise BadInput(f"there is a recording '{name}' already")

    def run(
        self,
        protocol: Protocol,
        drugs: Sequence[Drug] = (),
        *,
        integrator: str = INTEGRATOR,
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
            Tables and traces; ``trace("soma", pulse=k)`` is the somatic potential around a pulse,
            ``trace("field", pulse=k)`` the potential at the field electrode.

        Raises
        ------
        BadInput
            If something asked for is not possible.
        RunError
            If the simulation fails.
        """
        taken = tuple(drugs) if isinstance(drugs, Iterable) else drugs  # else it is refused
        spec = replace(self._spec, protocol=protocol, drugs=taken, integrator=integrator)
        (slice_spec,) = spec.slice_specs()
        rig = build_rig(slice_spec, field=self._field)
        patches = {
            where: _patched(rig, where, hold, resistance)
            for where, (hold, resistance) in self._patches.items()
        }
        records = {name: Tape(_reference(rig, what)) for name, what in self._records.items()}
        recording = simulate(
            rig,
            protocol,
            spec.drugs,
            integrator=integrator,
            record=records | {where: patch.tape() for where, patch in patches.items()},
            progress=progress,
        )
        result = measure(protocol, recording, index=slice_spec.index, seed=slice_spec.seed)
        pulses = [response for response in recording.responses if response.kind != "probe"]
        single = {
            trace.name: trace
            for number, response in enumerate(pulses)
            for trace in _single(number, response, patches)
        }
        return assemble(spec, [replace(result, traces={**result.traces, **single})])


def _single(number: int, response: Response, patches: Mapping[str, Patch]) -> list[Trace]:
    """Return the traces around one pulse."""
    seen = {"soma": (response.potential, "mV"), "field": (response.field / uV, "uV")}
    for name, values in response.recorded.items():
        patch = patches.get(name)
        seen[name] = (patch.measured(values), patch.unit) if patch else (values, "")
    return [
        Trace(name=f"{name}/pulse/{number}", times=response.times, values=values, unit=unit)
        for name, (values, unit) in seen.items()
    ]


def _patched(rig: Rig, where: str, hold: float | None, series_resistance: float) -> Patch:
    section, x = _place(rig, where)
    return Patch(rig, section=section, x=x, hold=hold, series_resistance=series_resistance)


def _place(rig: Rig, where: str) -> tuple[int, float]:
    """Return the index of a section and the place on it, written ``section[i](x)``."""
    place = _PLACE.fullmatch(where)
    assert place is not None  # `record` and `patch` saw to it
    names = [section.name for section in rig.cell.morphology.sections]
    if place["section"] not in names:
        raise BadInput(f"'{where}': the cell has no section {place['section']}")
    x = float(place["x"] or 0.5)
    if x > 1:
        raise BadInput(f"'{where}': a location on a section lies between 0 and 1")
    return names.index(place["section"]), x


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
        owner, variable = rig.cell.segment(*_place(rig, site["place"])), site["variable"]
    *path, last = variable.split(".")
    try:
        for part in path:
            owner = getattr(owner, part)
        return getattr(owner, f"_ref_{last}")
    except (AttributeError, NameError):
        raise BadInput(f"'{what}': there is no variable '{variable}' there") from None
