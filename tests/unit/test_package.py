"""What a user installs: the wheel, and the package before anything is asked of it."""

import subprocess
import sys
import zipfile
from pathlib import Path

import ca1ltd

ROOT = Path(__file__).parents[2]


def test_a_wheel_carries_every_module_mechanism_and_cell(tmp_path):
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    carried = set(zipfile.ZipFile(wheel).namelist())
    expected = {
        "ca1ltd/py.typed",
        *(
            path.relative_to(ROOT).as_posix()
            for kind in ("py", "toml", "csv", "cpp")
            for path in (ROOT / "ca1ltd").rglob(f"*.{kind}")
        ),
        *(f"ca1ltd/mod/{path.name}" for path in (ROOT / "mod").iterdir()),
    }
    expected |= {"ca1ltd/cells/biophysics.toml", "ca1ltd/spread.json"}
    for cell in ("dhc", "c5038804", "nmo49821"):
        for file in ("morphology.swc", "PROVENANCE.md"):
            expected.add(f"ca1ltd/cells/{cell}/{file}")
    assert expected <= carried


def test_importing_the_package_starts_nothing():
    heavy = "('neuron', 'pandas', 'numpy', 'matplotlib')"
    subprocess.run(
        [
            sys.executable,
            "-c",
            f"import sys, ca1ltd; sys.exit(any(name in sys.modules for name in {heavy}))",
        ],
        check=True,
    )


def test_the_public_names_are_there():
    for name in set(ca1ltd.__all__):
        assert getattr(ca1ltd, name)
        assert name in dir(ca1ltd)
    assert not hasattr(ca1ltd, "nothing")
