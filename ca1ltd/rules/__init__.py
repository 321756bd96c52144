"""Published rules of plasticity, driven by calcium or potential of the model's own spines.

Each rule is a module that says its equations in the paper's letters, with published values and the
bounds within which they are fitted.
"""

from typing import Final

from ca1ltd.rules import (
    clopath2010,
    glusynapse2022,
    graupner_brunel2012,
    shouval2002,
    two_thresholds,
)
from ca1ltd.rules.rule import Rule

RULES: Final[dict[str, Rule]] = {
    module.RULE.name: module.RULE
    for module in (
        two_thresholds,
        shouval2002,
        graupner_brunel2012,
        glusynapse2022,
        clopath2010,
    )
}
"""All rules, by name."""

__all__ = ["RULES", "Rule"]
