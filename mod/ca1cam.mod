TITLE Calmodulin with four calcium ions

COMMENT
What: the concentration of fully loaded calmodulin in a spine head. Each lobe binds two
  calcium ions cooperatively; both lobes full activates calcineurin and CaMKII, which go with the
  fourth power of calcium where it is low. Each lobe follows within a few milliseconds: calcium of a
  spike counts for more where synaptic calcium is still there.
Equations:
  c' = koff_c (1 + cai/k_c) (c_inf(cai) - c),  c_inf(ca) = ca^2/(ca^2 + k_c^2)
  n' = (n_inf(cai) - n)/tau,                   n_inf(ca) = ca^2/(ca^2 + k_n^2)
  cami = (1 - block) cam_total c n, on the bus `cam`: the lobes bind independently
States: c, n (fractions of the C and N lobes with calcium).
Reference: Pepke et al. 2010 (doi 10.1371/journal.pcbi.1000675) for the two lobes and their rates;
  half saturations fitted by calibration/cascade.py.
Departures: the two sites of a lobe are one; the N lobe follows calcium with the short time constant
  tau; an antagonist (`block`) holds a fraction of what is loaded, at once; the calmodulin bound to targets is not taken from the pool (no depletion, no neurogranin).
ENDCOMMENT

NEURON {
    THREADSAFE
    SUFFIX ca1cam
    USEION ca READ cai
    USEION cam WRITE cami VALENCE 0
    RANGE cam_total, k_c, k_n, koff_c, tau, block
}

UNITS {
    (mM) = (milli/liter)
}

PARAMETER {
    cam_total = 0.03 (mM) <0, 1>  : 30 uM, Pepke et al. 2010
    k_c = 0.00538 (mM) <1e-6, 1>  : C lobe half saturation, calibration/cascade.py
    k_n = 0.00371 (mM) <1e-6, 1>  : N lobe half saturation, calibration/cascade.py
    koff_c = 272 (/s) <1e-3, 1e5> : calibration/cascade.py; 6-10 /s in Pepke et al. 2010, without targets
    tau = 2 (ms) <1e-3, 1e3>      : calcium leaves the N lobe at some hundred /s, Pepke et al. 2010
    block = 0 (1) <0, 1>          : fraction that an antagonist holds, set by the drug
}

ASSIGNED {
    cai (mM)
    cami (mM)
}

STATE {
    c (1) <1e-2>
    n (1) <1e-3>
}

INITIAL {
    c = lobe(cai, k_c)
    n = lobe(cai, k_n)
    cami = (1 - block)*cam_total*c*n
}

BREAKPOINT {
    SOLVE binding METHOD cnexp
}

DERIVATIVE binding {
    c' = (0.001)*koff_c*(1 + cai/k_c)*(lobe(cai, k_c) - c)
    n' = (lobe(cai, k_n) - n)/tau
    cami = (1 - block)*cam_total*c*n
}

FUNCTION lobe(ca (mM), k (mM)) {
    lobe = ca*ca/(ca*ca + k*k)
}
