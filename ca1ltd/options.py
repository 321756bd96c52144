"""Values that a user or a file supplies: their fields have units and ranges, errors are sentences.

Protocols and their phases are made of such values; the fields are their options.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    ValidationError,
    model_validator,
)
from pydantic_core import ErrorDetails

from ca1ltd.errors import BadInput


def quantity(
    default: float | tuple[float, ...] | None,
    *,
    low: float,
    high: float,
    unit: str,
    text: str,
    alias: str | None = None,
) -> Any:
    """Return a field that holds a number with a unit and an allowed range.

    Parameters
    ----------
    default : float or None
        The default, in `unit`.
    low, high : float
        The allowed range, ends included, in `unit`.
    unit : str
        The unit as people say it ("Hz", "min"), or "" for a count.
    text : str
        What it is, for the command line's help.
    alias : str, optional
        The word users say, where the attribute's name must differ from it.
    """
    return Field(
        default=default,
        alias=alias,
        ge=low,
        le=high,
        allow_inf_nan=False,
        description=text,
        json_schema_extra={"unit": unit},
    )


def none(given: Any) -> Any:
    """Return None if the word is given, else what is given; validates fields that may be None."""
    return None if isinstance(given, str) and given.casefold() == "none" else given


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One option of a protocol or a phase, in the words of the command line.

    Attributes
    ----------
    word : str
        Its name as people write it ("follow-up").
    key : str
        Its name in Python and in JSON ("follow_up").
    text : str
        What it is.
    default : str
        The default, as it would be written.
    allowed : str
        Which values it takes, with the unit.
    several : bool
        Whether its value is written with commas.
    flag : bool
        Whether it is said or not said, without a value.
    unit : str
        Unit of its value, "" if it has none.
    """

    word: str
    key: str
    text: str
    default: str
    allowed: str
    several: bool = False
    flag: bool = False
    unit: str = ""


class Described(BaseModel):
    """A frozen value whose fields are options; what is not allowed is a `BadInput`."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    name: ClassVar[str]
    more_options: ClassVar[tuple[Option, ...]] = ()
    """Options that stand for fields and are none."""

    @model_validator(mode="wrap")
    @classmethod
    def _in_words(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        try:
            value = handler(cls._spelled(data) if isinstance(data, Mapping) else data)
        except ValidationError as error:
            raise BadInput(cls._sentence(error.errors()[0])) from None
        value._check()
        return value

    @classmethod
    def from_words(cls, values: Mapping[str, Any]) -> Self:
        """Return the value that a file describes, by the words of its options alone.

        Raises
        ------
        BadInput
            If a word is no option, or a value is not allowed.
        """
        values = underscored(values)
        words = {field.alias or name for name, field in cls.model_fields.items()}
        for word in values:
            if word not in words:
                raise BadInput(cls._no_option(word))
        return cls.model_validate(values)

    @classmethod
    def _spelled(cls, values: Mapping[str, Any]) -> dict[str, Any]:
        """Write out true and false where they are no values: to Python they are 1 and 0."""
        flags = {
            word
            for name, field in cls.model_fields.items()
            if field.annotation is bool
            for word in (name, field.alias)
        }
        return {key: values[key] if key in flags else _spelled(values[key]) for key in values}

    def only(self, *kinds: "type[Described]") -> dict[str, Any]:
        """Return the values of the options that these kinds have, by option."""
        fields = {name for kind in kinds for name in kind.model_fields}
        return self.model_dump(include=fields, by_alias=True)

    def _check(self) -> None:
        """Raise BadInput if the fields are each allowed but make nothing possible together."""

    @classmethod
    def _sentence(cls, error: ErrorDetails) -> str:
        word = str(error["loc"][0]).replace("_", "-") if error["loc"] else ""
        options = {option.word: option for option in options_of(cls)}
        if word not in options:
            return cls._no_option(word)
        return f"{cls.name}: {word} is {error['input']}, and must be {options[word].allowed}"

    @classmethod
    def _no_option(cls, word: str) -> str:
        words = ", ".join(option.word for option in options_of(cls))
        return f"{cls.name} has no option '{word.replace('_', '-')}': it has {words}"


def underscored(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values of a file by the words of Python: follow-up is follow_up.

    Raises
    ------
    BadInput
        If a word is given in both ways.
    """
    found = {word.replace("-", "_"): value for word, value in values.items()}
    if len(found) < len(values):
        twice = next(word for word in values if "-" in word and word.replace("-", "_") in values)
        raise BadInput(f"'{twice}' is given twice, with a hyphen and with an underscore")
    return found


def _spelled(value: Any) -> Any:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple):
        return type(value)(_spelled(each) for each in value)
    return value


def options_of(kind: type[Described]) -> tuple[Option, ...]:
    """Return the options of a protocol or a phase in the order of its fields, its own first."""
    described = kind.model_json_schema()["properties"]
    properties = {
        word: described[word]
        for each in kind.__mro__
        for name in getattr(each, "__annotations__", {})
        if name in kind.model_fields
        and (word := kind.model_fields[name].alias or name) in described
    }
    fields = (
        Option(
            word=key.replace("_", "-"),
            key=key,
            text=schema["description"],
            default=_written(schema["default"]),
            allowed=schema.get("allowed") or _allowed(schema),
            several=schema.get("type") == "array",
            flag=schema.get("type") == "boolean",
            unit=schema.get("unit", ""),
        )
        for key, schema in properties.items()
    )
    return *kind.more_options, *fields


def _written(default: Any) -> str:
    if default is None:
        return "none"
    if isinstance(default, bool):
        return "yes" if default else "no"
    if isinstance(default, list | tuple):
        return ",".join(_written(item) for item in default)
    return default if isinstance(default, str) else f"{default:g}"


def _allowed(schema: dict[str, Any]) -> str:
    # a number or nothing is written as two alternatives, of which the first is the number
    one = schema.get("items") or schema.get("anyOf", [schema])[0]
    if "enum" in one:
        words = " or ".join(one["enum"])
    elif one["type"] == "boolean":
        words = "yes or no"
    else:
        kind = "whole number" if one["type"] == "integer" else "number"
        unit = f" {schema['unit']}" if schema.get("unit") else ""
        words = f"from {one['minimum']:g} to {one['maximum']:g}{unit}"
        if "items" in schema:
            return f"one {kind} or several with commas between, each {words}"
        words = f"a {kind} {words}"
    if {"type": "null"} in schema.get("anyOf", ()):
        words += ", or none"
    if "items" in schema:
        return f"{words}, or both with a comma between"
    return words
