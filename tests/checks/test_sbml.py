"""The SBML file: valid, complete, at rest, with what was changed; and what is refused."""

from collections import Counter

import pytest

from ca1ltd import resources
from ca1ltd.cli import main
from ca1ltd.model import parameters

pytest.importorskip("libsbml", reason="needs pip install 'ca1ltd[sbml]'")

import libsbml

from ca1ltd.engine.nmodl.mechanism import Apply, Name, Number
from ca1ltd.engine.nmodl.syntax import read_mechanism
from ca1ltd.errors import BadInput
from ca1ltd.export.network import TITLES, Network, cascade_network, resting
from ca1ltd.export.sbml import sbml_text

DEFAULTS = parameters.table()
TOY = """TITLE Toy
NEURON {{
    SUFFIX toy
    USEION ca READ cai
    RANGE k
}}
PARAMETER {{ k = 2 ({unit}) }}
STATE {{ a (mM) b (mM) }}
INITIAL {{ a = 1 b = 0 }}
BREAKPOINT {{ SOLVE go METHOD sparse }}
KINETIC go {{
{equations}
}}
FUNCTION f(x (1)) {{
{steps}
}}
"""


def toy(folder, *, equations="    ~ a <-> b (k, k)", steps="    f = x", unit="/ms"):
    """A network of one mechanism, written for the test."""
    file = folder / "toy.mod"
    file.write_text(TOY.format(equations=equations, steps=steps, unit=unit), encoding="utf-8")
    return Network(mechanisms=(read_mechanism(file),), changed={}, calcium=6e-5, volume=0.07)


def exported(folder, monkeypatch, *words):
    """The document that the command writes; its parts live as long as it does."""
    monkeypatch.chdir(folder)
    assert main(["export", "sbml", *words]) == 0
    return libsbml.readSBMLFromFile("cascade.xml")


def test_libsbml_finds_no_fault_in_units_practice_or_else(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["export", "sbml", "--out", "new/head.xml"]) == 0
    assert capsys.readouterr().out == "new/head.xml\n"
    document = libsbml.readSBMLFromFile("new/head.xml")
    document.setConsistencyChecks(libsbml.LIBSBML_CAT_MODELING_PRACTICE, True)
    document.checkConsistency()
    assert document.getNumErrors() == 0
    assert (document.getLevel(), document.getVersion()) == (3, 2)
    notes = document.getModel().getNotesString()
    assert "CITATION.cff" in notes
    assert "Pepke et al. 2010" in notes  # what the mod files say of themselves


def test_every_state_is_there_by_its_name_with_a_title_and_its_file():
    network = cascade_network()
    start = resting(network)
    document = libsbml.readSBMLFromString(sbml_text(network, start))
    model = document.getModel()
    assert {each.getId() for each in model.getListOfSpecies()} == start.keys()
    assert start.keys() | {"cai"} <= TITLES.keys()
    for species in model.getListOfSpecies():
        assert species.getName() == TITLES[species.getId()]
        assert ".mod" in species.getNotesString()
    assert not model.getParameter("cai").getConstant()
    assert model.getParameter("cai").getValue() == pytest.approx(6e-5)
    assert model.getCompartment("head").getSize() == pytest.approx(0.1)


def test_blocks_become_reactions_and_rate_rules():
    network = cascade_network()
    document = libsbml.readSBMLFromString(sbml_text(network, resting(network)))
    model = document.getModel()
    ruled = {rule.getVariable() for rule in model.getListOfRules() if rule.isRate()}
    assert "pkai" in ruled
    reactions = {each.getId(): each.getName() for each in model.getListOfReactions()}
    assert {"i1p + ppi <-> i1pp1", "ppi <-> thiopp1"} <= set(reactions.values())
    assert {"cam <-> canb", "cam <-> cki", "loose <-> firm"} <= set(reactions.values())
    assert "diffusing <-> vesicles" in reactions.values()
    count = Counter(identifier.partition("_")[0] for identifier in reactions)
    expected = {"ca1cam": 6, "ca1i1": 4, "ca1camkii": 4, "ca1psd": 8, "ca1ampar": 8}
    assert expected.items() <= count.items()
    assert not ruled & {name for each in reactions.values() for name in each.split()}
    body = libsbml.formulaToL3String(model.getFunctionDefinition("ca1ampar_positive").getBody())
    assert body == "piecewise(x, x > 0 dimensionless, 0 dimensionless)"


