"""What the calibration has seen of each published condition.

A condition is *put in* if its number is a parameter of the model and no outcome; *fitted* if a
target of the fits is its outcome, or that of another condition with the same runs and measure;
*near* if it differs from a fitted one in a single respect: the numbers of its protocol, the slice,
the drugs, the genotype, or what is measured and where. Everything else is *unseen*.

Which conditions the targets stand for, the calibration says: ``python -m calibration.fitted``
writes ``fitted.csv``.
"""

import csv
from collections.abc import Hashable, Mapping
from functools import cache
from pathlib import Path
from typing import Final, Literal

from ca1ltd.experiment.spec import ExperimentSpec
from ca1ltd.literature.experiments import Experiment, Setting, experiments
from ca1ltd.literature.measures import PARAMETERS
from ca1ltd.model.genotypes import WILD_TYPE
from ca1ltd.protocols import Protocol

History = Literal["put in", "fitted", "near", "unseen"]
HISTORIES: Final[tuple[History, ...]] = ("fitted", "near", "unseen")
"""Those that are scored."""


@cache
def histories() -> Mapping[str, History]:
    """Return what the calibration has seen of each condition in scope."""
    known = {
        key: _respects(each) for key, each in experiments().items() if each.out_of_scope is None
    }
    fitted = [known[key] for key in targeted() if key in known]
    return {key: _history(experiments()[key], known[key], fitted) for key in known}


def targeted() -> tuple[str, ...]:
    """Return the conditions that targets of the fits stand for."""
    text = Path(__file__).with_name("fitted.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines(), strict=True)
    return tuple(dict.fromkeys(row["condition"] for row in rows))


_Respects = tuple[Hashable, ...]


def _history(experiment: Experiment, own: _Respects, fitted: list[_Respects]) -> History:
    if experiment.measure in PARAMETERS:
        return "put in"
    apart = min(_apart(own, each) for each in fitted)
    if apart == 0:
        return "fitted"
    return "near" if apart == 1 else "unseen"


def _respects(experiment: Experiment) -> _Respects:
    """Return what a condition is, respect by respect; the kind of protocol first."""
    specs = Setting().specs(experiment)
    return (
        tuple(_kind(spec.protocol) for spec in specs),
        tuple(spec.protocol for spec in specs),
        tuple(spec.conditions.model_copy(update={"genotype": WILD_TYPE}) for spec in specs),
        tuple(_drugs(spec) for spec in specs),
        tuple((spec.conditions.genotype, spec.parameters) for spec in specs),
        (
            experiment.measure,
            experiment.pathway,
            experiment.against,
            experiment.combine,
            experiment.compare and experiment.compare.by,
        ),
    )


def _kind(protocol: Protocol) -> Hashable:
    phases = getattr(protocol, "phases", ())
    return (protocol.name, *(type(phase).__name__ for phase in phases))


def _drugs(spec: ExperimentSpec) -> Hashable:
    return tuple(sorted((drug.info.name, drug.concentration) for drug in spec.drugs))


def _apart(one: _Respects, other: _Respects) -> int:
    """Return in how many respects two conditions differ; another kind of protocol is many."""
    if one[0] != other[0]:
        return len(one)
    return sum(mine != theirs for mine, theirs in zip(one[1:], other[1:], strict=True))
