"""The report on a set of parameters: a page of every measure, from what runs left.

The scorecard and published rules are read from finished runs; what the cascade makes of other
numbers and of whole molecules is replayed from the calcium that was recorded in them. A measure
whose runs are not there says what makes them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ca1ltd.appraisal import molecules_shown
from ca1ltd.appraisal.molecules import molecules
from ca1ltd.appraisal.robustness import robustness, summary, worst_shown
from ca1ltd.errors import BadInput
from ca1ltd.experiment.store.files import write_json
from ca1ltd.literature import page as scorecard_page
from ca1ltd.literature.experiments import Setting
from ca1ltd.literature.page import table_of
from ca1ltd.literature.scorecard import scorecard
from ca1ltd.rules import page as rules_page
from ca1ltd.rules.score import compare
from ca1ltd.writing import write_text

NAME: Final = "report"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One measure of the model.

    Attributes
    ----------
    title : str
        Of its section.
    make : callable
        Returns what came out, as JSON values, of a folder of runs, a setting, and replays at once.
    show : callable
        Returns the text of its section.
    """

    title: str
    make: Callable[[Path, Setting, int], Mapping[str, Any]]
    show: Callable[[Mapping[str, Any]], str]


def _scored(folder: Path, setting: Setting, _: int) -> Mapping[str, Any]:
    card = scorecard(folder, setting)
    if not card.judged:
        raise BadInput(
            f"{folder} holds no finished run of these experiments with these options: "
            "ca1ltd experiment run all --drives 1 makes them"
        )
    return scorecard_page.as_dict(card)


def _score_shown(found: Mapping[str, Any]) -> str:
    parts = [
        scorecard_page.setting(found),
        table_of(scorecard_page.histories_shown(found)),
        scorecard_page.HISTORY,
        table_of(scorecard_page.summary(found)),
        scorecard_page.SHARES,
        table_of(scorecard_page.sources(found)),
    ]
    parts += [f"Not run, or not to the end: {', '.join(found['missing'])}."] * bool(
        found["missing"]
    )
    return "\n\n".join(parts)


def _rules_shown(found: Mapping[str, Any]) -> str:
    parts = [" ".join(rules_page.verdict(found)), table_of(rules_page.common(found))]
    parts += [rules_page.only(found), table_of(rules_page.mechanisms(found))]
    return "\n\n".join(parts)


MEASURES: Final[Mapping[str, Measure]] = {
    "scorecard": Measure(title="Published conditions", make=_scored, show=_score_shown),
    "rules": Measure(
        title="Published rules on the same runs",
        make=lambda folder, setting, _: compare(folder, setting),
        show=_rules_shown,
    ),
    "robustness": Measure(
        title="When a number moves",
        make=robustness,
        show=lambda found: f"{summary(found)}\n\n{table_of(worst_shown(found))}",
    ),
    "molecules": Measure(
        title="Drawn as molecules",
        make=molecules,
        show=lambda found: (
            f"{molecules_shown.summary(found)}\n\n{table_of(molecules_shown.table(found))}"
        ),
    ),
}


def report(
    folder: Path, setting: Setting, workers: int, said: Callable[[str], None] = lambda _: None
) -> Path:
    """Write ``report.md`` and ``report.json`` beside the runs and return where the page is.

    Parameters
    ----------
    folder : Path
        Where the runs and their drives are.
    setting : Setting
        With what they were made.
    workers : int
        Replays at once.
    said : callable
        Takes the name of each measure when it is its turn.

    Raises
    ------
    BadInput
        If no run of these experiments is there, or the folder cannot be used.
    """
    found: dict[str, Any] = {}
    sections = ["# The model by every measure"]
    for name, measure in MEASURES.items():
        said(name)
        try:
            found[name] = measure.make(folder, setting, workers)
            text = measure.show(found[name])
        except BadInput as error:
            if not found:  # nothing was run
                raise
            text = f"Not measured: {error}."
        sections.append(f"## {measure.title}\n\n{text}")
    write_json(found, folder / f"{NAME}.json")
    page = folder / f"{NAME}.md"
    write_text("\n\n".join(sections) + "\n", page)
    return page
