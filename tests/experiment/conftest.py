"""What the tests of runs and sweeps share: the command with fake slices, and what it leaves."""

import time

import pytest
from fake_slice import made_up_result
from forked import start_command

from ca1ltd import protocols, provenance
from ca1ltd.experiment.spec import ExperimentSpec
from ca1ltd.experiment.store.run_folder import Store

_SWEEP = (
    *("sweep", "lfs", "--baseline", "1", "--follow-up", "1", "--test-interval", "10"),
    *("--pulses", "20,40", "--slices", "2"),
)


@pytest.fixture
def experiment():
    """Return the function that makes a specification of little work."""

    def made(*, seed=1, slices=2):
        protocol = protocols.lfs(baseline=5, follow_up=10, pulses=60)
        return ExperimentSpec(protocol=protocol, seed=seed, slices=slices)

    return made


@pytest.fixture(scope="session")
def leave_run():
    """Return the function that leaves a finished run of slices that are made up."""

    def leave(path, spec):
        store = Store(path, spec)
        store.begin()
        for each in spec.slice_specs():
            store.slices.save(made_up_result(each))
        store.complete()

    return leave


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
        running.append(start_command(*words, cwd=tmp_path, **environment))
        return running[-1]

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
    process = start_command(*_SWEEP, "--workers", "1", "--out", out, cwd=out.parent)
    _, said = process.communicate(timeout=120)
    assert process.returncode == 0, said
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
