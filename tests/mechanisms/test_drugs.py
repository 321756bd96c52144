"""Whatever a drug acts on exists in the compiled mechanisms."""

import pytest

from ca1ltd.model import drugs

ACTS = sorted({(act.mechanism, act.variable) for known in drugs.DRUGS for act in known.acts})


@pytest.mark.parametrize(("mechanism", "variable"), ACTS, ids=str)
def test_the_variable_is_there_and_0(n, mechanism, variable):
    section = n.Section(name="any")
    if mechanism in ("ca1ampa", "ca1nmda", "ca1gaba", "ca1bouton"):
        instance = getattr(n, mechanism)(section(0.5))
    else:
        section.insert(mechanism)
        instance = getattr(section(0.5), mechanism)
    assert getattr(instance, variable) == 0
    setattr(instance, variable, 0.25)
    assert getattr(instance, variable) == 0.25
