"""A slice to experiment with in Python."""

import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Literal

import pandas as pd

from ca1ltd import build, cell_files
from ca1ltd.declared import CELL, INTEGRATOR, SEED, SYNAPSES
from ca1ltd.errors import BadInput
from ca1ltd.experiment.crowding import refuse_crowded
from ca1ltd.experiment.results import Run, assemble
from ca1ltd.experiment.spec import ExperimentSpec
from ca1ltd.experiment.workers.alone import simulated
from ca1ltd.experiment.workers.bar import told
from ca1ltd.model.anatomy import Anatomy
from ca1ltd.model.condition_windows import ConditionWindow
from ca1ltd.model.conditions import USUAL, Conditions
from ca1ltd.model.drugs import Drug
from ca1ltd.model.field_electrode import FieldElectrode
from ca1ltd.model.own_cells import morphology_of
from ca1ltd.model.own_mechanisms import WHERE, Insertion, OwnMechanisms
from ca1ltd.model.parameters import checked
from ca1ltd.model.setup import PatchSpec, Place, Record, Setup, Spine, interval, place_of
from ca1ltd.model.variables import Declared, Variable
from ca1ltd.protocols import Protocol, test_pulses


class Slice:
    """A hippocampal slice: cell, afferents, two stimulating, a patch and a field electrode.

    Every `run` is simulated in a process of its own, from the same rest and the same seed: two
    equal runs give equal results, whatever else the session does with NEURON.

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
    swc : path, optional
        A reconstruction of your own (SWC, Neurolucida ASC or H5) in place of `cell`.
    as_drawn : bool
        Whether it is not turned so that its apical axis is +y.
    field : FieldElectrode or tuple of float, optional
        The field electrode or x, y, z of its tip (um), the soma being near 0, 0, 0 and the apical
        dendrite towards +y; by default 50 um beside the apical trunk, between the depths of the
        stimulating electrodes. A run's ``geometry["field"]`` says where.
    mechanisms : path, optional
        Folder of mod files of your own, which `insert` puts on the cell.

    Examples
    --------
    >>> rig = Slice(seed=1, synapses=20)
    >>> rig.axons.query("pathway == 'conditioned'")["axon"].iloc[0]     # doctest: +SKIP
    4
    >>> rig.record("receptors", "spine[4].ca1ampar.anchored", every="10 s")
    >>> run = rig.run(protocols.lfs(), drugs=[drugs.d_ap5(50)])         # doctest: +SKIP
    >>> run.trace("receptors")                                          # doctest: +SKIP
    """

    def __init__(
        self,
        cell: str | None = None,
        seed: int = SEED,
        *,
        synapses: int = SYNAPSES,
        conditions: Conditions = USUAL,
        parameters: Sequence[tuple[str, float]] = (),
        swc: Path | str | None = None,
        as_drawn: bool = False,
        field: FieldElectrode | tuple[float, float, float] | None = None,
        mechanisms: Path | str | None = None,
    ) -> None:
        if field is not None and not isinstance(field, FieldElectrode):
            field = FieldElectrode(tip=field)
        # What every run has in common; the protocol is another one each time.
        self._spec = ExperimentSpec(
            protocol=test_pulses(),
            cell=cell_files.said(cell, swc, CELL),
            seed=seed,
            slices=1,
            synapses=synapses,
            conditions=conditions,
            parameters=tuple(parameters),
            as_drawn=as_drawn,
        )
        if swc is not None:
            for notice in morphology_of(self._spec.cell, as_drawn=as_drawn).notices:
                warnings.warn(f"{swc}: {notice}", stacklevel=2)
        self._field = field
        self._own = None if mechanisms is None else OwnMechanisms.of(mechanisms)
        if self._own:
            build.build(self._own.files())
        self._inserted: list[Insertion] = []
        self._records: dict[str, Record] = {}
        self._patches: dict[str, PatchSpec] = {}

    def __repr__(self) -> str:
        spec = self._spec
        return (
            f"<Slice of {cell_files.shown(spec.cell)}, seed {spec.seed}, {spec.synapses} synapses "
            "in each pathway>"
        )

    @property
    def sections(self) -> pd.DataFrame:
        """Return the sections of the cell: ``section, domain, length_um, ...``, one in a row."""
        return self._anatomy.sections()

    @property
    def axons(self) -> pd.DataFrame:
        """Return the axons, one in a row: ``axon, pathway, section, x, ...`` of its spine.

        The pathway is empty for those that no set current recruits.
        """
        return self._anatomy.axons()

    def recordable(self, place: str) -> pd.DataFrame:
        """Return what can be recorded at a place: ``variable, unit, what``, one in a row.

        Parameters
        ----------
        place : str
            ``section[i](x)``, as ``"apic[12](0.5)"``, or ``spine[axon]``, as ``"spine[19]"``.

        Raises
        ------
        BadInput
            If there is no such place.
        """
        found = place_of(place)
        if found is None:
            raise BadInput(
                f"'{place}' is no place: write section[i](x), as apic[12](0.5), or spine[axon], "
                "as spine[19]"
            )
        rows = [(one.name, one.unit, one.what) for one in self._variables(found) if one.changes]
        return pd.DataFrame(rows, columns=["variable", "unit", "what"])

    @cached_property
    def _anatomy(self) -> Anatomy:
        spec = self._spec
        said = checked(spec.parameters, spec.cell)
        changed = spec.conditions.parameters(said)
        return Anatomy(
            spec.cell,
            seed=spec.seed,
            synapses=spec.conditions.recruited(spec.synapses, said),
            changed=changed,
            as_drawn=spec.as_drawn,
        )

    def record(self, name: str, what: str, *, every: str | None = None) -> None:
        """Record a variable in the runs to come: around every pulse, or through the whole run.

        ``run.trace(name, pulse=k)`` is then what was recorded around a pulse or, if it is sampled
        through the whole run, ``run.trace(name)``, whose time 0 is the start of induction.

        Parameters
        ----------
        name : str
            Name of the recording.
        what : str
            ``section[i](x).variable`` for any place on the cell, as ``"apic[12](0.5).v"`` or
            ``"soma[0](0.5).ca1nat.m"``; ``spine[axon].variable`` for the spine head of an axon, as
            ``"spine[19].cai"`` or ``"spine[19].ca1cam.canb"``, its receptors and bouton, as
            ``"spine[19].ca1nmda.g"``. NEURON's names and units.
        every : str, optional
            Interval of samples with its unit, as ``"1 s"``, ``"100 ms"`` or ``"1 min"``.

        Raises
        ------
        BadInput
            If it is not written like this, there is no such place or variable, or there is a
            recording of that name.
        """
        record = Record(name=name, what=what, every=None if every is None else interval(every))
        self._refuse_known(name)
        if record.variable not in {one.name for one in self._variables(record.place)}:
            raise BadInput(
                f"'{what}': there is no variable '{record.variable}' there; `recordable` lists "
                "what there is at a place"
            )
        self._records[name] = record

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
            If it is not written like this, a value is not allowed, or a cell that is not held is
            given a resistance.
        """
        patch = PatchSpec(where=where, hold=hold, series_resistance=series_resistance)
        self._refuse_known(where)
        self._variables(patch.place)  # refuses a place that is not there
        self._patches[where] = patch

    def insert(self, mechanism: str, where: str, values: Mapping[str, float] | None = None) -> None:
        """Insert a mechanism of your own into the cell, in the runs to come.

        Its states advance with the voltage, in steps that grow between the pulses: its equations
        must bear long steps, as those solved by ``cnexp`` and ``derivimplicit`` do.

        Parameters
        ----------
        mechanism : str
            Its name, one of those in the folder that the slice was given as ``mechanisms``.
        where : str
            ``everywhere`` on the cell, ``soma``, ``axon``, ``basal``, ``apical``, a section as
            ``apic[12]``, or ``spines``, the heads.
        values : mapping, optional
            RANGE parameters that differ from its mod file, by name, in its units.

        Raises
        ------
        BadInput
            If there is no such mechanism, place or parameter.
        """
        if self._own is None:
            raise BadInput("the slice has no mechanisms of your own: Slice(mechanisms=FOLDER)")
        insertion = Insertion.of(self._own, mechanism, where, values or {})
        if where not in WHERE:
            place = place_of(where)
            if not isinstance(place, Place) or place.section != where:
                raise BadInput(
                    f"'{where}' is no place for a mechanism: there are {', '.join(WHERE)}, and "
                    "sections, as apic[12]"
                )
            self._variables(place)  # refuses a section that is not there
        self._inserted.append(insertion)

    def _variables(self, place: Place | Spine) -> tuple[Variable, ...]:
        return self._anatomy.variables(place, self._own_in)

    def _own_in(self, kind: str, section: str) -> list[Declared]:
        """Return the mechanisms of the user's own in a section of a kind."""
        if self._own is None:
            return []
        places = (kind, section) if kind == "spines" else (kind, section, "everywhere")
        here = {each.mechanism for each in self._inserted if each.where in places}
        return [each for name, each in self._own.declared().items() if name in here]

    def remove(self, name: str) -> None:
        """Remove a recording or a patch, by the name that `record` or `patch` was given.

        Raises
        ------
        BadInput
            If there is none of that name.
        """
        for there in (self._records, self._patches):
            if name in there:
                del there[name]
                return
        known = ", ".join((*self._records, *self._patches))
        raise BadInput(f"there is no recording '{name}': there is {known or 'none'}")

    def _refuse_known(self, name: str) -> None:
        if name in ("soma", "field"):
            raise BadInput(f"there is a recording '{name}' already: every run has it")
        if name in self._records or name in self._patches:
            raise BadInput(f"there is a recording '{name}' already: `remove` removes it")

    def run(
        self,
        protocol: Protocol,
        drugs: Sequence[Drug] = (),
        *,
        windows: Sequence[ConditionWindow] = (),
        integrator: str = INTEGRATOR,
        progress: Callable[[float], None] | Literal[False] | None = None,
    ) -> Run:
        """Return the results of a protocol.

        Parameters
        ----------
        protocol : Protocol
            What is stimulated when.
        drugs : sequence of Drug
            What is washed in.
        windows : sequence of ConditionWindow
            Conditions that are others for a while.
        integrator : str
            How time advances.
        progress : callable or False, optional
            Called with the fraction that is done, 0 to 1; by default there is a bar in a notebook
            and on a terminal, and with False there is none.

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
        spec = replace(
            self._spec,
            protocol=protocol,
            drugs=taken,
            windows=tuple(windows),
            integrator=integrator,
            setup=Setup(
                records=tuple(self._records.values()),
                patches=tuple(self._patches.values()),
                field=self._field,
                own=self._own,
                inserted=tuple(self._inserted),
            ),
        )
        with told(progress, protocol.name) as tell:
            try:
                result = simulated(spec, tell)
            except BadInput:
                refuse_crowded(spec)  # if that is why, with the number that fits
                raise
        return assemble(spec, [result])
