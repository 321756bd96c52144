"""Published rules of plasticity beside the model, on the drives of its own runs."""

from pathlib import Path
from typing import Any, Final

from ca1ltd.experiment.runs import run_missing
from ca1ltd.experiment.workers.progress import standing_shown
from ca1ltd.literature.experiments import Setting
from ca1ltd.literature.page import table_of
from ca1ltd.literature.scorecard import cache
from ca1ltd.rules import page
from ca1ltd.rules.score import compare
from ca1ltd.text import count
from pages.source import Given, Source

SETTING: Final = Setting(slices=3)


def collect(given: Given) -> dict[str, Any]:
    """Return the comparison, after running what is missing with its drives."""
    folder = given.runs or Path("runs", "experiments")
    with standing_shown("published experiments with their drives") as progress:
        run_missing(
            cache(folder, SETTING),
            workers=given.workers,
            progress=progress,
            drives=SETTING.slices,
        )
    return compare(folder, SETTING)


def setting(found: Any) -> str:
    """Return a sentence on what the comparison is of."""
    recorded = count(found["slices"], "slice")
    missing = len(found["missing"])
    lacking = f"; of {count(missing, 'condition')} there is no drive" if missing else ""
    return (
        f"{len(found['conditions'])} published conditions whose EPSP or receptors are scored, "
        f"{recorded} of each{lacking}."
    )


SOURCE: Final = Source(
    name="rules",
    views={
        "setting": setting,
        "summary": page.summary,
        "verdict": lambda found: "\n".join(f"- {each}" for each in page.verdict(found)),
        "directions": lambda found: table_of(page.directions(found)),
        "common": lambda found: table_of(page.common(found)),
        "only": page.only,
        "mechanisms": lambda found: table_of(page.mechanisms(found)),
        "parameters": lambda found: table_of(page.parameters(found)),
        "conditions": lambda found: table_of(page.conditions(found)),
    },
    collect=collect,
    files=(
        "ca1ltd/rules",
        *(
            f"ca1ltd/rules/{name}"
            for name in ("fitted.csv", "help.cpp", "calcium.cpp", "potential.cpp")
        ),
        *(
            f"ca1ltd/literature/{name}"
            for name in (
                *("experiments.toml", "published.csv", "fitted.csv"),
                *("history.py", "judge.py", "measures.py", "shares.py"),
            )
        ),
    ),
)
