"""Pages say what their results hold, and with which model those were made."""

import json
import shutil

import pytest

from pages import __main__ as command
from pages.marks import Mark, PageError, filled, marks
from pages.page import written
from pages.result import FILES, ROOT, Result, present
from pages.source import Given, Source, table

MODEL = {"dhc": {"ca1ltd": "1.0", "neuron": "9.0", "mechanisms": "m1", "synapse.toml": "n1"}}
RULES = {FILES: {"judge.py": "r1"}}
SOURCE = Source(
    name="ltd",
    views={
        "table": lambda found: table([("run", "left"), ("lfs", f"{found['left']:.1f}")]),
        "left": lambda found: f"{found['left']:.0f} %",
    },
    collect=lambda given: {"left": 70.0},
)
SOURCES = {"ltd": SOURCE}.__getitem__
PAGE = """# Page

<!-- numbers: ltd table -->
<!-- end -->

After it <!-- number: ltd left --><!-- end --> are left.
"""


@pytest.fixture
def results(tmp_path):
    """A folder with the result of the source, made with the model as it is here."""
    Result(command="make it", made_with={**MODEL, **RULES}, found={"left": 67.8}).write(
        "ltd", tmp_path
    )
    return tmp_path


def shown(text, results, model=MODEL, rules=RULES):
    def now(cells, files):
        return {**{cell: model[cell] for cell in cells}, FILES: rules[FILES]}

    return written(text, results, sources=SOURCES, now=now)


def test_blocks_and_numbers_are_filled_and_filled_again_alike(results):
    text = shown(PAGE, results)
    assert "| lfs | 67.8 |" in text
    assert "After it <!-- number: ltd left -->68 %<!-- end --> are left." in text
    assert "*Made by `make it` with the present model, ca1ltd 1.0 and NEURON 9.0.*" in text
    assert shown(text, results) == text


def test_what_is_typed_over_differs(results):
    text = shown(PAGE, results)
    for old, new in (("67.8", "66.8"), ("68 %", "66 %"), ("present model", "best model")):
        assert text.count(old) == 1
        assert shown(text.replace(old, new), results) == text


@pytest.mark.parametrize(
    ("model", "rules", "words"),
    [
        ({"mechanisms": "m2"}, {}, "an earlier model: mechanisms changed since"),
        (
            {"mechanisms": "m2", "synapse.toml": "n2"},
            {"judge.py": "r2"},
            "an earlier model: mechanisms, synapse.toml and judge.py changed since",
        ),
        ({"drugs.toml": "new"}, {}, "an earlier model: drugs.toml changed since"),
        ({"neuron": "9.1"}, {}, "the present model, ca1ltd 1.0 and NEURON 9.0"),
    ],
)
def test_the_page_says_what_of_the_model_has_changed(results, model, rules, words):
    model = {"dhc": {**MODEL["dhc"], **model}}
    rules = {FILES: {**RULES[FILES], **rules}}
    assert f"*Made by `make it` with {words}.*" in shown(PAGE, results, model, rules)


def test_what_was_made_at_a_commit_is_of_an_earlier_model(tmp_path):
    Result(command="make it", commit="abc1234", found={"left": 1.0}).write("ltd", tmp_path)
    found = shown(PAGE, tmp_path)
    assert "with an earlier model (commit abc1234), in the digits that were printed.*" in found


def test_a_result_that_is_missing_or_says_nothing_of_its_model_is_refused(results):
    file = results / "ltd.json"
    content = json.loads(file.read_text())
    file.write_text(json.dumps({**content, "made_with": {}}))
    with pytest.raises(PageError, match="does not say with which model"):
        shown(PAGE, results)
    file.write_text("[]")
    with pytest.raises(PageError, match="is no result"):
        shown(PAGE, results)
    file.unlink()
    with pytest.raises(PageError, match="is missing"):
        shown(PAGE, results)


