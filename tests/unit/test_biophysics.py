"""Membrane rules: what they say with distance, and files that are refused."""

import math
import re
import tomllib

import pytest

from ca1ltd import cell_files, resources
from ca1ltd.errors import BadInput
from ca1ltd.model.biophysics import Biophysics, Setting
from ca1ltd.model.cell_biophysics import (
    biophysics_of,
    changed_biophysics,
    quantities,
    quantity_at,
    read_biophysics,
)

TEXT = (resources.cells_dir() / "biophysics.toml").read_text(encoding="utf-8")


@pytest.fixture
def rules() -> Biophysics:
    return Biophysics.model_validate(tomllib.loads(TEXT))


def value(settings: tuple[Setting, ...], mechanism: str, variable: str) -> float:
    return next(s.value for s in settings if s[:2] == (mechanism, variable))


#: What a cell has of its own: how thick its branches are drawn, and what goes with it.
OWN = {"c5038804": ("branch_diameter", "axial_resistance")}


def test_all_cells_have_the_same_rules_but_for_the_thickness_of_branches(rules):
    for name in cell_files.project_cells():
        found = biophysics_of(name)
        shared = {key: getattr(rules.passive, key) for key in OWN.get(name, ())}
        passive = found.passive.model_copy(update=shared)
        assert found.model_copy(update={"passive": passive}) == rules
        assert (found != rules) == bool(shared)


def test_a_cell_says_what_it_has_of_its_own(rules, tmp_path):
    own = tmp_path / "own.toml"
    own.write_text(
        '[kdr]\nsoma = { value = 0.01, unit = "S/cm2", source = "of this cell" }\n'
        '[ka.distal]\nvhalf = { value = -2.0, unit = "mV", source = "of this cell" }\n'
    )
    found = read_biophysics(resources.cells_dir() / "biophysics.toml", own)
    assert found.kdr.soma.value == 0.01
    assert found.ka.distal.vhalf.value == -2.0
    assert found.kdr.axon == rules.kdr.axon
    assert found.ka.distal.gm == rules.ka.distal.gm
    own.write_text('[kdr]\nsomma = { value = 0.01, unit = "S/cm2", source = "of this cell" }\n')
    with pytest.raises(BadInput, match=r"own.toml cannot be used: kdr.somma"):
        read_biophysics(resources.cells_dir() / "biophysics.toml", own)


def test_every_quantity_can_be_changed_within_its_range(rules):
    ramp = [("nat", "slow_from"), ("nat", "slow_to")]  # which must rise
    for path, allowed in quantities():
        before = quantity_at(rules, path)
        assert before.unit == allowed.unit
        other = allowed.high if path != ramp[0] else allowed.low
        if other != before.value:
            after = changed_biophysics(rules, {path: other}, source="a test of it")
            assert quantity_at(after, path).value == other
        with pytest.raises(BadInput, match=path[-1]):
            changed_biophysics(rules, {path: allowed.high + 1}, source="a test of it")
    with pytest.raises(BadInput, match="slow_to must lie beyond slow_from"):
        changed_biophysics(
            rules, dict(zip(ramp, (300.0, 200.0), strict=True)), source="a test of it"
        )


def test_spines_add_membrane_to_spiny_dendrites_only(rules):
    # 2.9 spines/um of 0.83 um2 on a dendrite of 0.7 um: 1 + 2.9*0.83/(pi*0.7)
    assert rules.passive.spine_factor("apical", 200.0, 0.7) == pytest.approx(2.0945, rel=1e-4)
    assert rules.passive.spine_factor("basal", 200.0, 1.4) == pytest.approx(1.5473, rel=1e-4)
    assert rules.passive.spine_factor("apical", 20.0, 0.7) == 1.0
    assert rules.passive.spine_factor("soma", 0.0, 17.0) == 1.0
    assert rules.passive.spine_factor("axon", 60.0, 1.0) == 1.0


def test_leak_and_capacitance_grow_together(rules):
    bare = rules.settings_at("basal", 20.0, 0.7)
    spiny = rules.settings_at("basal", 200.0, 0.7)
    assert value(spiny, "pas", "g") / value(bare, "pas", "g") == pytest.approx(2.0945, rel=1e-4)
    ratio = rules.capacitance_at("basal", 200.0, 0.7) / rules.capacitance_at("basal", 20.0, 0.7)
    assert ratio == pytest.approx(2.0945, rel=1e-4)


