"""How a sweep is plotted: what lies along the axis, and what tells the curves apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from ca1ltd import protocols
from ca1ltd.errors import BadInput
from ca1ltd.experiment.sweep.values import NO_DRUG, drugs_in
from ca1ltd.model import conditions, drugs, parameters

CONCENTRATION: Final = "concentration"
_REPLICATE: Final = "seed"  # runs that differ in it alone are of one point


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Layout:
    """The runs of a sweep as they are plotted.

    Attributes
    ----------
    table : DataFrame
        The runs, with ``x`` (a number or a word; NaN for no drug beside concentrations) and
        ``curve``, what tells the curves apart.
    name, title : str
        What lies along the axis: a name of what was swept, or `CONCENTRATION`; its label.
    log : bool
        Whether the axis is logarithmic.
    numeric : bool
        Whether x is a number.
    """

    table: pd.DataFrame
    name: str
    title: str
    log: bool
    numeric: bool


def lay_out(
    table: pd.DataFrame, swept: Sequence[str], protocol: str | None, *, along: str | None = None
) -> Layout:
    """Return how a sweep is plotted.

    Along the axis lies what is asked for; otherwise a drug's concentration, if one was swept, then
    the number with the most values, then the word with the most. A concentration and a rate have
    a logarithmic axis, and so has what was swept in equal ratios.

    Parameters
    ----------
    table : DataFrame
        A row for each run.
    swept : sequence of str
        The options in which the runs differ.
    protocol : str or None
        Name of their protocol, None if they have several.
    along : str, optional
        What is to lie along the axis.

    Raises
    ------
    BadInput
        If nothing was swept, or not what is asked for.
    """
    rest = [name for name in swept if name != _REPLICATE or along == _REPLICATE]
    if table.empty or not rest:
        what = "no finished run" if table.empty else "runs that differ in nothing but their seed"
        raise BadInput(f"this sweep has {what}: there is nothing to plot along an axis")
    if along is not None and along not in (*rest, CONCENTRATION):
        raise BadInput(f"'{along}' was not swept: {', '.join(rest)} was")
    shown = table.copy()
    if "drug" in rest and along in (None, CONCENTRATION):
        doses = _doses(shown["drug"])
        if doses is not None:
            shown["x"], shown["drug"] = doses["dose"], doses["drug"]
            return _layout(shown, rest, CONCENTRATION, _title_of_doses(doses), log=True)
    if along == CONCENTRATION:
        raise BadInput("no drug was swept in several concentrations")
    numbers = [name for name in rest if pd.api.types.is_numeric_dtype(shown[name])]
    name = along or max(numbers or rest, key=lambda each: shown[each].nunique())
    title, unit = _said(name, protocol)
    values = sorted(shown[name].dropna().unique()) if name in numbers else []
    shown["x"] = shown[name]
    rest = [each for each in rest if each != name]
    return _layout(shown, rest, name, title, log=unit == "Hz" or _geometric(values))


def _layout(
    shown: pd.DataFrame, rest: Sequence[str], name: str, title: str, *, log: bool
) -> Layout:
    several = [each for each in rest if shown[each].nunique(dropna=False) > 1]
    shown["curve"] = [
        ", ".join(_word(each, row[each]) for each in several) for _, row in shown.iterrows()
    ]
    numeric = pd.api.types.is_numeric_dtype(shown["x"])
    positive = numeric and bool((shown["x"].dropna() > 0).all())
    return Layout(table=shown, name=name, title=title, log=log and positive, numeric=numeric)


def _word(name: str, value: object) -> str:
    if name == "drug":
        return "no drug" if value == NO_DRUG else str(value)
    return f"{name} {value:g}" if isinstance(value, float) else f"{name} {value}"


def _doses(texts: pd.Series) -> pd.DataFrame | None:
    """Return ``dose`` (uM) and ``drug``, all but the dose; None if no drug has several doses."""
    parsed = [[drugs.parse(each) for each in drugs_in(text)] for text in texts]
    kinds = [tuple((one.name, one.start, one.end) for one in given) for given in parsed]
    given_with: dict[tuple[object, ...], list[set[float]]] = {}
    for kind, given in zip(kinds, parsed, strict=True):
        levels = given_with.setdefault(kind, [set() for _ in given])
        for level, one in zip(levels, given, strict=True):
            level.add(one.concentration)
    rows = []
    for kind, given in zip(kinds, parsed, strict=True):
        varied = [k for k, levels in enumerate(given_with[kind]) if len(levels) > 1]
        if len(varied) > 1:
            return None
        dosed = varied[0] if varied else 0 if len(given) == 1 else None
        words = [
            str(one).replace(f"={one.concentration:.12g}", "", 1) if k == dosed else str(one)
            for k, one in enumerate(given)
        ]
        dose = np.nan if dosed is None else given[dosed].concentration
        rows.append((dose, " + ".join(words) or NO_DRUG, bool(varied)))
    found = pd.DataFrame(rows, columns=["dose", "drug", "varied"], index=texts.index)
    return found if found["varied"].any() else None


def _title_of_doses(doses: pd.DataFrame) -> str:
    names = doses.loc[doses["varied"], "drug"].unique()
    name = names[0].partition("@")[0] if len(names) == 1 and "+" not in names[0] else "drug"
    return f"Concentration of {name} (µM)"


def _said(name: str, protocol: str | None) -> tuple[str, str]:
    """Return the label of an axis and the unit of an option, a condition or a parameter."""
    if "." in name:
        unit = parameters.row(name, None).unit if name in parameters.table() else ""
        return f"{name} ({unit})" if unit and unit != "1" else name, unit
    kind = protocols.PROTOCOLS.get(protocol or "")
    options = [*(protocols.options_of(kind) if kind else ()), *conditions.options()]
    for option in options:
        if option.word == name:
            text = option.text.rstrip(".").partition(",")[0].partition(";")[0]
            words = text if len(text) < 40 else name
            return f"{words} ({option.unit})" if option.unit else words, option.unit
    return {"synapses": "Synapses in each pathway"}.get(name, name.capitalize()), ""


def _geometric(values: Sequence[float]) -> bool:
    """Whether three or more values grow by equal ratios, and not by equal steps."""
    if len(values) < 3 or values[0] <= 0:
        return False
    ratios, steps = np.diff(np.log(values)), np.diff(values)
    return bool(np.allclose(ratios, ratios[0], rtol=0.05) and not np.allclose(steps, steps[0]))
