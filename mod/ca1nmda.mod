TITLE NMDA receptors of a synapse

COMMENT
What: the NMDA receptor conductance of one synapse, blocked by magnesium, with its calcium current;
  receptors with GluN2A and with GluN2B, which close at their own rates. Magnesium leaves channels at
  once, but those slowly that have closed over it, the more the longer they have bound glutamate at
  rest. Calcium inactivates them for seconds.
Equations:
  open = (1 - f_2b - tri antagonist_tri) bound(2a)
         + (f_2b - (f_2b - tri) antagonist_2b - tri antagonist_tri) bound(2b),
  bound(x) = held + (1 - held) jump_x (b_x - a_x),   1 at the peak of a saturating quantum
  held = agonist (1 - antagonist);  tri = shared min(f_2b, 1 - f_2b): of either component as much is
  of triheteromers, receptors with both.
  g = g_max (1 - trapped)(1 - inactivated) open (1 - slow) B,
  B = 1/(1 + mg_o/mg_half exp(-mg_slope v)),
  i = g (v - e)  (Na and K),   ica = g p_ca ghk(v)  (calcium),
  p_ca is such that calcium carries f_ca of the whole current at -65 mV in 2.5 mM calcium.
  a_x' = -a_x/tau_rise,  b_x' = -b_x/tau_x;  a quantum binds `saturation` of the receptors that
  neither glutamate nor its competitor holds: a_x and b_x grow by
  quanta saturation (1 - antagonist)(1 - b_x).
  slow' = (1 - B)(1 - slow)/tau_slow - B slow/tau_unblock:  blocked channels close over magnesium, and
  lose it when they open; a quantum binds receptors of which none is slow, so that slow falls in
  proportion to those that were bound before.
  inactivated' = k_inactivate cai^2/(cai + ca_half)(1 - inactivated) - inactivated/tau_recovery
  trapped' = k_mk801 mk801 open (1 - slow) B (1 - trapped) - k_leave trapped:  MK-801
  enters open channels and all but stays.
States: a_2a, b_2a, a_2b, b_2b, slow, inactivated, trapped (1).
Event weight: quanta (1).
Reference: Vargas-Caballero & Robinson 2004 (J Neurosci 24:6171) block, whose rates are those of Ascher
  & Nowak 1988 (recollected); slow unblock: the same, Vargas-Caballero & Robinson 2003
  (doi 10.1152/jn.01038.2002), and Kampa et al. 2004 (doi 10.1113/jphysiol.2003.058842), who see it grow
  with the time since glutamate; Burnashev et al. 1995
  (doi 10.1113/jphysiol.1995.sp020738) and Garaschuk et al. 1996 (doi 10.1113/jphysiol.1996.sp021250)
  for f_ca; Goldman-Hodgkin-Katz for the calcium driving force; Huettner & Bean 1988
  (doi 10.1073/pnas.85.4.1307) for MK-801; Rosenmund, Feltz & Westbrook 1995
  (doi 10.1152/jn.1995.73.1.427) for inactivation by calcium.
Departures: no glycine site; the trapping block of ten states is one state, slow; inactivation follows
  calcium of the head, not calmodulin and calcineurin; triheteromers close as the two kinds do, half and half. A competitive antagonist leaves within tens
  of milliseconds (D-AP5: Benveniste & Mayer 1991, recollected), glutamate is gone within one or two
  (Clements et al. 1992, doi 10.1126/science.1359647): of what holds a receptor at a pulse nothing
  is displaced in time, and until the next pulse the competitor has spread anew over all receptors
  that glutamate has left. So trains overcome it, as glutamate stays longer, and single pulses do not.
ENDCOMMENT

