"""Genotypes: what each changes, how they combine, and what is refused."""

import pytest

from ca1ltd import protocols
from ca1ltd.errors import BadInput
from ca1ltd.experiment.spec import ExperimentSpec
from ca1ltd.experiment.sweep.grid import grid, row_of
from ca1ltd.model import parameters
from ca1ltd.model.conditions import USUAL, Conditions
from ca1ltd.model.genotypes import applied, genotypes, named

TABLE = parameters.table()


@pytest.mark.parametrize("each", genotypes(), ids=lambda each: each.name)
def test_each_changes_parameters_of_the_model_and_has_a_source(each):
    assert len(each.source) > 20
    found = Conditions(genotype=each.name).parameters()
    assert found.keys() == {act.key for act in each.acts}
    for key, value in found.items():
        assert value != TABLE[key].value
        assert TABLE[key].low <= value <= TABLE[key].high
    for name in each.aliases:
        assert named(name) == (each,)


def test_a_heterozygote_has_half_and_a_knock_out_less():
    for protein, key in (
        ("CaMKII", "ca1cam.camkii_total"),
        ("CNB1", "ca1cam.can_total"),
        ("I1", "ca1i1.i1_total"),
    ):
        half, none = (applied(f"{protein}-{kind}", {})[key] for kind in ("het", "ko"))
        assert half == 0.5 * TABLE[key].value
        assert none < half


def test_akap150_may_lose_pka_or_calcineurin_or_both():
    without_pka, without_calcineurin = (
        Conditions(genotype=f"AKAP150-{kind}").parameters() for kind in ("D36", "dPIX")
    )
    assert without_pka == {"ca1ampar.pka_released": 1}
    assert without_calcineurin == {"ca1psd.can_released": 1, "ca1ampar.can_released": 1}
    both = Conditions(genotype="AKAP150-D36+AKAP150-dPIX")
    assert both.parameters() == without_pka | without_calcineurin


def test_the_wild_type_changes_nothing_and_is_the_default():
    assert USUAL.genotype == "wild-type"
    assert Conditions(genotype="Wild type").parameters() == {}


def test_several_combine_and_have_one_name():
    both = Conditions(genotype="i1-ko + camkii t286a")
    assert both == Conditions(genotype="CaMKII-T286A+I1-ko")
    assert both.genotype == "CaMKII-T286A+I1-ko"
    assert both.parameters() == {
        **Conditions(genotype="CaMKII-T286A").parameters(),
        **Conditions(genotype="I1-ko").parameters(),
    }


def test_a_genotype_changes_what_the_slice_and_the_user_have_set():
    key = "ca1cal.scale"
    old = Conditions(age=700).parameters()[key]
    assert Conditions(age=700, genotype="CaV1.2-ko").parameters()[key] == 0.2 * old
    said = {"ca1cam.can_total": 6e-3}
    assert Conditions(genotype="CNB1-het").parameters(said)["ca1cam.can_total"] == 3e-3
    assert USUAL.parameters(said) == said


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("CaMKII", "no genotype 'CaMKII': there are wild-type, CaMKII-het"),
        ("", "no genotype ''"),
        ("I1-ko+wild-type", "no genotype 'wild-type'"),
        ("I1-ko+I1 ko", "genotype I1-ko is given twice"),
        ("CNB1-ko+CNB1-het", "CNB1-ko and CNB1-het exclude each other: both are of Ppp3r1"),
    ],
)
def test_what_is_no_genotype_is_refused_in_one_sentence(text, words):
    with pytest.raises(BadInput, match=words.replace("+", r"\+")) as caught:
        Conditions(genotype=text)
    assert "\n" not in str(caught.value)


def test_it_is_kept_with_a_run_and_swept():
    spec = ExperimentSpec(protocol=protocols.lfs(), conditions=Conditions(genotype="CNB1-ko"))
    assert spec.as_dict()["conditions"]["genotype"] == "CNB1-ko"
    assert ExperimentSpec.from_dict(spec.as_dict()) == spec
    swept = grid("lfs", {"genotype": ["wild-type", "CNB1-ko,CaMKII-T286A+I1-ko"]})
    assert [row_of(each)["genotype"] for each in swept] == [
        "wild-type",
        "CNB1-ko",
        "CaMKII-T286A+I1-ko",
    ]
