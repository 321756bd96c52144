"""Rates of voltage are looked up in tables: they are those of the equations."""

import re

import numpy as np
import pytest

from ca1ltd import build, resources

TABLE = re.compile(
    r"^FUNCTION (\w+)\([^\n]*\{\n(?:    LOCAL[^\n]*\n)?    TABLE .*?FROM (-?\d+) TO (\d+)", re.M
)
TABLES = [
    (file.stem, name, float(low), float(high))
    for file in resources.mod_files()
    for source in build.sources((file,))
    for name, low, high in TABLE.findall(source.read_text(encoding="utf-8"))
]


def test_there_are_tables():
    assert len(TABLES) > 25


@pytest.mark.parametrize(("mechanism", "name", "low", "high"), TABLES)
def test_a_table_holds_the_equation(n, head, tabulated, mechanism, name, low, high):
    it = head()
    if mechanism == "ca1nmda":
        owner = n.ca1nmda(it.seg)
    else:
        it.section.insert(mechanism)
        owner = getattr(it.seg, mechanism)
    it.start()
    between = np.linspace(max(low, -100.0), min(high, 60.0), 1337)
    found, expected = [], []
    for tables, values in ((True, found), (False, expected)):
        tabulated(mechanism, tables)
        values.extend(getattr(owner, name)(x) for x in between)
    assert np.ptp(expected) > 0
    size = np.abs(expected).max()
    np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-9 * size)  # at a kink
