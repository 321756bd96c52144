"""Which runs a sweep is made of: the combinations of values, or the rows of a file.

A row says by option and parameter what a run is: ``{"protocol": "lfs", "rate": "1", "drug":
"D-AP5=50@0..15+FK506", "cell": "dhc", "ca1nmda.g_max": "8e-5"}``. Values are text as on the command
line; what a row leaves out has its default.
"""

import itertools
import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ca1ltd import cell_files, protocols
from ca1ltd.declared import CELL, Declared
from ca1ltd.errors import BadInput
from ca1ltd.experiment.spec import ExperimentSpec
from ca1ltd.experiment.sweep.values import (
    MAX_RUNS,
    NO_DRUG,
    conditions,
    drugs_in,
    number_of,
    synapses_of,
    values,
)
from ca1ltd.model import parameters
from ca1ltd.model.conditions import options

Row = Mapping[str, str]

COUNTS = ("slices", "synapses", "seed")
CONDITIONS = tuple(option.word for option in options())
COMMON = (
    "protocol",
    "drug",
    "condition",
    "cell",
    "swc",
    "as-drawn",
    *COUNTS,
    "integrator",
    *CONDITIONS,
)


def grid(protocol: str, tried: Mapping[str, Any]) -> tuple[ExperimentSpec, ...]:
    """Return an experiment for each combination of values, without repeats.

    Parameters
    ----------
    protocol : str
        Name of the protocol.
    tried : mapping
        Option or parameter to a value or a sequence of values to try: the options of the protocol
        and ``drug, condition, cell, swc, slices, synapses, seed, integrator`` and the conditions
        (``mg, ca, temperature, age, gaba, holding, buffer, genotype, readjust``) as on the command
        line, and parameters by their key, as "ca1nmda.g_max". Numbers may be numbers or text; text
        may hold several values, as "0.5,1,2" or "1:10:4".

    Returns
    -------
    tuple of ExperimentSpec
        In the order of the values, the last varying fastest.

    Raises
    ------
    BadInput
        If a name or a value is not allowed.

    Examples
    --------
    >>> len(grid("lfs", {"rate": [0.5, 1, 5], "drug": ["none", "D-AP5=1:50:3"]}))
    12
    """
    axes = [
        [{name: value} for value in alternatives(protocol, name, given)]
        for name, given in tried.items()
    ]
    return experiments([{"protocol": protocol}], axes)


def experiments(
    rows: Sequence[Row], axes: Sequence[Sequence[Row]] = (), *, source: str | None = None
) -> tuple[ExperimentSpec, ...]:
    """Return an experiment for each row and combination of the axes, without repeats.

    Parameters
    ----------
    rows : sequence of mapping
        Values that belong together.
    axes : sequence of sequences of mapping
        Each row is combined with one alternative of every axis.
    source : str, optional
        The file of the rows, for messages.

    Raises
    ------
    BadInput
        If a row is no possible experiment, or there are too many.
    """
    count = len(rows) * math.prod(len(axis) for axis in axes)
    if count > MAX_RUNS:
        raise BadInput(f"this sweep has {count} runs, and must have {MAX_RUNS} at most")
    found: dict[ExperimentSpec, None] = {}
    for number, row in enumerate(rows, start=1):
        try:
            for each in _combined(row, axes):
                found[experiment(each)] = None
        except BadInput as error:
            raise (
                error if source is None else BadInput(f"{source}, row {number}: {error}")
            ) from None
    return tuple(found)


def _combined(row: Row, axes: Sequence[Sequence[Row]]) -> Iterator[dict[str, str]]:
    for combination in itertools.product(*axes):
        merged = dict(row)
        for name, value in itertools.chain.from_iterable(each.items() for each in combination):
            if merged.get(name):
                raise BadInput(f"{name} is given both in the row and as an option: give it once")
            merged[name] = value
        yield merged