def test_a_parameter_that_is_set_moves_the_number_and_the_rest(tmp_path, monkeypatch):
    documents = [
        exported(tmp_path, monkeypatch),
        exported(
            tmp_path, monkeypatch, "--set", "ca1cam.kon_can=3", "--set", "ca1spineca.cai_rest=8e-5"
        ),
    ]
    plain, changed = (document.getModel() for document in documents)
    assert plain.getParameter("ca1cam_kon_can").getValue() == DEFAULTS["ca1cam.kon_can"].value
    assert changed.getParameter("ca1cam_kon_can").getValue() == 3
    assert changed.getParameter("cai").getValue() == 8e-5
    cam, can = (changed.getSpecies(name).getInitialConcentration() for name in ("cami", "canb"))
    total, koff = (DEFAULTS[f"ca1cam.{name}"].value for name in ("can_total", "koff_can"))
    assert can == pytest.approx(total * 3 * cam / (3 * cam + 1e-3 * koff), rel=1e-6)
    assert cam > 2 * plain.getSpecies("cami").getInitialConcentration()
    assert "ca1cam.kon_can = 3" in changed.getNotesString()


def test_without_libsbml_the_sentence_names_the_extra(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("ca1ltd.cli.export.find_spec", lambda _: None)
    assert main(["export", "sbml"]) == 2
    assert capsys.readouterr().err.endswith("pip install 'ca1ltd[sbml]'\n")
    assert not list(tmp_path.iterdir())


def test_branches_and_locals_become_one_expression(tmp_path):
    steps = """    LOCAL y
    f = 1
    y = 2*x
    if (y > 3) {
        f = y
    } else {
        f = f + x
    }"""
    (function,) = toy(tmp_path, steps=steps).mechanisms[0].functions
    two, one, x = Number(value=2), Number(value=1), Name("x")
    doubled = Apply("*", (two, x))
    assert function.value == Apply(
        "if", (Apply(">", (doubled, Number(value=3))), doubled, Apply("+", (one, x)))
    )


def test_functions_may_be_included(tmp_path):
    (tmp_path / "half.inc").write_text("FUNCTION half(x (1)) {\n    half = x/2\n}\n")
    equations = '    ~ a -> (half(k))\n}\nINCLUDE "half.inc"\nFUNCTION g(x (1)) {\n    g = x'
    (mechanism,) = toy(tmp_path, equations=equations).mechanisms
    assert [function.name for function in mechanism.functions] == ["half", "g", "f"]
    (tmp_path / "half.inc").write_text("VERBATIM\nENDVERBATIM\n")
    with pytest.raises(BadInput, match="VERBATIM has no translation"):
        toy(tmp_path, equations=equations)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"equations": "    ~ a <-> b (k, k)\n    CONSERVE a + 2 b = 1"}, "is to be conserved"),
        ({"equations": "    ~ a <-> b (g(a), k)"}, "toy calls 'g'"),
        ({"equations": "    ~ a <-> b (v, k)"}, "toy uses 'v'"),
        ({"equations": "    if (a > 1) {\n    a = 1\n    }"}, "has no translation"),
        ({"steps": "    if (x > 1) {\n    f = x\n    }", "equations": "    ~ a -> (f(k))"}, "some"),
        ({"steps": "    f = f2(x)", "equations": "    ~ a -> (f(k))"}, "toy calls 'f2'"),
        ({"steps": "    f = f(x)", "equations": "    ~ a -> (f(k))"}, "calls itself"),
        ({"unit": "furlong"}, "the unit 'furlong'"),
        ({"unit": "/ms) m = 3 (1"}, "'k' is not declared in a line of its own"),
        ({"unit": "furlong", "equations": "KINETIC {"}, "toy.mod is no mod file"),
    ],
)
def test_what_cannot_be_said_in_sbml_is_refused(changes, words, tmp_path):
    with pytest.raises(BadInput, match=words):
        sbml_text(toy(tmp_path, **changes), {"a": 1.0, "b": 0.0})


@pytest.mark.parametrize("name", ["ca1spineca", "ca1nat", "ca1nmda"])
def test_mechanisms_that_do_more_than_solve_are_refused(name):
    with pytest.raises(BadInput, match=rf"{name}\.mod: .* has no translation"):
        read_mechanism(resources.mod_dir() / f"{name}.mod")