def test_a_number_needs_a_line_that_says_its_model(results):
    alone = "<!-- number: ltd left --><!-- end -->"
    with pytest.raises(PageError, match="add a block <!-- numbers: ltd made -->"):
        shown(alone, results)
    text = shown(f"{alone}\n\n<!-- numbers: ltd made -->\n<!-- end -->", results)
    assert "68 %" in text
    assert "present model" in text
    assert "| lfs" not in text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<!-- numbers: ltd table -->", "1 marks begin and 0 end"),
        ("a <!-- end -->", "0 marks begin and 1 end"),
        ("<!-- number: ltd --><!-- end -->", "and 0 are whole"),
        (
            "<!-- numbers: ltd table -->\n<!-- number: ltd left -->1<!-- end -->",
            "<!-- numbers: ltd table --> has no <!-- end -->",
        ),
    ],
)
def test_a_mark_that_is_not_whole_is_refused(text, words):
    with pytest.raises(PageError, match=words):
        marks(text)


def test_marks_are_filled_in_their_places():
    text = "<!-- number: a b -->old<!-- end --> and <!-- numbers: c d -->\nold\n<!-- end -->"
    assert marks(text) == [Mark("a", "b", block=False), Mark("c", "d", block=True)]
    assert filled(text, lambda mark: mark.view) == (
        "<!-- number: a b -->b<!-- end --> and <!-- numbers: c d -->\n\nd\n\n<!-- end -->"
    )


def test_a_view_that_is_not_there_is_refused_by_name(results):
    with pytest.raises(PageError, match="'ltd' has no 'graph': it has table, left"):
        shown("<!-- numbers: ltd graph --><!-- end -->", results)


@pytest.fixture
def repository(tmp_path):
    """A repository of one page and its result, made with the present model."""
    (tmp_path / "docs" / "results").mkdir(parents=True)
    (tmp_path / "README.md").write_text(PAGE)
    command.collect(["ltd"], Given(), root=tmp_path, sources=SOURCES)
    return tmp_path


def write(root):
    return command.write(check=False, root=root, sources=SOURCES)


def check(root):
    return command.write(check=True, root=root, sources=SOURCES)


def test_the_check_writes_nothing_and_names_the_line(repository):
    assert check(repository) == [
        "README.md, line 4: it does not say what docs/results hold: make pages"
    ]
    assert (repository / "README.md").read_text() == PAGE
    assert write(repository) == []
    assert "| lfs | 70.0 |" in (repository / "README.md").read_text()
    assert check(repository) == []
    typed = (repository / "README.md").read_text().replace("70.0", "60.0")
    (repository / "README.md").write_text(typed)
    assert "line" in check(repository)[0]


def test_when_the_model_moves_the_check_fails_until_the_page_says_so(repository):
    write(repository)
    file = repository / "docs" / "results" / "ltd.json"
    moved = file.read_text().replace(present(["dhc"])["dhc"]["mechanisms"], "other")
    file.write_text(moved)
    assert check(repository) != []
    write(repository)
    assert (
        "with an earlier model: mechanisms changed since" in (repository / "README.md").read_text()
    )
    assert check(repository) == []


def test_a_missing_result_fails_the_check(repository):
    write(repository)
    (repository / "docs" / "results" / "ltd.json").unlink()
    (wrong,) = check(repository)
    assert wrong.endswith("ltd.json is missing")


def test_the_pages_of_this_repository_say_what_their_results_hold(capsys):
    assert command.main(["--check"]) == 0, capsys.readouterr().err


def test_the_check_of_this_repository_sees_a_number_that_is_typed_over(tmp_path):
    shutil.copytree(ROOT / "docs", tmp_path / "docs", ignore=shutil.ignore_patterns("*.png"))
    text = (ROOT / "README.md").read_text()
    assert "| `hfs`, `tbs` | " in text
    (tmp_path / "README.md").write_text(text.replace("| `hfs`, `tbs` | ", "| `hfs`, `tbs` | 9"))
    wrong = command.write(check=True, root=tmp_path)
    assert [each.split(",")[0] for each in wrong] == ["README.md"]


def test_what_another_command_makes_is_refused_before_anything_is_made(tmp_path):
    other = Source(name="bench", views={}, command="make bench")
    sources = {"ltd": SOURCE, "bench": other}.__getitem__
    with pytest.raises(PageError, match="'bench' is made by another command: make bench"):
        command.collect(["ltd", "bench"], Given(), root=tmp_path, sources=sources)
    assert not list(tmp_path.iterdir())


def test_a_result_of_an_unknown_name_is_refused_in_one_sentence(capsys):
    assert command.main(["collect", "nothing"]) == 2
    assert capsys.readouterr().err.startswith("pages: there is no result 'nothing': there are ")
