"""The rule of GluSynapse: Graupner & Brunel's efficacy, driven by calcium that is integrated.

Equations, of calcium cai (uM), the integrated calcium c_eff and the efficacy rho:
  dc_eff/dt = -c_eff/tau_eff + (cai - rest)
  tau drho/dt = -rho (1 - rho) (rho_star - rho) + gamma_p (1 - rho) [c_eff > theta_p]
                - gamma_d rho [c_eff > theta_d]
  dg/dt = (g_d + rho (g_p - g_d) - g)/tau_g
Reference: Chindemi et al. 2022 (doi 10.1038/s41467-022-30214-w). Equations, tau, tau_g and rho_star
  were looked up in the authors' GluSynapse.mod; gamma and tau_eff are the paper's fit to neocortex,
  as published code that runs it has them.
Departures: the paper gives each synapse thresholds of its own, linear in the peaks of c_eff by its
  EPSP and by a spike; here all share one pair, which is fitted. The paper's rho also sets the
  release probability: here g_p/g_d is what both do to the EPSP. At first a fraction of the synapses
  (`potentiated`) has rho = 1 and the others 0. The first term is left out where c_eff is above a
  threshold, beside which it is nothing; rho and g advance every .1 s, and when a threshold is
  crossed.
"""

from typing import Final

from ca1ltd.rules.rule import Parameter, Rule

_PUBLISHED: Final = "Chindemi et al. 2022"
_ASSUMED: Final = "assumed"
_PEAKS: Final = "peaks of c_eff by an EPSP and by a spike, assumed, times the paper's"

RULE: Final = Rule(
    name="glusynapse-2022",
    title="Chindemi et al. 2022",
    reference="Chindemi et al. 2022, doi 10.1038/s41467-022-30214-w",
    driven_by="calcium",
    parameters=(
        Parameter("theta_d", 0.04, 2e-3, 2.0, "uM s", f"{_PEAKS} 1.002 and 1.954"),
        Parameter("theta_p", 0.05, 2e-3, 5.0, "uM s", f"{_PEAKS} 1.159 and 2.483"),
        Parameter("gamma_d", 101.5, 0.5, 1e5, "1", _PUBLISHED),
        Parameter("gamma_p", 216.2, 0.5, 1e5, "1", _PUBLISHED),
        Parameter("tau_eff", 0.2783177658387, 0.02, 5.0, "s", _PUBLISHED),
        Parameter("tau", 70.0, 5.0, 5e3, "s", _PUBLISHED),
        Parameter("tau_g", 100.0, 5.0, 1e3, "s", _PUBLISHED),
        Parameter("potentiated", 0.5, 0.05, 0.95, "1", _ASSUMED),
        Parameter("g_p", 2.0, 1.1, 20.0, "g_d", "conductances in GluSynapse.mod"),
    ),
    states={
        "c_eff": "0",
        "rho0": "0", "g0": "1",  # of those that were depressed at first
        "rho1": "1", "g1": "g_p",  # of those that were potentiated
        "above": "0", "waited": "0",  # which thresholds c_eff has been above, and how long
    },
    of_calcium={"driven": "c - REST"},
    step="""
for (double left = dt; left > 0;) {
    const double now = (c_eff > theta_p) + 2*(c_eff > theta_d);
    if (now != above || waited >= 0.1) {
        const double up = above == 1 || above == 3 ? gamma_p : 0, down = above > 1 ? gamma_d : 0;
        if (above > 0) {
            relax_at((up + down)/tau, rho0, up/(up + down), waited);
            relax_at((up + down)/tau, rho1, up/(up + down), waited);
        } else {
            rho0 -= rho0*(1 - rho0)*(rho_star - rho0)*waited/tau;
            rho1 -= rho1*(1 - rho1)*(rho_star - rho1)*waited/tau;
        }
        relax_at(1/tau_g, g0, 1 + rho0*(g_p - 1), waited);
        relax_at(1/tau_g, g1, 1 + rho1*(g_p - 1), waited);
        above = now; waited = 0;
    }
    const double h = std::min(left, now > 0 ? 0.02 : 10.0);
    relax(c_eff, driven*tau_eff, h, tau_eff);
    waited += h; left -= h;
}
""",
    weight="(1 - potentiated)*g0 + potentiated*g1",
)  # fmt: skip
