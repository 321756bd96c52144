"""The files of a scorecard: a table, JSON, and a page."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import pandas as pd

from ca1ltd.experiment.store.files import write_json, write_table
from ca1ltd.literature.experiments import experiments
from ca1ltd.literature.history import HISTORIES, histories
from ca1ltd.literature.judge import FALLS, LARGEST_SEM, RISES, UNDONE, Judged
from ca1ltd.literature.published import DIRECTIONS, published
from ca1ltd.literature.scorecard import LOOKED_UP, RECOLLECTED, Scorecard
from ca1ltd.literature.shares import BARS
from ca1ltd.provenance import provenance
from ca1ltd.text import count
from ca1ltd.writing import write_text

NAME: Final = "scorecard"
Described = Mapping[str, Any]
"""A scorecard as the JSON values of `as_dict`: all that a page shows is in them."""


def write(card: Scorecard, folder: Path) -> tuple[Path, Path, Path]:
    """Write ``scorecard.csv``, ``scorecard.json`` and ``scorecard.md`` and return where they are.

    Parameters
    ----------
    card : Scorecard
        What to write.
    folder : Path
        Where to.
    """
    csv, json, page = (folder / f"{NAME}.{end}" for end in ("csv", "json", "md"))
    folder.mkdir(parents=True, exist_ok=True)
    write_table(table(card), csv)
    write_json(as_dict(card), json)
    write_text(markdown(as_dict(card)), page)
    return csv, json, page


def table(card: Scorecard) -> pd.DataFrame:
    """Return a row for each condition that has been run."""
    return pd.DataFrame(_rows(card))


def _rows(card: Scorecard) -> list[dict[str, Any]]:
    return [{**_row(each), "seen": card.seen[each.condition.id].value} for each in card.judged]


def _row(each: Judged) -> dict[str, Any]:
    condition, outcome = each.condition, each.outcome
    low, high = condition.band or (None, None)
    return {
        "id": condition.id,
        "mechanism": condition.mechanism,
        "history": histories()[condition.id],
        "paper": condition.paper,
        "published": " or ".join(condition.accepted),
        "mean": condition.mean,
        "band_from": low,
        "band_to": high,
        "unit": condition.unit,
        "outcome": outcome.value,
        "sem": outcome.sem,
        "n_slices": outcome.n_slices,
        "spiked_percent": outcome.spiked,
        "change_percent": outcome.change,
        "before_percent": outcome.before,
        "undone": outcome.undone,
        "direction": outcome.direction,
        "direction_right": each.direction_right,
        "in_band": each.in_band,
        "number_seen": condition.number_seen,
        "direction_seen": condition.direction_seen,
        "contested_with": " ".join(condition.contested_with),
        "note": experiments()[condition.id].note,
    }


def as_dict(card: Scorecard) -> dict[str, Any]:
    """Return a scorecard as JSON values."""
    return {
        "setting": {**asdict(card.setting), "parameters": dict(card.setting.parameters)},
        "provenance": provenance(card.setting.cell),
        "thresholds": {
            "falls_below_percent": FALLS,
            "rises_above_percent": RISES,
            "undone": UNDONE,
            "largest_sem_percent": LARGEST_SEM,
        },
        "bars": BARS,
        "reached": card.model.reached() if not card.missing else None,
        "model": asdict(card.model),
        "as_seen": asdict(card.as_seen),
        "always_no_change": asdict(card.no_change),
        "shuffled": asdict(card.shuffled),
        "by_history": {name: asdict(each) for name, each in card.by_history.items()},
        "by_source": {name: asdict(each) for name, each in card.by_source.items()},
        "by_mechanism": {name: asdict(each) for name, each in card.by_mechanism.items()},
        "conditions": _rows(card),
        "put_in": [_row(each) for each in card.put_in],
        "missing": list(card.missing),
        "out_of_scope": dict(card.out_of_scope),
    }


def summary(card: Described) -> list[tuple[str, ...]]:
    """Return the totals beside the bars and the baselines, as rows of text with a heading."""
    rows: list[tuple[str, ...]] = [
        ("", "bar", "model", "reached", "as seen", "always no change", "shuffled"),
    ]
    model = named(card["model"])
    others = [named(card[key]) for key in ("as_seen", "always_no_change", "shuffled")]
    for name, share in model.items():
        title = "inside the band" if name == "band" else "direction right"
        reached = card["reached"]
        words = "not all run" if reached is None else "yes" if reached[name] else "no"
        rows.append(
            (
                f"{title}, {name}" if name in DIRECTIONS else title,
                f"{card['bars'][name]:.0%}",
                with_counts(share),
                words,
                *(percent(other[name]) for other in others),
            )
        )
    return rows


def named(totals: Mapping[str, Any]) -> dict[str, Described]:
    """Return the share that each of the bars is about, by its name."""
    return {"direction": totals["direction"], **totals["classes"], "band": totals["band"]}


def percent(share: Described) -> str:
    """Return a weighted share as text."""
    return "none" if share["weighted"] is None else f"{share['weighted']:.0%}"


def with_counts(share: Described) -> str:
    """Return a weighted share as text, with its interval and the conditions that are right."""
    if share["weighted"] is None:
        return "none"
    low, high = share["interval"]
    counts = f"{share['right']:.0f} of {share['of']}"
    return f"{percent(share)} ({100 * low:.0f} to {high:.0%}; {counts})"


def markdown(card: Described) -> str:
    """Return a scorecard as a page."""
    lines = [
        f"# Scorecard\n\n{setting(card)} [How it is scored](experiments.md).",
        table_of(summary(card)),
        SHARES,
        f"## By what the calibration has seen\n\n{table_of(histories_shown(card))}\n\n{HISTORY}",
        f"## By where the direction is from\n\n{table_of(sources(card))}",
        *(
            [f"Not run, or not to the end: {', '.join(card['missing'])}."]
            if card["missing"]
            else []
        ),
        f"## By mechanism\n\n{table_of(mechanisms(card))}",
        f"## Conditions\n\n{table_of(conditions(card))}",
        f"## Out of scope\n\n{table_of(out_of_scope(card))}",
    ]
    return "\n\n".join(lines) + "\n"


SHARES: Final = (
    "A run that serves several conditions counts once, and a direction that nobody has looked up "
    "half; the counts are of conditions. Intervals are of 90 % of the bootstrap over runs. "
    "*As seen* is by what the electrode saw, release noise and all; *spikes* is at how many test "
    "pulses a spike, of the cell or of a dendrite or axon alone, set the peak of the response, so "
    "that it was not measured. A band is of a number that was found in a text."
)
HISTORY: Final = (
    "*Fitted*: a target of the fits is this outcome, or one of the same runs. *Near*: it differs "
    "from a fitted one in a single respect (numbers of the protocol, slice, drugs, a changed "
    "parameter, what is measured). *Unseen*: all else. What was fitted is no evidence."
)


def setting(card: Described) -> str:
    """Return a sentence on what was run."""
    made = card["setting"]
    changed = ", ".join(f"{key} = {value:g}" for key, value in made["parameters"].items())
    in_scope = len(card["conditions"]) + len(card["put_in"]) + len(card["missing"])
    return (
        f"The model on {in_scope} of {in_scope + len(card['out_of_scope'])} published conditions, "
        f"with one set of parameters{f' ({changed})' if changed else ''}: cell {made['cell']}, "
        f"{count(made['slices'], 'slice')} of each, seed {made['seed']}."
    )


def histories_shown(card: Described) -> list[tuple[str, ...]]:
    """Return the shares by what the calibration has seen of the conditions, with a heading."""
    return _shares("seen by the fits", card["by_history"], HISTORIES)


def sources(card: Described) -> list[tuple[str, ...]]:
    """Return the shares by whether the direction was looked up, with a heading."""
    return _shares("direction is", card["by_source"], (LOOKED_UP, RECOLLECTED))


def _shares(title: str, of: Mapping[str, Described], names: Sequence[str]) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = [
        (title, "direction right", *(f"of {each}" for each in DIRECTIONS), "inside the band")
    ]
    rows += [(name, *(with_counts(each) for each in named(of[name]).values())) for name in names]
    return rows


def mechanisms(card: Described) -> list[tuple[str, ...]]:
    """Return how many conditions are right by what they are about, with a heading."""
    rows: list[tuple[str, ...]] = [("mechanism", "direction right", "inside the band")]
    for name, each in card["by_mechanism"].items():
        shares = (each["direction"], each["band"])
        rows.append((name, *(f"{share['right']:.0f} of {share['of']}" for share in shares)))
    return rows


def conditions(card: Described) -> list[tuple[str, ...]]:
    """Return a row for each condition that has been run, with a heading."""
    titles = (
        "condition, seen by the fits, paper, published, band, model, undone, as seen, spikes, "
        "direction, right, in band"
    )
    rows = [tuple(titles.split(", "))]
    for row in card["conditions"]:
        unit = "" if row["unit"] == "1" else f" {row['unit']}"
        band = "" if row["band_from"] is None else f"{row['band_from']:g} to {row['band_to']:g}"
        sem = "" if row["sem"] is None else f" ± {row['sem']:.2g}"
        outcome, seen = row["outcome"], row["seen"]
        spiked, back = row["spiked_percent"], row["undone"]
        contested = f", contested: {row['contested_with']}" if row["contested_with"] else ""
        rows.append(
            (
                row["id"],
                row["history"],
                row["paper"],
                f"{row['published']}{contested}",
                f"{band}{unit}" if band else "",
                "" if outcome is None else f"{outcome:.3g}{sem}{unit}",
                "" if back is None else f"{back:.0%}",
                "" if seen is None or seen == outcome else f"{seen:.3g}{unit}",
                f"{spiked:.0f} %" if spiked else "",
                row["direction"] or "",
                _YES[row["direction_right"]],
                _YES[row["in_band"]],
            )
        )
    return rows


def out_of_scope(card: Described) -> list[tuple[str, ...]]:
    """Return what the model lacks for each of the other conditions, with a heading."""
    rows: list[tuple[str, ...]] = [("condition", "paper", "missing capability")]
    rows += [(key, published()[key].paper, why) for key, why in card["out_of_scope"].items()]
    return rows


_YES: Final = {True: "yes", False: "**no**", None: ""}


def table_of(rows: Sequence[tuple[str, ...]]) -> str:
    """Return rows, the first a heading, as a table of Markdown."""
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([lines[0], "|" + "---|" * len(rows[0]), *lines[1:]])
