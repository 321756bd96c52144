import os
from pathlib import Path

import pytest

from ca1ltd import build

FAKES = Path(__file__).parent / "fakes"


@pytest.fixture
def fake_slices(monkeypatch):
    """Let slices be made up instead of simulated; returns the function's name for the pool."""
    monkeypatch.setenv(
        "PYTHONPATH", os.pathsep.join([str(FAKES), os.environ.get("PYTHONPATH", "")])
    )
    monkeypatch.setattr(build, "build", lambda: None)
    return "fake_slice:run_slice"
