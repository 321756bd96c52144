"""What the command line loads, and where it prints: lists need neither NEURON nor a terminal."""

import os
import subprocess
import sys

import pytest

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


@pytest.mark.parametrize("words", [*LISTS, "run --help", "run lfs --help"])
def test_lists_and_help_load_nothing_heavy(words):
    result = said("-c", _LOADED, *words.split())
    assert result.returncode == 0, result.stderr
    loaded = set(result.stderr.decode().split())
    assert "typer" in loaded
    assert not loaded & HEAVY
    if words.startswith(("--", "info figures", "info drugs", "info parameters")):
        assert "numpy" not in loaded


@pytest.mark.parametrize("words", [*LISTS, "experiment list", "run lfs --help", "figure --help"])
def test_a_nonsense_backend_and_an_ascii_terminal_do_not_matter(words):
    plain = said("-m", "ca1ltd", *words.split(), PYTHONUTF8="1")
    assert plain.returncode == 0, plain.stderr
    bare = {"MPLBACKEND": "nonsense", "PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    result = said("-m", "ca1ltd", *words.split(), **bare)
    assert result.returncode == 0, result.stderr
    assert result.stdout == plain.stdout.decode().encode("ascii", errors="replace")


def test_there_is_a_letter_that_an_ascii_terminal_does_not_have():
    assert not said("-m", "ca1ltd", "experiment", "list", PYTHONUTF8="1").stdout.isascii()
