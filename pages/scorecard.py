"""The score on the published experiments."""

from pathlib import Path
from typing import Any, Final

from ca1ltd.experiment.runs import run_missing
from ca1ltd.experiment.workers.progress import standing_shown
from ca1ltd.literature import page
from ca1ltd.literature.experiments import Setting
from ca1ltd.literature.published import published
from ca1ltd.literature.scorecard import cache, scorecard
from ca1ltd.text import count
from pages.source import Given, Source, View

SETTING: Final = Setting(slices=1)


def collect(given: Given) -> dict[str, Any]:
    """Return the scorecard, after running what is missing of it."""
    folder = given.runs or Path("runs", "experiments")
    with standing_shown("published experiments") as progress:
        run_missing(cache(folder, SETTING), workers=given.workers, progress=progress)
    return page.as_dict(scorecard(folder, SETTING))


def sentences(found: Any) -> str:
    """Return README's words: shares by what the fits have seen, beside the baselines."""
    rows = {name: page.named(each) for name, each in found["by_history"].items()}
    no_change, shuffled = (page.named(found[key]) for key in ("always_no_change", "shuffled"))

    def said(name: str) -> str:
        direction, band = rows[name]["direction"], rows[name]["band"]
        return f"**{page.with_counts(direction)}** and {page.with_counts(band)}"

    return (
        f"The model on {len(found['conditions'])} published conditions, with this one set of "
        f"parameters, {count(found['setting']['slices'], 'slice')} each: how often "
        "the direction is right, and how often the size is inside a published band that was looked "
        "up (interval of the bootstrap; conditions):\n\n"
        f"- *unseen*, which no fit has used, nor anything that differs from it in one respect: "
        f"{said('unseen')};\n"
        f"- *near*, a variant of what was fitted: {said('near')};\n"
        f"- *fitted*, which is no evidence: {said('fitted')}.\n\n"
        "On all of them a model in which nothing ever changes has "
        f"{page.percent(no_change['direction'])} and {page.percent(no_change['band'])}, the same "
        f"outcomes shuffled {page.percent(shuffled['direction'])} and "
        f"{page.percent(shuffled['band'])}."
    )


def _value(condition: str) -> View:
    """Return the view of a condition's outcome, with its unit."""

    def shown(found: Any) -> str:
        row = _row(found, condition)
        return f"{row['outcome']:.3g} {row['unit']}"

    return shown


def _before_reversal(found: Any) -> str:
    """Return what the tetanus had come to in adults, before pulses at 1 Hz."""
    return f"{_row(found, 'NO96_reversal')['before_percent']:.0f} %"


def _row(found: Any, condition: str) -> Any:
    rows = (*found["conditions"], *found["put_in"])
    return next(row for row in rows if row["id"] == condition)


SOURCE: Final = Source(
    name="scorecard",
    views={
        "sentences": sentences,
        "setting": page.setting,
        "totals": lambda found: f"{page.table_of(page.summary(found))}\n\n{page.SHARES}",
        "histories": lambda found: (
            f"{page.table_of(page.histories_shown(found))}\n\n{page.HISTORY}"
        ),
        "sources": lambda found: page.table_of(page.sources(found)),
        "mechanisms": lambda found: page.table_of(page.mechanisms(found)),
        "conditions": lambda found: page.table_of(page.conditions(found)),
        "out-of-scope": lambda found: page.table_of(page.out_of_scope(found)),
        "adult-tetanus": _before_reversal,
        **{name: _value(name) for name in published()},
    },
    collect=collect,
    files=tuple(
        f"ca1ltd/literature/{name}"
        for name in (
            *("experiments.toml", "published.csv", "fitted.csv"),
            *("history.py", "judge.py", "measures.py", "shares.py"),
        )
    ),
)
