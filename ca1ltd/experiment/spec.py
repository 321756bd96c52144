"""What is run: an experiment, and each of its slices.

A specification is a value. Two runs of equal specifications give equal results, bit for bit.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from numbers import Integral, Real
from typing import Any, Self

from ca1ltd import cell_files, protocols
from ca1ltd.declared import CELL, INTEGRATOR, MOST, SEED, SLICES, SYNAPSES, Declared
from ca1ltd.errors import BadInput
from ca1ltd.jsontext import plain
from ca1ltd.model import condition_windows, parameters
from ca1ltd.model import drugs as known_drugs
from ca1ltd.model.condition_windows import HOLDING, ConditionWindow
from ca1ltd.model.conditions import USUAL, Conditions
from ca1ltd.model.drugs import Drug
from ca1ltd.model.settings import settings_of
from ca1ltd.model.setup import Setup
from ca1ltd.protocols import Protocol
from ca1ltd.protocols.clamped import ClampedProtocol

INTEGRATORS = ("efficient", "reference", "fixed")
MAX_SEED = 2**32 - 1
MAX_SLICES = 1000
MAX_SYNAPSES = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class SliceSpec:
    """One slice of an experiment: all that its result depends on.

    Attributes
    ----------
    protocol : Protocol
        What is stimulated when.
    cell : str
        Name of the reconstructed cell, or the whole path of a reconstruction.
    seed : int
        Seed of the experiment; a slice's own randomness comes from (seed, index).
    index : int
        Number of the slice, from 0.
    synapses : int
        Synapses in each pathway.
    drugs : tuple of Drug
        What is washed in.
    conditions : Conditions
        What the slice is kept in.
    integrator : str
        "efficient" (variable steps around pulses, large implicit ones between), "reference"
        (variable steps throughout) or "fixed" (0.025 ms).
    parameters : tuple of (str, float)
        Parameters that differ from their defaults, as ("calcium.gain", 0.8), whatever the
        conditions ask for.
    setup : Setup, optional
        What is recorded beside the usual, and further electrodes.
    as_drawn : bool
        Whether a reconstruction is not turned so that its apical axis is +y.
    windows : tuple of ConditionWindow
        Conditions that are others for a while.
    """

    protocol: Protocol
    cell: str = CELL
    seed: int = SEED
    index: int = 0
    synapses: int = SYNAPSES
    drugs: tuple[Drug, ...] = ()
    conditions: Conditions = USUAL
    integrator: str = INTEGRATOR
    parameters: tuple[tuple[str, float], ...] = ()
    setup: Setup | None = None
    as_drawn: bool = False
    windows: tuple[ConditionWindow, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExperimentSpec:
    """An experiment: slices that differ only in what is random.

    Attributes are those of `SliceSpec`, with the number of slices in place of an index.

    Raises
    ------
    BadInput
        If a value is not allowed.
    """

    protocol: Protocol
    cell: str = CELL
    seed: int = SEED
    slices: int = SLICES
    synapses: int = SYNAPSES
    drugs: tuple[Drug, ...] = ()
    conditions: Conditions = USUAL
    integrator: str = INTEGRATOR
    parameters: tuple[tuple[str, float], ...] = ()
    setup: Setup | None = None
    as_drawn: bool = False
    windows: tuple[ConditionWindow, ...] = ()

    def __post_init__(self) -> None:
        self._check_kinds()
        cell_files.files_of(self.cell)
        if self.as_drawn and not cell_files.is_file(self.cell):
            raise BadInput(
                f"the cell {self.cell} is as drawn: --as-drawn is for a file that --swc gives"
            )
        for word, value, low, high in (
            ("seed", self.seed, 0, MAX_SEED),
            ("slices", self.slices, 1, MAX_SLICES),
            ("synapses", self.synapses, 1, MAX_SYNAPSES),
        ):
            if not isinstance(value, Integral):
                raise BadInput(f"{word} is {value!r}, and must be a whole number")
            if not low <= value <= high:
                raise BadInput(f"{word} is {value}, and must be from {low} to {high}")
        if self.integrator not in INTEGRATORS:
            raise BadInput(f"no integrator '{self.integrator}': there are {', '.join(INTEGRATORS)}")
        parameters.checked(self.parameters, self.cell)
        held = [each.value for each in self.windows if each.name == HOLDING]
        for potential in (self.conditions.holding, *held):
            if potential is not None and isinstance(self.protocol, ClampedProtocol):
                raise BadInput(
                    f"holding is {potential:g} mV, and {self.protocol.name} clamps the "
                    "soma throughout: it takes no holding potential"
                )
        condition_windows.refuse_overlap(self.windows)
        for each in self.windows:
            each.span(self.protocol)
        known_drugs.refuse_overlap(self.drugs)
        for drug in self.drugs:
            drug.window(self.protocol)
            if drug.name == self.conditions.buffer_name:
                raise BadInput(f"{drug.name} is given as a buffer and as a drug: give it once")
        for record in self.setup.records if self.setup else ():
            record.refuse_too_many(self.protocol.t_stop)

    def _check_kinds(self) -> None:
        if not isinstance(self.protocol, Protocol):
            raise BadInput(
                f"the protocol is {self.protocol!r}, and must be one of ca1ltd.protocols, as "
                "protocols.lfs()"
            )
        if type(self.protocol) is not protocols.PROTOCOLS.get(self.protocol.name):
            raise BadInput(
                f"the protocol is a {type(self.protocol).__name__}, which a run cannot describe: "
                "write one of your own as protocols.phases(...)"
            )
        several = isinstance(self.drugs, Sequence)
        if not several or not all(isinstance(drug, Drug) for drug in self.drugs):
            raise BadInput(
                f"the drugs are {self.drugs}, and must be a list of drugs, as [drugs.d_ap5(50)]"
            )
        if not all(isinstance(each, ConditionWindow) for each in self.windows):
            raise BadInput(f"the windows are {self.windows}, and must be a list of ConditionWindow")
        if not isinstance(self.conditions, Conditions):
            raise BadInput(
                f"the conditions are {self.conditions!r}, and must be Conditions, as "
                "Conditions(age=60)"
            )
        for each in self.parameters:
            match each:
                case (str(), Real()):
                    pass
                case _:
                    raise BadInput(
                        f"the parameter {each!r} must be a name and a number, as "
                        "('ca1nmda.g_max', 8e-5)"
                    )

    def slice_specs(self) -> tuple[SliceSpec, ...]:
        """Return the specification of each slice."""
        return tuple(
            SliceSpec(
                protocol=self.protocol,
                cell=self.cell,
                seed=self.seed,
                index=index,
                synapses=self.synapses,
                drugs=self.drugs,
                conditions=self.conditions,
                integrator=self.integrator,
                parameters=self.parameters,
                setup=self.setup,
                as_drawn=self.as_drawn,
                windows=self.windows,
            )
            for index in range(self.slices)
        )

    @classmethod
    def of(cls, declared: Declared) -> Self:
        """Return what is run of an experiment in words.

        Raises
        ------
        BadInput
            If a word or a value is not allowed.
        """
        settings = (f"{name}={value}" for name, value in declared.parameters.items())
        most = declared.synapses == MOST
        spec = cls(
            protocol=_protocol(declared.protocol, json.dumps(dict(declared.options))),
            cell=declared.cell,
            seed=declared.seed,
            slices=SLICES if declared.slices is None else declared.slices,
            synapses=1 if most else declared.synapses,  # type: ignore[arg-type] # checked
            drugs=tuple(known_drugs.parse(text) for text in declared.drugs),
            conditions=Conditions.model_validate(dict(declared.conditions)),
            integrator=declared.integrator,
            parameters=tuple(sorted(settings_of(settings, declared.cell))),
            as_drawn=declared.as_drawn,
            windows=tuple(map(condition_windows.parse, declared.windows)),
        )
        if not most:
            return spec
        from ca1ltd.experiment.crowding import most_synapses  # which knows what a spec is

        return replace(spec, synapses=most_synapses(spec))

    def as_dict(self) -> dict[str, Any]:
        """Return the specification as JSON values."""
        return {
            "protocol": self.protocol.as_dict(),
            "cell": self.cell,
            "seed": plain(self.seed),
            "slices": plain(self.slices),
            "synapses": plain(self.synapses),
            "drugs": [drug.as_dict() for drug in self.drugs],
            "conditions": self.conditions.as_dict(),
            "integrator": self.integrator,
            "parameters": {name: plain(value) for name, value in self.parameters},
            **({"setup": self.setup.as_dict()} if self.setup else {}),
            "as_drawn": self.as_drawn,
            **({"windows": [each.as_dict() for each in self.windows]} if self.windows else {}),
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Return the experiment that `as_dict` describes.

        Raises
        ------
        BadInput
            If a part is missing or a value is not allowed.
        """
        try:
            return cls(
                protocol=protocols.from_dict(values["protocol"]),
                cell=values["cell"],
                seed=values["seed"],
                slices=values["slices"],
                synapses=values["synapses"],
                drugs=tuple(known_drugs.from_dict(drug) for drug in values["drugs"]),
                # files from before there were conditions are of the usual slice
                conditions=Conditions.model_validate(values.get("conditions", {})),
                integrator=values["integrator"],
                parameters=tuple(values["parameters"].items()),
                setup=Setup.from_dict(values["setup"]) if "setup" in values else None,
                as_drawn=values.get("as_drawn", False),
                windows=tuple(ConditionWindow(**each) for each in values.get("windows", ())),
            )
        except KeyError as missing:
            raise BadInput(f"the description of the experiment lacks {missing}") from None


@lru_cache(maxsize=1024)
def _protocol(name: str, options: str) -> Protocol:
    # A protocol looks at each of its pulses when it is made: once is enough for all its runs.
    words = json.loads(options)
    return protocols.make(name, {word.replace("-", "_"): words[word] for word in words})
