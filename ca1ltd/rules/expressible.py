"""Which published conditions a rule can express: what the experiment changes, seen by the rule.

A rule sees what drives it, and gives a weight. An experiment that measures something else, or that
changes the cascade from calmodulin to the receptor, says nothing to it. One driven by the potential
does not see what is done to calcium itself: a clamp, or a buffer.
"""

from collections.abc import Iterator, Sequence

from ca1ltd.experiment.spec import ExperimentSpec
from ca1ltd.literature.experiments import Experiment
from ca1ltd.model.genotypes import named
from ca1ltd.model.mechanisms import CALCIUM, CASCADE, advancing
from ca1ltd.rules.rule import Rule

MEASURED = "what is measured is no EPSP"
CASCADE_CHANGED = "the cascade is changed"
CALCIUM_CHANGED = "calcium itself is changed"


def unexpressed(rule: Rule, experiment: Experiment, specs: Sequence[ExperimentSpec]) -> str | None:
    """Return why a rule cannot express an experiment; None if it can.

    Parameters
    ----------
    rule : Rule
        The rule.
    experiment : Experiment
        The experiment, which is in scope.
    specs : sequence of ExperimentSpec
        Its runs.
    """
    if experiment.measure != "epsp":
        return MEASURED
    changed = {*_changed(specs)}
    if changed.intersection(CASCADE):
        return CASCADE_CHANGED
    if rule.driven_by == "potential" and (
        changed.intersection(advancing(CALCIUM)) or any(map(_holds_calcium, specs))
    ):
        return CALCIUM_CHANGED
    return None


def _changed(specs: Sequence[ExperimentSpec]) -> Iterator[str]:
    """Yield the mechanisms that runs change, by genotype or by drugs."""
    for spec in specs:
        for genotype in named(spec.conditions.genotype):
            yield from (act.key.partition(".")[0] for act in genotype.acts)
        for drug in spec.drugs:
            yield from (act.mechanism for act in drug.info.acts)


def _holds_calcium(spec: ExperimentSpec) -> bool:
    return bool(spec.protocol.calcium_clamps()) or spec.conditions.buffer is not None
