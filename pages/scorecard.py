"""The score on the published experiments."""

from pathlib import Path
from typing import Any, Final

from ca1ltd.experiment.runs import run_missing
from ca1ltd.experiment.workers.progress import standing_shown
from ca1ltd.literature import page
from ca1ltd.literature.experiments import Setting
from ca1ltd.literature.published import published
from ca1ltd.literature.scorecard import cache, scorecard
from pages.source import Given, Source, View

SETTING: Final = Setting(slices=2)


def collect(given: Given) -> dict[str, Any]:
    """Return the scorecard, after running what is missing of it."""
    folder = given.runs or Path("runs", "experiments")
    with standing_shown("published experiments") as progress:
        run_missing(cache(folder, SETTING), workers=given.workers, progress=progress)
    return page.as_dict(scorecard(folder, SETTING))


def sentences(found: Any) -> str:
    """Return README's words: shares of the model beside the baselines and the bars."""
    model, no_change, shuffled, seen = (
        page.named(found[key]) for key in ("model", "always_no_change", "shuffled", "as_seen")
    )
    of = {name: page.percent(share) for name, share in model.items()}
    bars = found["bars"]
    missed = [name for name, good in (found["reached"] or {}).items() if not good]
    return (
        f"The model on {len(found['conditions'])} published conditions, with this one set of "
        f"parameters, {found['setting']['slices']} slices each:\n\n"
        f"- the direction is right in **{of['direction']}** of them (of LTD {of['LTD']}, no change "
        f"{of['NC']}, LTP {of['LTP']}); a model in which nothing ever changes has "
        f"{page.percent(no_change['direction'])}, the same outcomes shuffled "
        f"{page.percent(shuffled['direction'])};\n"
        f"- the size is inside the published band in **{of['band']}** (nothing ever changes: "
        f"{page.percent(no_change['band'])}, shuffled: {page.percent(shuffled['band'])});\n"
        f"- as the electrode saw it, with release noise, {page.percent(seen['direction'])} and "
        f"{page.percent(seen['band'])}.\n\n"
        f"The bars, {bars['direction']:.0%} of all directions, {bars['LTD']:.0%} of each class and "
        f"{bars['band']:.0%} of the bands, are "
        + ("reached." if not missed else f"missed in {', '.join(missed)}.")
    )


def _value(condition: str) -> View:
    """Return the view of a condition's outcome, with its unit."""

    def shown(found: Any) -> str:
        row = _row(found, condition)
        return f"{row['outcome']:.3g} {row['unit']}"

    return shown


def _before_reversal(found: Any) -> str:
    """Return what the tetanus had come to in adults, before pulses at 1 Hz."""
    row = _row(found, "NO96_reversal")
    return f"{100 * row['outcome'] / row['change_percent']:.0f} %"


def _row(found: Any, condition: str) -> Any:
    return next(row for row in found["conditions"] if row["id"] == condition)


SOURCE: Final = Source(
    name="scorecard",
    views={
        "sentences": sentences,
        "setting": page.setting,
        "totals": lambda found: f"{page.table_of(page.summary(found))}\n\n{page.SHARES}",
        "mechanisms": lambda found: page.table_of(page.mechanisms(found)),
        "conditions": lambda found: page.table_of(page.conditions(found)),
        "out-of-scope": lambda found: page.table_of(page.out_of_scope(found)),
        "adult-tetanus": _before_reversal,
        **{name: _value(name) for name in published()},
    },
    collect=collect,
    files=tuple(
        f"ca1ltd/literature/{name}"
        for name in ("experiments.toml", "published.csv", "judge.py", "measures.py")
    ),
)
