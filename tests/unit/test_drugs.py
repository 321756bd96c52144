import re

import pytest

from ca1ltd import protocols, resources
from ca1ltd.errors import BadInput
from ca1ltd.model import drugs, parameters
from ca1ltd.units import minute


def test_names_and_aliases_are_known_in_any_case():
    for text in ("D-AP5", "d-ap5", "apv", " AP5 "):
        assert drugs.parse(text).name == "D-AP5"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("D AP5", "D-AP5"),
        ("MK801", "MK-801"),
        ("Ro 25-6981", "Ro-25-6981"),
        ("Ro 25 6981", "Ro-25-6981"),
        ("N-methyl-D-aspartate", "NMDA"),
        ("okadaic acid", "okadaic-acid"),
        ("Calyculin A", "calyculin-A"),
        ("microcystin LR", "microcystin"),
        ("FK 506", "FK506"),
        ("cyclosporin A", "cyclosporin-A"),
        ("cyclosporine A", "cyclosporin-A"),
        ("cyclosporine", "cyclosporin-A"),
        ("ciclosporine", "cyclosporin-A"),
        ("thiophospho inhibitor-1", "thiophospho-inhibitor-1"),
        ("thiophosphorylated inhibitor 1", "thiophospho-inhibitor-1"),
        ("Oregon Green 488 BAPTA-1", "OGB-1"),
        ("KN 62", "KN-62"),
        ("dynamin inhibitory peptide", "dynamin-inhibitory-peptide"),
        ("botulinum toxin", "botulinum-toxin"),
        ("botulinum toxin B", "botulinum-toxin"),
        ("Cs+", "caesium"),
        ("6-cyano-7-nitroquinoxaline-2,3-dione", "CNQX"),
        ("SR 95531", "gabazine"),
        ("bicuculline methiodide", "bicuculline"),
        ("tetrodotoxin", "TTX"),
        ("St-Ht31", "Ht31"),
        ("ttx", "TTX"),
        ("SNX 482", "SNX-482"),
    ],
)
def test_the_names_that_papers_write_are_known(text, name):
    assert drugs.parse(f"{text}=1").name == name


@pytest.mark.parametrize("known", drugs.DRUGS, ids=lambda known: known.name)
def test_every_drug_has_a_working_default_and_a_source(known):
    drug = drugs.parse(known.name)
    assert drug.concentration == known.default
    assert len(known.source) > 30
    assert known.site in ("bath", "pipette")
    assert known.side in ("postsynaptic", "both")
    assert known.acts
    for act in known.acts:
        row = parameters.table()[act.key]
        assert row.value == 0  # nothing without the drug
        assert 0 < act.size(drug.concentration) <= row.high
        assert 0 < act.most <= row.high
    for word in known.aliases:
        assert drugs.info(word.upper()) is known


def test_no_two_drugs_share_a_name():
    names = [word.casefold() for known in drugs.DRUGS for word in (known.name, *known.aliases)]
    words = [name.translate(dict.fromkeys(map(ord, " -"))) for name in names]
    assert len(set(words)) == len(words)


#: Blockers of which slices are given less: H-89 competes with the ATP of the cell; more of it is
#: not selective.
PARTIAL = {"H-89": 0.65}


@pytest.mark.parametrize(
    ("known", "act"),
    [
        pytest.param(known, act, id=f"{known.name}: {act.key}")
        for known in drugs.DRUGS
        for act in known.acts
    ],
)
def test_an_effect_grows_with_the_concentration(known, act):
    sizes = [act.size(c) for c in (0.0, 0.3 * known.default, known.default, 3 * known.default)]
    assert sizes[0] == 0
    assert sizes == sorted(set(sizes))
    if act.half is not None:
        assert act.size(act.half) == pytest.approx(0.5 * act.most)
        assert act.size(9 ** (1 / act.hill) * act.half) == pytest.approx(0.9 * act.most)
        # of a blocker, slices are given what does most of what it can do
        least = PARTIAL.get(known.name, 0.85)
        assert act.law != "block" or act.size(known.default) > least * act.most
    else:
        assert act.size(known.default) == pytest.approx(known.default / 1000)  # mM


def test_a_hill_coefficient_of_2_makes_the_block_steeper():
    effect = drugs.Effect(mechanism="x", variable="y", law="block", half=2, hill=2, most=0.8)
    assert effect.size(6) == pytest.approx(0.8 * 36 / 40)


def settings(*present, taken=None, without=lambda key: 0.0):
    there = {each.info: each.concentration for each in present}
    found = drugs.together(taken or present, there, without)
    return {f"{mechanism}.{variable}": value for mechanism, variable, value in found}


def test_okadaic_acid_blocks_pp2a_at_a_hundredth_of_what_blocks_pp1():
    found = settings(drugs.okadaic_acid(0.002))
    assert {key for key in found if key.endswith(".phosphatase_block")} == {
        "ca1psd.phosphatase_block",
        "ca1ampar.phosphatase_block",
    }
    assert {key for key in found if key.endswith(".pp2a_block")} == {
        "ca1i1.pp2a_block",
        "ca1ampar.pp2a_block",
        "ca1camkii.pp2a_block",
    }
    for key, value in found.items():
        assert value > 0.9 if key.endswith("pp2a_block") else value < 0.1
    assert min(settings(drugs.okadaic_acid(1)).values()) > 0.97


def test_ht31_takes_pka_from_s845_and_not_from_inhibitor_1():
    assert settings(drugs.ht31(9)) == pytest.approx({"ca1ampar.pka_released": 0.9})