NEURON {
    THREADSAFE
    POINT_PROCESS ca1nmda
    USEION ca READ cai, cao WRITE ica
    NONSPECIFIC_CURRENT i
    GLOBAL late
    RANGE g_max, f_2b, tau_rise, tau_2a, tau_2b, q10, e, mg_o, mg_half, mg_slope, tau_slow, tau_unblock
    RANGE f_ca, saturation, k_inactivate, ca_half, tau_recovery
    RANGE shared, tri, antagonist, antagonist_2b, antagonist_tri, agonist, mk801, k_mk801, k_leave, i, g, slope, slope_ca, p_ca, rt_2f, rate, jump_2a, jump_2b
}

UNITS {
    (nA) = (nanoamp)
    (mV) = (millivolt)
    (uS) = (microsiemens)
    (mM) = (milli/liter)
    FARADAY = (faraday) (coulomb)
    R = (k-mole) (joule/degC)
}

PARAMETER {
    g_max = 0.00052 (uS) <0, 1>      : all receptors open: calibration/spine.py
    f_2b = 0.35 (1) <0, 1>            : of g_max in the third week; Bellone & Nicoll 2007 (doi 10.1016/j.neuron.2007.07.035) see it fall
    shared = 0.5 (1) <0, 1>           : of the rarer kind in triheteromers: a third of all then, Al-Hallaq et al. 2007 (doi 10.1523/JNEUROSCI.2155-07.2007, recollected)
    tau_rise = 3 (ms) <1e-3, 1e3>     : at 34 degC
    tau_2a = 42 (ms) <1e-3, 1e4>      : GluN2A at 34 degC
    tau_2b = 133 (ms) <1e-3, 1e4>     : GluN2B at 34 degC
    q10 = 2 (1) <1, 5>                : of the time constants, assumed
    e = 0 (mV) <-150, 150>            : monovalent cations
    mg_o = 1.3 (mM) <0, 100>          : of the slice, Mulkey & Malenka 1992
    mg_half = 8.59 (mM) <1e-3, 100>   : at 0 mV: .61 /mM/ms on and 5.4 /ms off make 8.85, Vargas-Caballero & Robinson 2004 after Ascher & Nowak 1988; 3.57 in Jahr & Stevens 1990 (doi 10.1523/jneurosci.10-09-03178.1990); calibration/spine.py, between them
    mg_slope = 0.0757 (/mV) <0, 1>    : 1/17 mV on and 1/47 mV off make .0801, Vargas-Caballero & Robinson 2004; .062 in Jahr & Stevens 1990; calibration/spine.py, between them
    tau_slow = 14.2 (ms) <1e-3, 1e6>    : at 34 degC: tens of ms, so that half are slow some 20 ms after glutamate (Vargas-Caballero & Robinson 2003) and most later (Kampa et al. 2004); calibration/spine.py
    tau_unblock = 8.29 (ms) <1e-3, 1e3> : at 34 degC; 22.7 ms at room temperature, Vargas-Caballero & Robinson 2003, 4 ms, Kampa et al. 2004
    f_ca = 0.0704 (1) <0, 0.99>          : at -65 mV in 2.5 mM calcium: .07 to .11, Schneggenburger et al. 1993 (doi 10.1016/0896-6273(93)90277-X) and Garaschuk et al. 1996; calibration/spine.py
    saturation = 0.5 (1) <0, 1>       : half of the receptors bound by a quantum, Mainen et al. 1999 (doi 10.1038/20387)
    k_inactivate = 0.11 (/mM-ms) <0, 1e3> : ten quanta at .2 Hz without magnesium take some half of the current, Rosenmund, Feltz & Westbrook 1995; calibration/spine.py
    ca_half = 1e-3 (mM) <1e-6, 1>     : below it inactivation rises with the square of calcium: assumed, of calmodulin's first two sites
    tau_recovery = 20 (s) <1e-3, 1e4> : from inactivation: tens of seconds (Legendre, Rosenmund & Westbrook 1993, doi 10.1523/JNEUROSCI.13-02-00674.1993, recollected)
    antagonist = 0 (1) <0, 1>         : fraction of free receptors that a competitor holds, set by the drug
    antagonist_2b = 0 (1) <0, 1>      : fraction of receptors with GluN2B alone blocked, set by the drug
    antagonist_tri = 0 (1) <0, 1>     : fraction of triheteromers blocked, set by the drug
    agonist = 0 (1) <0, 1>            : fraction held open by NMDA in the bath, set by the drug
    mk801 = 0 (mM) <0, 100>           : in the bath, set by the drug
    k_mk801 = 5 (/mM-ms) <0, 1e4>     : 25 /uM/s at an open probability of .2, Huettner & Bean 1988
    k_leave = 1e-7 (/ms) <1e-12, 1>   : of MK-801: hours, Huettner & Bean 1988
}

