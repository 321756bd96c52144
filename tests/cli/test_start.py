"""What the command line loads, and where it prints: lists need neither NEURON nor a terminal."""

import os
import platform
import subprocess
import sys

import pytest

from ca1ltd.cli import main

HEAVY = {"neuron", "pandas", "matplotlib", "scipy"}
LISTS = (
    "--version",
    "--help",
    "info",
    "info protocols",
    "info drugs",
    "info drugs D-AP5 --json",
    "info conditions",
    "info cells",
    "info figures",
    "info parameters",
)
_LOADED = """
import sys
from ca1ltd.cli import main
status = main(sys.argv[1:])
print(*{name.partition(".")[0] for name in sys.modules}, file=sys.stderr)
sys.exit(status)
"""


def said(*words, **environment):
    return subprocess.run(
        [sys.executable, *words],
        env={**os.environ, **environment},
        capture_output=True,
        check=False,
    )


@pytest.mark.parametrize(
    "words", [*LISTS, "run --help", "run lfs --help", "experiment list", "figure --help"]
)
def test_nothing_heavy_is_loaded_and_a_nonsense_backend_and_an_ascii_terminal_do_not_matter(
    words, capsys
):
    assert main(words.split()) == 0
    plain = capsys.readouterr().out
    bare = {"MPLBACKEND": "nonsense", "PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    result = said("-c", _LOADED, *words.split(), **bare)
    assert result.returncode == 0, result.stderr
    assert result.stdout == plain.encode("ascii", errors="replace")
    loaded = set(result.stderr.decode().split())
    assert "typer" in loaded
    if words not in ("experiment list", "figure --help"):
        assert not loaded & HEAVY
    if words.startswith(("--", "info figures", "info drugs", "info parameters")):
        assert "numpy" not in loaded


def test_there_is_a_letter_that_an_ascii_terminal_does_not_have():
    result = said("-m", "ca1ltd", "experiment", "list", PYTHONUTF8="1")
    assert result.returncode == 0, result.stderr
    assert not result.stdout.isascii()


HELPED = ["", "run", "run lfs", "sweep", "sweep lfs", "sweep list", "figure", "info", "build"]


@pytest.mark.parametrize("words", [*HELPED, "cell", "cell show", "experiment", "experiment run"])
def test_help_is_whole_and_short_for_it_is_h(words, capsys):
    said = []
    for word in ("-h", "--help"):
        assert main([*words.split(), word]) == 0
        said.append(capsys.readouterr().out)
    assert said[0] == said[1]
    assert "-h, --help" in said[0]
    below = said[0].partition("\n")[2].replace("ID...", "").replace(",...", "")
    assert "..." not in below


@pytest.mark.parametrize(
    ("words", "places"),
    [
        ("run lfs", ["info drugs", "info cells", "info parameters"]),
        ("sweep lfs", ["info drugs", "info cells", "info parameters"]),
        ("figure", ["info figures", "info cells"]),
        ("experiment run", ["experiment list", "info cells", "info parameters"]),
        ("export sbml", ["info parameters"]),
    ],
)
def test_help_says_where_values_are_listed(words, places, capsys):
    assert main([*words.split(), "--help"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    for place in places:
        assert f"`ca1ltd {place}`" in said


@pytest.mark.parametrize(
    ("words", "last", "found"),
    [
        (["run"], "lf", {"lfs"}),
        (["sweep"], "paired", {"paired-pulse", "paired-pulse-lfs"}),
        (["run", "lfs"], "--test", {"--test-interval"}),
        (["figure"], "--fr", {"--from"}),
    ],
)
def test_tab_completes_commands_and_options(words, last, found):
    line = " ".join(["ca1ltd", *words, last])
    result = said(
        *("-c", "from ca1ltd.cli import main; main()"),
        _CA1LTD_COMPLETE="complete_bash",
        COMP_WORDS=line,
        COMP_CWORD=str(len(words) + 1),
    )
    assert set(result.stdout.decode().split()) == found, result.stderr


def test_nothing_that_lies_where_a_command_is_given_is_executed(tmp_path):
    """Neither by Python nor by NEURON, which loads what is compiled where it is started."""
    for name in ("pandas.py", "numpy.py", "typer.py", "neuron.py", "sitecustomize.py"):
        (tmp_path / name).write_text("raise SystemExit('executed')")
    for machine in {platform.machine(), "x86_64", "arm64"}:
        (tmp_path / machine).mkdir()
        (tmp_path / machine / "libnrnmech.so").write_bytes(b"no library")
    for words in (("info",), ("export", "sbml")):
        result = subprocess.run(
            [sys.executable, "-m", "ca1ltd", *words], cwd=tmp_path, capture_output=True, check=False
        )
        assert result.returncode == 0, result.stderr
        assert b"no library" not in result.stderr
        assert b"libnrnmech" not in result.stderr
