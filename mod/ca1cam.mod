TITLE Calmodulin with four calcium ions

COMMENT
What: the concentration of fully loaded calmodulin in a spine head. Each lobe binds two
  calcium ions cooperatively; both lobes full activates calcineurin and CaMKII.
Equations:
  cam_inf(ca) = cam_total * ca^2/(ca^2 + k_c^2) * ca^2/(ca^2 + k_n^2)
  cami' = (cam_inf(cai) - cami)/tau
States: cami (mM), on the bus `cam`.
Reference: Pepke et al. 2010 (doi 10.1371/journal.pcbi.1000675) for the two lobes; half
  saturations fitted by calibration/cascade.py.
Departures: both lobes relax together with one time constant; the calmodulin bound to targets is
  not taken from the pool (no depletion, no neurogranin).
ENDCOMMENT

NEURON {
    THREADSAFE
    SUFFIX ca1cam
    USEION ca READ cai
    USEION cam WRITE cami VALENCE 0
    RANGE cam_total, k_c, k_n, tau
}

UNITS {
    (mM) = (milli/liter)
}

PARAMETER {
    cam_total = 0.03 (mM) <0, 1>         : 30 uM, Pepke et al. 2010
    k_c = 0.00144 (mM) <1e-6, 1>         : C lobe half saturation, calibration/cascade.py
    k_n = 0.00746 (mM) <1e-6, 1>         : N lobe half saturation, calibration/cascade.py
    tau = 2 (ms) <1e-3, 1e3>             : slow (C) lobe off rate of some hundred /s, Pepke et al. 2010
}

ASSIGNED {
    cai (mM)
}

STATE {
    cami (mM)
}

INITIAL {
    cami = cam_inf(cai)
}

BREAKPOINT {
    SOLVE binding METHOD cnexp
}

DERIVATIVE binding {
    cami' = (cam_inf(cai) - cami)/tau
}

FUNCTION lobe(ca (mM), k (mM)) {
    lobe = ca*ca/(ca*ca + k*k)
}

FUNCTION cam_inf(ca (mM)) (mM) {
    cam_inf = cam_total*lobe(ca, k_c)*lobe(ca, k_n)
}
