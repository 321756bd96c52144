"""The experiment behind each published condition, read from `experiments.toml`."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from ca1ltd.declared import CELL, INTEGRATOR, SEED, SYNAPSES, Declared
from ca1ltd.errors import BadInput
from ca1ltd.experiment.spec import ExperimentSpec
from ca1ltd.literature.published import published
from ca1ltd.model import parameters
from ca1ltd.protocols import PathwayName

Measure = Literal[
    "epsp",
    "s845",
    "s831",
    "surface",
    "ca-rest",
    "ca-spike-decay",
    "ca-release",
    "ca-peak",
    "ca-capacity",
]
Combine = Literal["rising", "least-for-LTP"]
By = Literal["less-than", "ratio", "points", "share-removed"]
SLICES: Final = 3
"""Slices of an experiment, unless asked for otherwise."""


class Variant(BaseModel):
    """One run of several: what differs, and its level where that is what is sought."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    options: dict[str, Any] = {}
    drugs: tuple[str, ...] | None = None
    level: float | None = None


class Compare(BaseModel):
    """What an outcome is compared with, and by which number.

    Attributes
    ----------
    other : str
        Another condition, in the words of the file ``with``; or
    control : Variant or None
        A run of the same experiment, with what differs.
    by : str
        "less-than", "points": the difference; "ratio": per cent of the other; "share-removed": the
        part (per cent) of the other's change that is missing.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    other: str = Field("", alias="with")
    control: Variant | None = None
    by: By

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if bool(self.other) == (self.control is not None):
            raise ValueError("it is compared either `with` a condition or with a `control`")
        return self


class Experiment(BaseModel):
    """What is run and measured for a condition, or the capability that is missing.

    The fields are described at the head of `experiments.toml`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    protocol: str = ""
    options: dict[str, Any] = {}
    conditions: dict[str, Any] = {}
    drugs: tuple[str, ...] = ()
    pathway: PathwayName = "conditioned"
    measure: Measure = "epsp"
    against: Literal["baseline", "last-phase"] = "baseline"
    runs: tuple[Variant, ...] = (Variant(),)
    combine: Combine | None = None
    compare: Compare | None = None
    slices: int | None = None
    note: str = ""
    out_of_scope: str | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if bool(self.protocol) == bool(self.out_of_scope):
            raise ValueError("an experiment has either a protocol or a capability that is missing")
        if (self.combine is None) != (len(self.runs) == 1):
            raise ValueError("several runs need `combine`, and one run has nothing to combine")
        if self.compare and (self.combine or self.against != "baseline"):
            raise ValueError("what is compared is one run, against its baseline")
        return self

    @property
    def levels(self) -> tuple[float, ...]:
        """Return the level of each run that has one."""
        return tuple(run.level for run in self.runs if run.level is not None)

    @property
    def reference(self) -> "Experiment | None":
        """Return the experiment that it is compared with, if it is."""
        if self.compare is None:
            return None
        if self.compare.control is None:
            return experiments()[self.compare.other]
        return self.model_copy(update={"runs": (self.compare.control,), "compare": None})


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What is the same for all experiments of a score.

    Attributes
    ----------
    cell : str
        Name of the reconstructed cell, or the whole path of a reconstruction.
    slices : int
        Slices of each experiment, unless it says how many it needs.
    seed : int
        Seed of all that is random.
    synapses : int or str
        Synapses in each pathway; "max", as many as fit.
    integrator : str
        How time advances.
    parameters : tuple of (str, float)
        Parameters that differ from their defaults.
    as_drawn : bool
        Whether a reconstruction is not turned so that its apical axis is +y.
    """

    cell: str = CELL
    slices: int = SLICES
    seed: int = SEED
    synapses: int | str = SYNAPSES
    integrator: str = INTEGRATOR
    parameters: tuple[tuple[str, float], ...] = ()
    as_drawn: bool = False

    def specs(self, experiment: Experiment) -> tuple[ExperimentSpec, ...]:
        """Return the runs of an experiment, in their order; none if it is out of scope.

        Behind its own come those of the experiment that it is compared with.

        Raises
        ------
        BadInput
            If a value is not allowed.
        """
        if experiment.out_of_scope:
            return ()
        own = tuple(self._spec(experiment, variant) for variant in experiment.runs)
        return own if experiment.reference is None else (*own, *self.specs(experiment.reference))

    def _spec(self, experiment: Experiment, variant: Variant) -> ExperimentSpec:
        return ExperimentSpec.of(
            Declared(
                experiment.protocol,
                experiment.options | variant.options,
                drugs=experiment.drugs if variant.drugs is None else variant.drugs,
                conditions=experiment.conditions,
                parameters=parameters.checked(self.parameters, self.cell),
                synapses=self.synapses,
                slices=experiment.slices or self.slices,
                cell=self.cell,
                seed=self.seed,
                integrator=self.integrator,
                as_drawn=self.as_drawn,
            )
        )


@cache
def experiments() -> Mapping[str, Experiment]:
    """Return the experiment of every published condition, in the order of the table."""
    text = Path(__file__).with_name("experiments.toml").read_text(encoding="utf-8")
    declared = tomllib.loads(text)
    return {key: Experiment(**_whole(declared, key)) for key in published()}


def chosen(ids: tuple[str, ...]) -> Mapping[str, Experiment]:
    """Return experiments by id; no id, or "all", is all of them.

    Raises
    ------
    BadInput
        If there is no such condition.
    """
    known = experiments()
    for key in ids:
        if key not in known and key != "all":
            raise BadInput(f"no experiment '{key}': `ca1ltd experiment list` shows them")
    return known if not ids or "all" in ids else {key: known[key] for key in dict.fromkeys(ids)}


def _whole(declared: Mapping[str, dict[str, Any]], key: str) -> dict[str, Any]:
    """Return an experiment with all that it takes over from the one it is like."""
    own = dict(declared[key])
    if "like" not in own:
        return own
    other = _whole(declared, own.pop("like"))
    for table in ("options", "conditions"):
        if table == "conditions" or "protocol" not in own:
            own[table] = other.get(table, {}) | own.get(table, {})
    return other | {"options": {}} | own
