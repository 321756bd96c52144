import pytest

from ca1ltd import drugs, protocols
from ca1ltd.errors import BadInput
from ca1ltd.units import minute


def test_names_and_aliases_are_known_in_any_case():
    for text in ("D-AP5", "d-ap5", "apv", " AP5 "):
        assert drugs.parse(text).name == "D-AP5"


@pytest.mark.parametrize("known", drugs.DRUGS, ids=lambda known: known.name)
def test_every_drug_has_a_working_default_and_a_source(known):
    drug = drugs.parse(known.name)
    assert drug.concentration == known.default
    assert known.source
    settings = drug.settings()
    assert settings
    assert all(value > 0 for _, _, value in settings)


def test_half_is_blocked_at_the_ic50_and_all_but_a_tenth_at_nine_times_it():
    info = drugs.info("D-AP5")
    assert info.blocked(info.ic50) == pytest.approx(0.5)
    assert info.blocked(9 * info.ic50) == pytest.approx(0.9)
    assert info.blocked(0) == 0


def test_a_hill_coefficient_of_2_makes_the_block_steeper():
    info = drugs.DrugInfo(
        name="x", target="", effect="", default=1, ic50=2, hill=2, source="made up"
    )
    assert info.blocked(6) == pytest.approx(36 / 40)


def test_okadaic_acid_blocks_every_mechanism_in_which_pp1_or_pp2a_acts():
    settings = drugs.okadaic_acid(1).settings()
    assert {mechanism for mechanism, _, _ in settings} == {
        "ca1i1",
        "ca1psd",
        "ca1ampar",
        "ca1camkii",
    }
    assert {variable for _, variable, _ in settings} == {"phosphatase_block"}
    assert all(0.97 < value < 1 for _, _, value in settings)


def test_bapta_is_a_buffer_in_mM():
    assert drugs.bapta(10_000).settings() == (("ca1spineca", "bapta_total", 10.0),)


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


@pytest.mark.parametrize("text", ["D-AP5=50", "FK506=1@0..15", "KN-62=4@-5..", "BAPTA=500@..3.5"])
def test_text_and_json_give_the_same_drug_back(text):
    drug = drugs.parse(text)
    assert str(drug) == text
    assert drugs.parse(str(drug)) == drug
    assert drugs.from_dict(drug.as_dict()) == drug


def test_each_drug_has_a_word_in_scripts():
    made = (drugs.d_ap5(), drugs.okadaic_acid(), drugs.fk506(), drugs.bapta(), drugs.kn_62())
    assert {drug.name for drug in made} == {known.name for known in drugs.DRUGS}
    assert drugs.d_ap5(25, start=0, end=15) == drugs.parse("D-AP5=25@0..15")
