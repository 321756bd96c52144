"""What the checks share: NEURON with its settings kept, and an account of the numbers."""

import gc
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from ca1ltd.engine import session


@pytest.fixture
def n() -> Iterator[Any]:
    """NEURON with the mechanisms and no sections; every setting is put back."""
    session.load()
    gc.collect()  # sections of earlier tests would be simulated along
    with session.settings(celsius=34.0, atol=1e-3):
        yield session.n


@pytest.fixture
def below() -> Callable[[str, float, float], None]:
    """Check that a number stays below a limit; ``pytest -s`` shows how far below."""

    def check(name: str, found: float, limit: float) -> None:
        print(f"\n{name}: {found:.2g} (limit {limit:g})", end="")
        assert found < limit, f"{name} is {found:.3g}, not below {limit:g}"

    return check
