"""The rule of Shouval, Bear & Cooper: calcium says where the weight goes, and how fast.

Equations, of calcium Ca (uM):
  dw/dt = eta(Ca) (Omega(Ca) - w)
  Omega = 0.25 + P sig(Ca - alpha_2, beta_2) - D sig(Ca - alpha_1, beta_1)
  sig(x, beta) = exp(beta x)/(1 + exp(beta x))
  1/eta = P1/(P2 + Ca^P3) + P4
Reference: Shouval, Bear & Cooper 2002 (doi 10.1073/pnas.152343099). Equations and numbers were
  looked up in a published implementation of the paper (github.com/folmez/CaDP-MatLab), which also
  says that P2 is misprinted there: it makes 1/eta three hours at rest.
Departures: Ca, which is that above rest in the paper, too, is multiplied by a scale, as the
  paper's calcium of a release is its own; D and P, .25 and 1 in the paper, are fitted.
"""

from typing import Final

from ca1ltd.rules.rule import Parameter, Rule

_PUBLISHED: Final = "Shouval, Bear & Cooper 2002"

RULE: Final = Rule(
    name="shouval-2002",
    title="Shouval, Bear & Cooper 2002",
    reference="Shouval, Bear & Cooper 2002, doi 10.1073/pnas.152343099",
    driven_by="calcium",
    parameters=(
        Parameter("scale", 1.0, 0.05, 20.0, "1", "assumed"),
        Parameter("alpha_1", 0.35, 0.05, 2.0, "uM", _PUBLISHED),
        Parameter("alpha_2", 0.55, 0.1, 10.0, "uM", _PUBLISHED),
        Parameter("beta_1", 80.0, 2.0, 400.0, "/uM", _PUBLISHED),
        Parameter("beta_2", 80.0, 2.0, 400.0, "/uM", _PUBLISHED),
        Parameter("D", 0.25, 0.02, 0.25, "1", _PUBLISHED),
        Parameter("P", 1.0, 0.02, 2.0, "1", _PUBLISHED),
        Parameter("P1", 0.1, 1e-3, 100.0, "s uM^P3", _PUBLISHED),
        Parameter("P2", 1e-5, 1e-8, 1e-3, "uM^P3", _PUBLISHED),
        Parameter("P3", 3.0, 1.0, 8.0, "1", _PUBLISHED),
        Parameter("P4", 1.0, 1e-2, 1e3, "s", _PUBLISHED),
    ),
    states={"w": "0.25"},
    of_calcium={
        "Ca": "scale*std::max(c - REST, 0.0)",
        "eta": "1/(P1/(P2 + std::pow(Ca, P3)) + P4)",
        "kept": "std::exp(-eta*SAMPLE)",
        "Omega": "0.25 + P*sig(Ca - alpha_2, beta_2) - D*sig(Ca - alpha_1, beta_1)",
    },
    step="w = Omega + (w - Omega)*(dt == SAMPLE ? kept : std::exp(-eta*dt));",
    weight="w",
)
