"""Conditions of a slice, and what they change in the model.

`conditions.toml` holds the laws by which a condition changes a parameter. The default conditions
are the slice that the parameters describe, and change none.
"""

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, ClassVar, Final, Literal

from pydantic import Field, field_validator, model_validator

from ca1ltd.errors import BadInput
from ca1ltd.model import drugs, genotypes, parameters
from ca1ltd.options import Described, Option, none, options_of, quantity
from ca1ltd.units import mM, uM

_RELEASE: Final = "ca1bouton.u_rest"
_RESTED: Final = parameters.default(_RELEASE)
_PUP = 7.0  # days: where the laws of development start


class Conditions(Described):
    """Conditions of a slice; the words of its fields are options of every run.

    The default is the usual slice of LTD experiments: rat P14-21, 30 degC, GABA-A blocked.
    """

    name: ClassVar[str] = "conditions"

    mg_o: float = quantity(
        1.3, low=0, high=10, unit="mM", text="Magnesium in the bath.", alias="mg"
    )
    ca_o: float = quantity(
        2.5, low=0.1, high=20, unit="mM", text="Calcium in the bath.", alias="ca"
    )
    temperature: float = quantity(30.0, low=15, high=40, unit="degC", text="Of the slice.")
    age: float = quantity(17.0, low=5, high=900, unit="days", text="Of the rat, from its birth.")
    gaba: Literal["blocked", "intact"] = Field("blocked", description="GABA-A receptors.")
    holding: float | None = quantity(
        None,
        low=-120,
        high=0,
        unit="mV",
        text="Where a steady current keeps the soma, if there is one.",
    )
    buffer: str | None = Field(
        None,
        description="Calcium buffer in the pipette, as EGTA=0.2 (mM).",
        json_schema_extra={"allowed": "NAME=mM, of BAPTA, EGTA or OGB-1, or none"},
    )

    genotype: str = Field(
        genotypes.WILD_TYPE,
        description="Genotype of the animal, of `ca1ltd info genotypes`.",
        json_schema_extra={"allowed": "a name or several with + between, or wild-type"},
    )

    readjust: bool = Field(
        False,
        description="Set the test stimulus anew: as many axons as release as much as in the "
        "default solutions.",
    )

    # A chamber of 1-2 ml is exchanged at 2 ml/min with a time constant of .5-1 min (usual, and
    # recollected). Into a slice of d = 400 um, bathed on both sides, a small molecule diffuses with
    # d^2/(pi^2 D), 1.4 min for D = 200 um2/s: that in water, 500, over the square of the
    # tortuosity, 1.6 (Nicholson 2001, doi:10.1088/0034-4885/64/7/202, recollected).
    wash: float = quantity(
        2.0,
        low=0,
        high=120,
        unit="min",
        text="Time constant of wash-in and wash-out of drugs with a window; 0 is at once.",
    )

    @model_validator(mode="before")
    @classmethod
    def _by_word(cls, data: Any) -> Any:
        """Let a script say ``mg_o`` where the command line says ``mg``."""
        words = {name: field.alias or name for name, field in cls.model_fields.items()}
        for name, word in words.items():
            if name != word and name in data and word in data:
                raise BadInput(f"{cls.name}: {word} is given twice, as {word} and as {name}")
        return {words.get(key, key): value for key, value in data.items()}

    _none = field_validator("holding", "buffer", mode="before")(none)

    @field_validator("buffer")
    @classmethod
    def _known_buffer(cls, value: str | None) -> str | None:
        if value is None:
            return None
        name, amount = _buffer(value)
        return f"{name}={amount:.12g}"

    @field_validator("genotype")
    @classmethod
    def _known_genotype(cls, value: str) -> str:
        return "+".join(each.name for each in genotypes.named(value)) or genotypes.WILD_TYPE

    def parameters(self, said: Mapping[str, float] = MappingProxyType({})) -> dict[str, float]:
        """Return the parameters that are not their defaults here, by key.

        What a law asks for beyond a parameter's limits is the limit.

        Parameters
        ----------
        said : mapping
            Parameters that are changed whatever the laws ask for, by key. A genotype changes what
            comes of both.
        """
        found: dict[str, float] = {}
        for law in laws():
            if any(getattr(self, field) != getattr(USUAL, field) for field in law.fields):
                row = parameters.table()[law.parameter]
                value = law.value(self, found.get(row.key, row.value))
                found[row.key] = min(max(value, row.low), row.high)
        if self.buffer is not None:
            name, amount = _buffer(self.buffer)
            (effect,) = drugs.info(name).acts
            found[effect.key] = amount
        return genotypes.applied(self.genotype, found | dict(said))

    def recruited(self, synapses: int, said: Mapping[str, float] = MappingProxyType({})) -> int:
        """Return how many axons a test pulse recruits of each pathway.

        If the stimulus is readjusted they are as many as make the same EPSP as `synapses` do where
        magnesium and calcium are those of the default: what a synapse contributes to it goes with
        its mean release.

        Parameters
        ----------
        synapses : int
            Synapses in each pathway.
        said : mapping
            As for `parameters`.
        """
        usual = self.model_copy(update={"mg_o": USUAL.mg_o, "ca_o": USUAL.ca_o})
        return max(1, round(synapses * self.strength(usual, said)))

    def strength(
        self, other: "Conditions", said: Mapping[str, float] = MappingProxyType({})
    ) -> float:
        """Return how many times as many axons make the EPSP here that they make in others.

        It is 1 where the stimulus stays as it is, and where nothing is released.
        """
        if not self.readjust:
            return 1.0
        there, here = (each.parameters(said).get(_RELEASE, _RESTED) for each in (other, self))
        return there / here if here else 1.0

    @property
    def buffer_name(self) -> str:
        """Return the name of the buffer in the pipette, empty without one."""
        return (self.buffer or "").partition("=")[0]

    def as_dict(self) -> dict[str, Any]:
        """Return the conditions as JSON values."""
        return self.model_dump(mode="json")


