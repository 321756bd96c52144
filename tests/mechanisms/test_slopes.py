"""The slope of a current, which its mod file states, is the derivative of that current.

A wrong one would hardly show in a potential, which converges to the same with shorter steps.
"""

import re

import numpy as np
import pytest

from ca1ltd import resources

CARRIED = re.compile(r"USEION (\w+)[^\n]* WRITE i\1\b|NONSPECIFIC_CURRENT (i)\b")
SOURCES = {file.stem: file.read_text(encoding="utf-8") for file in resources.mod_files()}
CURRENTS = {  # the ions that a mechanism's currents are of, None of whatever is none
    name: [ion or None for ion, _ in CARRIED.findall(text)]
    for name, text in SOURCES.items()
    if CARRIED.search(text)
}
POTENTIALS = (*np.arange(-100.0, 61.0, 8.0), 0.01)  # mV; around 0 the GHK force is continued
CAPACITANCE, STEP = 1e-7, 0.1  # uF/cm2, ms: a step that the slope decides
NEAR = 1e-2  # mV


class Membrane:
    """A mechanism alone, with its states somewhere between 0 and 1."""

    def __init__(self, n, patch, name):
        self.n, self.ions = n, CURRENTS[name]
        point = "POINT_PROCESS" in SOURCES[name]
        self.patch = patch() if point else patch(name)
        self.mechanism = getattr(n, name)(self.patch.seg) if point else getattr(self.patch, name)
        self.patch.section.cm = CAPACITANCE
        self.per_area = 1e2 / self.patch.seg.area() if point else 1.0  # nA to mA/cm2
        if not point:
            self.mechanism.gbar = 1.0
        self.patch.start(-70.0)
        for ion, concentration in {"cai": 2e-4, "cao": 2.5, "ampari": 5e-5}.items():
            if hasattr(self.patch.seg, ion):
                setattr(self.patch.seg, ion, concentration)
        states = n.MechanismStandard(name, 3)
        label = n.ref("")
        for k in range(states.count()):
            states.name(label, k)
            setattr(self.mechanism, label[0].removesuffix(f"_{name}"), 0.1 * 1.5**k)

    def at(self, v):
        """Currents (mA/cm2) and the slopes (S/cm2) of those that an ion carries, at a potential."""
        self.patch.seg.v = v
        self.n.fcurrent()
        currents = [
            self.mechanism.i * self.per_area if ion is None else getattr(self.patch.seg, f"i{ion}")
            for ion in self.ions
        ]
        slopes = [getattr(self.patch.seg, f"di{ion}_dv_") for ion in self.ions if ion is not None]
        return np.array(currents), np.array(slopes)

    def slope_of_step(self, v):
        """The slope (S/cm2) of the whole current that an implicit step goes by."""
        current = self.at(v)[0].sum()
        self.n.dt = STEP
        self.n.fadvance()
        return -current / (self.patch.seg.v - v) - 1e-3 * CAPACITANCE / STEP


def test_every_current_is_here():
    assert {"ca1nat", "ca1ih", "ca1cal", "ca1ampa", "ca1gaba"} < CURRENTS.keys()
    assert CURRENTS["ca1nmda"] == ["ca", None]
    assert not {"ca1capool", "ca1cam"} & CURRENTS.keys()


@pytest.mark.parametrize("name", CURRENTS)
def test_stated_slopes_are_derivatives(n, patch, untabulated, name):
    untabulated(name)
    for v in POTENTIALS:
        membrane = Membrane(n, patch, name)
        after, before = (membrane.at(v + shift)[0] for shift in (NEAR, -NEAR))
        expected = (after - before) / (2 * NEAR)
        size = np.abs(expected).max()
        assert size > 0
        of_ions = [slope for slope, ion in zip(expected, membrane.ions, strict=True) if ion]
        assert membrane.at(v)[1] == pytest.approx(of_ions, rel=1e-5, abs=1e-6 * size), v
        assert membrane.slope_of_step(v) == pytest.approx(expected.sum(), rel=1e-5, abs=1e-6 * size)
