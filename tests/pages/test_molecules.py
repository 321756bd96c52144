"""Spines as molecules: what is said of a model that stands being drawn, or does not."""

from ca1ltd.appraisal import molecules_shown as molecules
from pages.source import table


def told(anchored, taken, epsp):
    """What is told of three looks, the last an hour after the first."""
    return {
        "anchored": {"mean": [50.0, 45.0, anchored], "sd": [0.0, 4.0, 5.0]},
        "psqi": {"mean": [0.1, 1.0, taken], "sd": [0.0, 1.0, 2.0]},
        "ppi": {"mean": [3.0, 3.0, 3.0], "sd": [0.0, 8.0, 8.0]},
        "pski": {"mean": [0.0, 0.0, 0.0], "sd": [0.0, 0.0, 0.0]},
        "epsp": [100.0, 90.0, epsp],
    }


def found(at_rest, after_1hz):
    """A result in which the equations keep 50 receptors at rest, and an EPSP of 70 % after 1 Hz."""
    protocols = {
        "rest": (told(50.0, 0.1, 100.0), told(at_rest, 40.0, 99.0)),
        "1 Hz": (told(35.0, 80.0, 70.0), told(30.0, 85.0, after_1hz)),
    }
    rows = {
        name: {
            "spines": 100,
            "volume_um3": 0.07,
            "times_min": [0.0, 30.0, 60.0],
            "equations": equations,
            "molecules": drawn,
            "happened": 3_000_000,
            "per_s": {"a -> b": 2.5, "b -> a": 0.0},
        }
        for name, (equations, drawn) in protocols.items()
    }
    larger = {**rows["rest"], "spines": 10, "volume_um3": 0.7}
    return {"molecule_nM": 23.7, "protocols": rows, "larger": [larger]}


def test_what_is_allowed_is_kept_up_to_its_end_and_missed_beyond():
    assert "by -5.0 % (5 % are allowed: kept)" in molecules.summary(found(47.5, 62.0))
    assert "-8.0 points from the 70 % of the equations (8 are allowed: kept)" in (
        molecules.summary(found(47.5, 62.0))
    )
    missed = molecules.summary(found(40.0, 79.0))
    assert "by -20.0 % (5 % are allowed: **missed**)" in missed
    assert "+9.0 points from the 70 % of the equations (8 are allowed: **missed**)" in missed
    assert "in as long at rest anchored receptors come to 80 %" in missed


def test_mean_spread_and_variation_over_spines_are_shown_beside_the_equations():
    rows = table(molecules.table(found(40.0, 62.0))).splitlines()
    assert rows[2] == "| **rest** | 60 min | anchored receptors | 50.0 (5.0) | 40.0 (5.0) | 0.12 |"
    assert "|  |  | CaMKII sites taken | 0.0 % (0.0) | 0.0 % (0.0) |  |" in rows
    assert "|  |  | anchored, of the start | 100 % | 80 % |  |" in rows
    assert "|  |  | EPSP | 70 % | 62 % |  |" in rows
    volumes = table(molecules.larger(found(40.0, 62.0))).splitlines()
    assert volumes[2:] == [
        "| 0.07 | 100 | 40.0 % (2.0) |",
        "| 0.7 | 10 | 40.0 % (2.0) |",
        "| equations |  | 0.1 % |",
    ]
    assert molecules.molecule(found(40.0, 62.0)) == "24 nM"
    often = table(molecules.often(found(40.0, 62.0))).splitlines()
    assert often[2] == "| `a -> b` | 2.5 | 2.5 |"
    assert often[-1] == "| all that were drawn | 3 million | 3 million |"