def test_apical_dendrite_leaks_more_the_farther_out(rules):
    passive = rules.passive
    start, end = passive.resistance.value, passive.resistance_end.value
    half, slope = passive.resistance_half.value, passive.resistance_slope.value
    assert passive.resistance_at("soma", 0.0) == passive.resistance_at("basal", 300.0) == start
    assert passive.resistance_at("apical", half) == pytest.approx((start + end) / 2)
    one_slope = end + (start - end) / (1 + math.e)
    assert passive.resistance_at("apical", half + slope) == pytest.approx(one_slope)
    assert passive.resistance_at("apical", 2000.0) == pytest.approx(end)


def test_leak_reverses_at_more_negative_potentials_along_the_dendrite(rules):
    start, slope = rules.passive.e_leak.value, rules.passive.e_leak_gradient.value
    assert rules.passive.e_leak_at("soma", 0.0) == start
    assert rules.passive.e_leak_at("apical", 100.0) == pytest.approx(start + 100 * slope)
    assert rules.passive.e_leak_at("apical", 1e6) == rules.passive.e_leak_min.value
    assert rules.passive.e_leak_at("axon", 60.0) == start


def test_slow_inactivation_comes_between_its_two_distances(rules):
    near, far = rules.nat.slow_from.value, rules.nat.slow_to.value
    found = [rules.nat.exempt_at("apical", d) for d in (0.0, near, (near + far) / 2, far, 600.0)]
    most = rules.nat.exempt.value
    assert 0.3 < most < 1.0
    assert found == pytest.approx([most, most, most / 2, 0.0, 0.0])
    assert rules.nat.exempt_at("axon", 200.0) == rules.nat.exempt_at("soma", 0.0) == most


def test_type_a_grows_to_its_ceiling_and_changes_its_kinetics(rules):
    base, growth = rules.ka.apical.value, rules.ka.growth.value
    assert rules.ka.density_at("apical", 0.0) == base
    assert rules.ka.density_at("apical", 100.0) == pytest.approx(base * (1 + 100 * growth))
    assert rules.ka.density_at("apical", 1e5) == rules.ka.ceiling.value
    assert rules.ka.density_at("soma", 5.0) == rules.ka.soma.value
    near, far = rules.settings_at("apical", 100.0, 1.0), rules.settings_at("apical", 101.0, 1.0)
    assert (value(near, "ca1ka", "vhalf"), value(far, "ca1ka", "vhalf")) == (11.0, -1.0)
    assert (value(near, "ca1ka", "z0"), value(far, "ca1ka", "z0")) == (1.5, 1.8)


def test_ih_grows_with_distance_to_its_ceiling(rules):
    base, growth = rules.ih.base.value, rules.ih.growth.value
    assert rules.ih.density_at(200.0) == pytest.approx(base * (1 + 200 * growth))
    assert rules.ih.density_at(2000.0) == rules.ih.ceiling.value
    assert (rules.ih.vhalf_at(100.0), rules.ih.vhalf_at(101.0)) == (-73.0, -81.0)


@pytest.mark.parametrize("kind", ["soma", "axon", "basal", "apical"])
def test_one_kind_has_the_same_mechanisms_everywhere(rules, kind):
    near, far = rules.settings_at(kind, 0.0, 1.0), rules.settings_at(kind, 500.0, 0.3)
    assert [s[:2] for s in near] == [s[:2] for s in far]
    mechanisms = {s.mechanism for s in near}
    assert ("ca1km" in mechanisms) == (kind in ("soma", "axon"))
    assert ("ca1capool" in mechanisms) == (kind != "axon")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (r"(axial_resistance = .*)Ohm cm", r"\1Ohm m", "its unit is Ohm cm"),
        (r"(axial_resistance = \{ value = )\d+", r"\g<1>17000", "outside 10 to 500 Ohm cm"),
        (r"\[ih\]\nbase", "[ih]\nbasis", "ih.base"),
        (r"\[capool\]", "[pool]", "capool"),
        (r"(slow_from = \{ value = )[\d.]+", r"\g<1>1000", "slow_to must lie beyond"),
        (r"\[reversal\]", "[reversal", "not a TOML file"),
        (r'(slow_to = .*source = )".*"', r'\1""', "nat.slow_to.source"),
    ],
)
def test_a_wrong_file_is_refused_in_one_sentence(tmp_path, old, new, message):
    text, count = re.subn(old, new, TEXT, count=1)
    assert count == 1
    path = tmp_path / "biophysics.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match=message) as caught:
        read_biophysics(path)
    assert "\n" not in str(caught.value)
    assert str(path) in str(caught.value)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(BadInput, match="cannot be read"):
        read_biophysics(tmp_path / "none.toml")
