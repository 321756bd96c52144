"""What the checks share: an account of the numbers."""

from collections.abc import Callable

import pytest


@pytest.fixture
def below(record_property) -> Callable[[str, float, float], None]:
    """Check that a number stays below a limit; both are recorded for `docs/checks.md`.

    ``pytest -s`` shows how far below.
    """

    def check(name: str, found: float, limit: float) -> None:
        print(f"\n{name}: {found:.2g} (limit {limit:g})", end="")
        record_property(name, float(found))
        record_property(f"limit of {name}", limit)
        assert found < limit, f"{name} is {found:.3g}, not below {limit:g}"

    return check
