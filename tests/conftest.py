import gc
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest
from forked import ForkedServer
from search_path import with_fakes

from ca1ltd import build
from ca1ltd.experiment.workers import local
from ca1ltd.experiment.workers.server import FORKS_LOADED


def pytest_collection_finish() -> None:
    """Take what is loaded out of garbage collection, which tests with NEURON ask for often."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def fake_slices(monkeypatch):
    """Let slices be made up instead of simulated; returns the function's name for the pool."""
    monkeypatch.setenv("PYTHONPATH", with_fakes())
    monkeypatch.setattr(build, "build", lambda: None)
    if FORKS_LOADED:
        monkeypatch.setattr(local, "Popen", ForkedServer)
    return "fake_slice:run_slice"


class DaskCluster:
    """A scheduler and two workers, each a process of its own."""

    def __init__(self, folder, environment):
        self._folder, self._environment = folder, environment
        self.file = folder / "scheduler.json"
        self.scheduler = self._process("scheduler", "--port", "0", "--host", "127.0.0.1")
        self.workers = []
        for _ in range(2):
            self.add_worker()
        deadline = time.monotonic() + 60
        while not self.file.exists() and time.monotonic() < deadline:
            time.sleep(0.05)

    def add_worker(self):
        words = ("--nthreads", "1", "--no-nanny", "--local-directory", str(self._folder))
        self.workers.append(self._process("worker", *words))

    def close(self):
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()

    def _process(self, *words):
        common = ("--no-dashboard", "--scheduler-file", str(self.file))
        with (self._folder / "dask.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "dask", *words, *common],
                env={**os.environ, "OPENBLAS_NUM_THREADS": "1", **self._environment},
                stdout=log,
                stderr=log,
            )


@pytest.fixture(scope="session")
def start_dask():
    """Start a Dask scheduler and two workers in a folder, with this environment."""
    started = []

    def start(folder, **environment):
        started.append(DaskCluster(folder, environment))
        return started[-1]

    yield start
    for cluster in started:
        cluster.close()


@pytest.fixture
def n() -> Iterator[Any]:
    """NEURON at 34 degC with the mechanisms; every setting is put back."""
    from ca1ltd.engine import session  # loads NEURON, which most tests do without

    session.load()
    gc.collect()  # sections of earlier tests would be simulated along
    with session.settings(celsius=34.0, atol=1e-3):
        yield session.n