ASSIGNED {
    v (mV)
    celsius (degC)
    late (ms)                            : events come so long after their time: set by the integrator
    cai (mM)
    cao (mM)
    i (nA)
    ica (nA)
    g (uS)
    slope (uS)                           : d i/dv
    slope_ca (uS)                        : d ica/dv
    rt_2f (mV)                           : R T/(2 F)
    p_ca (1)
    rate (1)
    tri (1)                              : of all receptors, as of either component
    jump_2a (1)
    jump_2b (1)
}

STATE {
    a_2a (1) <1>
    b_2a (1) <1>
    a_2b (1) <1>
    b_2b (1) <1>
    slow (1) <1>
    inactivated (1) <1>
    trapped (1) <1>
}

INITIAL {
    rt_2f = thermal()
    tri = shared*f_2b
    if (f_2b > 0.5) {
        tri = shared*(1 - f_2b)
    }
    rate = q10^((celsius - 34(degC))/10(degC))
    jump_2a = jump(tau_2a)
    jump_2b = jump(tau_2b)
    p_ca = f_ca/(1 - f_ca)*(-65(mV) - e)/ghk(-65, 6e-5, 2.5)
    a_2a = 0
    b_2a = 0
    a_2b = 0
    b_2b = 0
    slow = slow_inf(v)
    inactivated = inactivating(cai)/(inactivating(cai) + (0.001)/tau_recovery)
    trapped = 0
}

BREAKPOINT {
    LOCAL b, whole, dg, driving
    CONDUCTANCE slope
    CONDUCTANCE slope_ca USEION ca
    SOLVE closing METHOD cnexp
    b = unblocked(v)
    driving = p_ca*ghk(v, cai, cao)
    whole = g_max*(1 - trapped)*(1 - inactivated)*open()
    g = whole*(1 - slow)*b
    dg = whole*(1 - slow)*mg_slope*b*(1 - b)
    i = g*(v - e)
    slope = g + dg*(v - e)
    ica = g*driving
    slope_ca = g*p_ca*ghk_slope(v, cai, cao) + dg*driving
}

DERIVATIVE closing {
    a_2a' = -a_2a*rate/tau_rise
    b_2a' = -b_2a*rate/tau_2a
    a_2b' = -a_2b*rate/tau_rise
    b_2b' = -b_2b*rate/tau_2b
    slow' = (slow_inf(v) - slow)*slow_rate(v)*rate
    inactivated' = inactivating(cai)*(1 - inactivated) - (0.001)*inactivated/tau_recovery
    trapped' = trapping(v)*(1 - trapped) - k_leave*trapped
}

NET_RECEIVE (quanta (1)) {
    LOCAL bound, bindable, before, gained
    before = occupied()
    bindable = quanta*saturation*(1 - antagonist)
    bound = bindable*(1 - b_2a)
    a_2a = a_2a + bound*exp(-late*rate/tau_rise)
    b_2a = b_2a + bound*exp(-late*rate/tau_2a)
    bound = bindable*(1 - b_2b)
    a_2b = a_2b + bound*exp(-late*rate/tau_rise)
    b_2b = b_2b + bound*exp(-late*rate/tau_2b)
    if (bindable > 0) {
        gained = slow_inf(v)*(1 - exp(-late*rate*slow_rate(v)))
        slow = gained + (slow - gained)*before/occupied()
    }
}

INCLUDE "nmda.inc"
INCLUDE "ghk.inc"
