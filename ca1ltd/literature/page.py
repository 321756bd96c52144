"""The files of a scorecard: a table, JSON, and a page."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import pandas as pd

from ca1ltd.experiment.store.files import write_json, write_table
from ca1ltd.literature.experiments import experiments
from ca1ltd.literature.judge import BARS, FALLS, RISES, Judged, Share
from ca1ltd.literature.published import DIRECTIONS, published
from ca1ltd.literature.scorecard import Scorecard
from ca1ltd.provenance import provenance
from ca1ltd.writing import write_text

NAME: Final = "scorecard"


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
    write_text(markdown(card), page)
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
        "paper": condition.paper,
        "published": " or ".join(condition.accepted),
        "mean": condition.mean,
        "band_from": low,
        "band_to": high,
        "unit": condition.unit,
        "outcome": outcome.value,
        "sem": outcome.sem,
        "n_slices": outcome.n_slices,
        "change_percent": outcome.change,
        "direction": outcome.direction,
        "direction_right": each.direction_right,
        "in_band": each.in_band,
        "direction_weight": condition.direction_weight,
        "weight": condition.weight,
        "note": experiments()[condition.id].note,
    }


def as_dict(card: Scorecard) -> dict[str, Any]:
    """Return a scorecard as JSON values."""
    return {
        "setting": {**asdict(card.setting), "parameters": dict(card.setting.parameters)},
        "provenance": provenance(card.setting.cell),
        "thresholds_percent": {"falls_below": FALLS, "rises_above": RISES},
        "bars": BARS,
        "reached": card.model.reached() if not card.missing else None,
        "model": asdict(card.model),
        "as_seen": asdict(card.as_seen),
        "always_no_change": asdict(card.no_change),
        "shuffled": asdict(card.shuffled),
        "by_mechanism": {name: asdict(each) for name, each in card.by_mechanism().items()},
        "conditions": _rows(card),
        "missing": list(card.missing),
        "out_of_scope": dict(card.out_of_scope),
    }


def summary(card: Scorecard) -> list[tuple[str, ...]]:
    """Return the totals beside the bars and the baselines, as rows of text with a heading."""
    reached = card.model.reached()
    rows: list[tuple[str, ...]] = [
        ("", "bar", "model", "reached", "as seen", "always no change", "shuffled"),
    ]
    for name, share in card.model.named().items():
        title = "inside the band" if name == "band" else "direction right"
        words = ("yes" if reached[name] else "no") if not card.missing else "not all run"
        rows.append(
            (
                f"{title}, {name}" if name in DIRECTIONS else title,
                f"{BARS[name]:.0%}",
                f"{percent(share)} ({share.right:.0f} of {share.of})",
                words,
                percent(card.as_seen.named()[name]),
                percent(card.no_change.named()[name]),
                percent(card.shuffled.named()[name]),
            )
        )
    return rows


def percent(share: Share) -> str:
    """Return a weighted share as text."""
    return "none" if share.weighted is None else f"{share.weighted:.0%}"


def markdown(card: Scorecard) -> str:
    """Return a scorecard as a page."""
    setting = card.setting
    changed = ", ".join(f"{key} = {value:g}" for key, value in setting.parameters)
    in_scope = len(card.judged) + len(card.missing)
    lines = [
        "# Scorecard",
        "",
        f"The model on {in_scope} of {in_scope + len(card.out_of_scope)} published conditions, "
        f"with one set of parameters{f' ({changed})' if changed else ''}: cell {setting.cell}, "
        f"{setting.slices} slices of each, seed {setting.seed}. Made by `ca1ltd experiment score`; "
        "[how it is scored](experiments.md).",
        "",
        *_table(summary(card)),
        "",
        "Shares are weighted by confidence; the counts are not. *Seen* is what the electrode saw, "
        "release noise and all.",
        "",
    ]
    if card.missing:
        lines += [f"Not run, or not to the end: {', '.join(card.missing)}.", ""]
    lines += ["## By mechanism", "", *_table(_mechanisms(card)), "", "## Conditions", ""]
    lines += [*_table(_conditions(card)), "", "## Out of scope", ""]
    reasons: list[tuple[str, ...]] = [("condition", "paper", "missing capability")]
    reasons += [(key, published()[key].paper, why) for key, why in card.out_of_scope.items()]
    return "\n".join([*lines, *_table(reasons), ""])


def _mechanisms(card: Scorecard) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = [("mechanism", "direction right", "inside the band")]
    for name, each in card.by_mechanism().items():
        cells = (f"{share.right:.0f} of {share.of}" for share in (each.direction, each.band))
        rows.append((name, *cells))
    return rows


def _conditions(card: Scorecard) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = [
        (
            "condition",
            "paper",
            "published",
            "band",
            "model",
            "seen",
            "direction",
            "right",
            "in band",
        )
    ]
    for each in card.judged:
        condition, outcome = each.condition, each.outcome
        unit = "" if condition.unit == "1" else f" {condition.unit}"
        band = f"{condition.band[0]:g} to {condition.band[1]:g}{unit}" if condition.band else ""
        sem = "" if outcome.sem is None else f" ± {outcome.sem:.2g}"
        value = "" if outcome.value is None else f"{outcome.value:.3g}{sem}{unit}"
        seen = card.seen[condition.id].value
        rows.append(
            (
                condition.id,
                condition.paper,
                " or ".join(condition.accepted),
                band,
                value,
                "" if seen is None or seen == outcome.value else f"{seen:.3g}{unit}",
                outcome.direction or "",
                _YES[each.direction_right],
                _YES[each.in_band],
            )
        )
    return rows


_YES: Final = {True: "yes", False: "**no**", None: ""}


def _table(rows: Sequence[tuple[str, ...]]) -> list[str]:
    """Return rows, the first a heading, as a table of Markdown."""
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return [lines[0], "|" + "---|" * len(rows[0]), *lines[1:]]