USUAL: Final = Conditions()
"""The default conditions."""


def options() -> tuple[Option, ...]:
    """Return the conditions as options of the command line."""
    return options_of(Conditions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    """How conditions change one parameter, as the head of `conditions.toml` says.

    Attributes
    ----------
    of : tuple of str
        Words of the conditions.
    parameter : str
        Its key.
    form : str
        Form of the law.
    constants : mapping
        Numbers of the form.
    source : str
        Where it comes from.
    """

    of: tuple[str, ...]
    parameter: str
    form: str
    constants: Mapping[str, float]
    source: str

    @property
    def fields(self) -> tuple[str, ...]:
        """Return the names of the conditions in Python."""
        named = {field.alias or name: name for name, field in Conditions.model_fields.items()}
        return tuple(named[word] for word in self.of)

    def value(self, here: Conditions, before: float) -> float:
        """Return the parameter's value here, if it was `before` without this law."""
        if self.form == "itself":
            (field,) = self.fields
            return float(getattr(here, field))
        if self.form == "intact":
            return self.constants["value"] if here.gaba == "intact" else before
        return before * self._shape(here) / self._shape(USUAL)

    def _shape(self, c: Conditions) -> float:
        k = self.constants
        match self.form:
            case "q10":
                return float(k["q10"] ** ((30 - c.temperature) / 10))
            case "q10_rate":
                return float(k["q10"] ** ((c.temperature - 30) / 10))
            case "release":
                x = c.ca_o / k["k_ca"]
                return float((x / (1 + x + c.mg_o / k["k_mg"])) ** k["n"])
            case "development":
                return k["grown"] + (k["pup"] - k["grown"]) * math.exp(-(c.age - _PUP) / k["tau"])
            case "senescence":
                return 1 + k["gain"] / (1 + math.exp((k["half"] - c.age) / k["slope"]))
        raise ValueError(f"{self.parameter}: there is no law of the form {self.form}")


@cache
def laws() -> tuple[Law, ...]:
    """Return the laws of `conditions.toml`, in their order."""
    text = Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
    named = ("form", "source")
    return tuple(
        Law(
            of=tuple(row["of"]),
            parameter=parameter,
            constants={k: v for k, v in row.items() if k not in ("of", "parameter", *named)},
            **{k: row[k] for k in named},
        )
        for row in tomllib.loads(text)["law"]
        for parameter in (
            [row["parameter"]] if isinstance(row["parameter"], str) else row["parameter"]
        )
    )


def _buffer(text: str) -> tuple[str, float]:
    """Return name and concentration (mM) of a buffer written ``NAME=mM``."""
    name, _, amount = text.partition("=")
    try:
        concentration = float(amount)
    except ValueError:
        raise BadInput(f"the buffer '{text}' is not written NAME=mM, as EGTA=0.2") from None
    try:
        known = drugs.info(name)
    except BadInput:
        there = ", ".join(each.name for each in drugs.DRUGS if _is_buffer(each))
        raise BadInput(f"no buffer '{name}': there are {there}") from None
    if not _is_buffer(known):
        raise BadInput(f"{known.name} is no calcium buffer: give it as a drug")
    drugs.drug(name, concentration * mM / uM)  # refuses what is too much or too little
    return known.name, concentration


def _is_buffer(known: drugs.DrugInfo) -> bool:
    return {effect.mechanism for effect in known.acts} == {"ca1spineca"}