def test_kn_62_keeps_calmodulin_from_camkii_and_camkii_from_its_neighbours():
    found = settings(drugs.kn_62(9))
    assert found.keys() == {"ca1cam.camkii_block", "ca1camkii.block"}
    assert found["ca1cam.camkii_block"] == found["ca1camkii.block"] == pytest.approx(10 / 11)


def test_bapta_is_a_buffer_in_mM():
    assert settings(drugs.bapta(10_000)) == {"ca1spineca.bapta_total": 10.0}


def test_drugs_on_one_target_act_together_and_leave_one_by_one():
    both = fk506, _cyclosporin = drugs.fk506(0.0005), drugs.cyclosporin_a(0.03)
    assert settings(*both)["ca1cam.can_block"] == pytest.approx(1 - 0.5 * 0.25)
    assert settings(fk506, taken=both)["ca1cam.can_block"] == pytest.approx(0.5)
    assert settings(taken=both)["ca1cam.can_block"] == 0
    buffers = (drugs.bapta(1000), drugs.ogb_1(100))
    assert settings(*buffers)["ca1spineca.bapta_total"] == pytest.approx(1.1)


def test_a_drug_comes_on_top_of_what_the_parameters_say():
    half = drugs.fk506(0.0005)
    assert settings(half, without=lambda key: 0.6)["ca1cam.can_block"] == pytest.approx(0.8)
    assert settings(taken=(half,), without=lambda key: 0.6)["ca1cam.can_block"] == 0.6
    more = settings(drugs.egta(200), without=lambda key: 0.3)
    assert more["ca1spineca.egta_total"] == pytest.approx(0.5)


def test_the_window_counts_from_the_start_of_induction():
    lfs = protocols.lfs()
    assert drugs.parse("D-AP5").window(lfs) == (0, lfs.t_stop)
    assert drugs.parse("D-AP5@-5..15").window(lfs) == (15 * minute, 35 * minute)
    assert drugs.parse("D-AP5@..0").window(lfs) == (0, 20 * minute)
    assert drugs.parse("D-AP5@70..500").window(lfs) == (90 * minute, lfs.t_stop)


@pytest.mark.parametrize("text", ["D-AP5@75..90", "D-AP5@..-20", "D-AP5@-99..-30"])
def test_a_window_wholly_outside_the_run_is_refused(text):
    with pytest.raises(BadInput, match="outside the run, which goes from -20 to 75 min"):
        drugs.parse(text).window(protocols.lfs())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("aspirin", "no drug 'aspirin': there are D-AP5"),
        ("D-AP5=lots", "'lots' is not a number"),
        ("D-AP5=50M", "'50M' is not a number: write NAME"),
        ("D-AP5=uM", "'' is not a number"),
        ("D-AP5=", "'' is not a number"),
        ("D-AP5=0", "concentration is 0 uM"),
        ("D-AP5=-3", "concentration is -3 uM"),
        ("D-AP5=nan", "concentration is nan uM"),
        ("D-AP5@15", "is not written NAME"),
        ("D-AP5@15..5", "ends before it starts"),
        ("D-AP5@inf..", "not a time"),
        ("", "is not written NAME"),
    ],
)
def test_a_bad_drug_is_one_sentence(text, words):
    with pytest.raises(BadInput, match=words):
        drugs.parse(text)


@pytest.mark.parametrize(
    "text", ["D-AP5=50", "FK506=1@0..15", "KN-62=4@-5..", "BAPTA=500@..3.5", "Ro-25-6981=2"]
)
def test_text_and_json_give_the_same_drug_back(text):
    drug = drugs.parse(text)
    assert str(drug) == text
    assert drugs.parse(str(drug)) == drug
    assert drugs.from_dict(drug.as_dict()) == drug


@pytest.mark.parametrize(
    ("text", "concentration"),
    [
        ("50uM", 50.0),
        ("50 µM", 50.0),
        ("300nM", 0.3),
        ("1.5mM", 1500.0),
        ("16.1mM", 16100.0),
        ("1e-1uM", 0.1),
    ],
)
def test_a_concentration_may_have_a_unit(text, concentration):
    taken = drugs.parse(f"D-AP5={text}@0..15")
    assert taken == drugs.d_ap5(concentration, start=0, end=15)


def test_each_drug_has_a_word_in_scripts():
    for known in drugs.DRUGS:
        word = known.name.lower().replace("-", "_")
        assert word in dir(drugs)
        assert getattr(drugs, word)() == drugs.parse(known.name)
    assert drugs.d_ap5(25, start=0, end=15) == drugs.parse("D-AP5=25@0..15")


@pytest.mark.parametrize(
    ("taken", "words"),
    [
        (lambda: drugs.d_ap5("50"), "D-AP5: the concentration '50' is not a number of uM"),
        (lambda: drugs.d_ap5([50]), r"the concentration \[50\] is not a number"),
        (lambda: drugs.d_ap5(50, start="a"), "the window's a is not a time"),
        (lambda: drugs.drug(3), "no drug '3': there are"),
    ],
)
def test_a_drug_of_the_wrong_type_is_one_sentence(taken, words):
    with pytest.raises(BadInput, match=words):
        taken()


def test_caesium_blocks_every_potassium_channel():
    carriers = {
        file.stem
        for file in resources.mod_files()
        if re.search(r"USEION k [^\n]*WRITE ik", file.read_text(encoding="utf-8"))
    }
    blocked = {effect.mechanism for effect in drugs.info("caesium").acts}
    assert blocked == carriers
    assert len(carriers) > 5
