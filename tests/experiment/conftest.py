"""What the tests of sweeps share: the command with fake slices, and what it leaves."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from search_path import with_fakes

from ca1ltd import provenance

COMMAND = Path(__file__).parents[1] / "fakes" / "ca1ltd_with_fake_slices.py"
_SWEEP = (
    *("sweep", "lfs", "--baseline", "1", "--follow-up", "1", "--test-interval", "10"),
    *("--pulses", "20,40", "--slices", "2"),
)


@pytest.fixture
def another_model(monkeypatch):
    """From a call on, a part of what results are made with is another."""

    def become(part):
        shared = provenance._shared()
        monkeypatch.setattr(
            provenance, "_shared", lambda: provenance.Provenance(shared, **{part: "0" * 64})
        )

    return become


@pytest.fixture
def words():
    """The words of a sweep of 2 runs with 2 slices each, without its folder."""
    return _SWEEP


@pytest.fixture
def start(fake_slices, tmp_path):
    """Start ``ca1ltd`` with fake slices; what is still running at the end is killed."""
    running = []

    def started(*words, **environment):
        process = subprocess.Popen(
            [sys.executable, COMMAND, *(str(word) for word in words)],
            cwd=tmp_path,
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1", **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        running.append(process)
        return process

    yield started
    for process in running:
        process.kill()
        process.communicate()


@pytest.fixture
def said_by(start):
    """Run ``ca1ltd`` with fake slices; return its exit status and what it said."""

    def run(*words, **environment):
        process = start(*words, **environment)
        out, err = process.communicate(timeout=120)
        return process.returncode, out, err

    return run


@pytest.fixture(scope="session")
def whole(tmp_path_factory):
    """What the sweep leaves when nothing goes wrong, with one worker on this machine."""
    out = tmp_path_factory.mktemp("whole") / "sweep"
    subprocess.run(
        [sys.executable, COMMAND, *_SWEEP, "--workers", "1", "--out", out],
        env={**os.environ, "PYTHONPATH": with_fakes(), "OPENBLAS_NUM_THREADS": "1"},
        capture_output=True,
        check=True,
    )
    return contents(out)


def contents(folder):
    """Return the bytes of every file of a folder, except hidden ones."""
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file() and not file.name.startswith(".")
    }


@pytest.fixture
def left_in():
    """Return the function that says what a folder holds."""
    return contents


@pytest.fixture
def wait_until():
    """Return the function that waits while a process runs."""

    def wait(true, process):
        deadline = time.monotonic() + 60
        while not true():
            assert process.poll() is None, process.communicate()
            assert time.monotonic() < deadline
            time.sleep(0.02)

    return wait


@pytest.fixture
def finished():
    """Return the function that lists the slices and completed runs of a sweep's folder."""
    return lambda folder: [
        *folder.glob("runs/*/slices/slice-???"),
        *folder.glob("runs/*/summary.json"),
    ]