def experiment(row: Row) -> ExperimentSpec:
    """Return the experiment that a row describes; empty values are left out.

    Raises
    ------
    BadInput
        If a name or a value is not allowed.
    """
    given = {name: value.strip() for name, value in row.items() if value.strip()}
    if "protocol" not in given:
        raise BadInput(f"a run needs a protocol, one of {', '.join(protocols.PROTOCOLS)}")
    rest: dict[str, Any] = {"integrator": given["integrator"]} if "integrator" in given else {}
    rest["cell"] = cell_files.said(given.get("cell"), given.get("swc"), CELL)
    rest["as_drawn"] = _yes("as-drawn", given.get("as-drawn", "no"))
    rest |= {name: number_of(name, given[name]) for name in ("slices", "seed") if name in given}
    if "synapses" in given:
        rest["synapses"] = synapses_of(given["synapses"])
    return ExperimentSpec.of(
        Declared(
            given["protocol"],
            {key: given[key] for key in given if key not in COMMON and "." not in key},
            drugs=drugs_in(given.get("drug", NO_DRUG)),
            windows=drugs_in(given.get("condition", NO_DRUG)),
            conditions={word: given[word] for word in CONDITIONS if word in given},
            parameters={key: value for key, value in given.items() if "." in key},
            **rest,
        )
    )


def _yes(name: str, text: str) -> bool:
    if text.casefold() not in ("yes", "no"):
        raise BadInput(f"{name} is '{text}', and must be yes or no")
    return text.casefold() == "yes"


def alternatives(protocol: str, name: str, given: Any) -> tuple[str, ...]:
    """Return the values to try of an option or parameter, as text.

    Parameters
    ----------
    protocol : str
        Name of the protocol.
    name : str
        The option or the parameter.
    given : str, number or sequence of them
        Values; a text may hold several.

    Raises
    ------
    BadInput
        If a text is not understood, or there is no value.
    """
    texts = [given] if isinstance(given, str) or not isinstance(given, Iterable) else list(given)
    if not texts:
        raise BadInput(f"{name} has no value: give one or several")
    if name in (*_lists(protocol), "swc"):
        return tuple(str(text) for text in texts)
    split = conditions if name in ("drug", "condition") else values
    return tuple(value for text in texts for value in split(str(text)))


def _lists(protocol: str) -> set[str]:
    """Return the options of a protocol whose one value has commas."""
    kind = protocols.PROTOCOLS.get(protocol)
    return set() if kind is None else {o.word for o in protocols.options_of(kind) if o.several}


def row_of(spec: ExperimentSpec, keys: Iterable[str] = ()) -> dict[str, str | float]:
    """Return the row of an experiment, everything said.

    Parameters
    ----------
    spec : ExperimentSpec
        The experiment.
    keys : iterable of str
        Parameters to name even if they have their defaults.
    """
    changed = dict(spec.parameters)
    kept = spec.conditions.model_dump(by_alias=True)
    own = {
        name.replace("_", "-"): _written(value)
        for name, value in spec.protocol.as_dict().items()
        if name != "name" and value is not None
    }
    return {
        "protocol": spec.protocol.name,
        **own,
        "drug": "+".join(map(str, spec.drugs)) or NO_DRUG,
        "condition": "+".join(map(str, spec.windows)) or NO_DRUG,
        "cell": spec.cell,
        **{name: getattr(spec, name) for name in COUNTS},
        "integrator": spec.integrator,
        **{word: "none" if value is None else _written(value) for word, value in kept.items()},
        **{
            key: changed.get(key, parameters.table(spec.cell)[key].value)
            for key in (*keys, *changed)
        },
    }


def _written(value: Any) -> str | float:
    """Return an option's value as a cell of a table: numbers with commas, other lists as JSON."""
    if isinstance(value, list):
        numbers = all(isinstance(each, int | float) for each in value)
        return ",".join(f"{each:g}" for each in value) if numbers else json.dumps(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value  # type: ignore[no-any-return]
