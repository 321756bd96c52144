TITLE Protein kinase A

COMMENT
What: active PKA, from a basal level, raised through calmodulin-stimulated adenylyl cyclase.
Equations:
  pkai' = (basal (1 + cami/(cami + k_cam)) - pkai)/tau
States: pkai (mM), on the bus `pka`.
Reference: Wayman et al. 1994 (cyclase AC1 stimulated by calmodulin); time constant of a minute as
  seen for cAMP transients. Values chosen with calibration/cascade.py.
Departures: cAMP itself is not a state.
ENDCOMMENT

NEURON {
    THREADSAFE
    SUFFIX ca1pka
    USEION cam READ cami VALENCE 0
    USEION pka WRITE pkai VALENCE 0
    RANGE basal, k_cam, tau
}

UNITS {
    (mM) = (milli/liter)
}

PARAMETER {
    basal = 1e-4 (mM) <0, 1>             : 0.1 uM catalytic subunit active at rest
    k_cam = 1e-3 (mM) <1e-9, 1>          : half stimulation at 1 uM Ca4-calmodulin
    tau = 60000 (ms) <1, 1e7>            : cAMP and PKA relax within a minute
}

ASSIGNED {
    cami (mM)
}

STATE {
    pkai (mM)
}

INITIAL {
    pkai = pka_inf(cami)
}

BREAKPOINT {
    SOLVE activation METHOD cnexp
}

DERIVATIVE activation {
    pkai' = (pka_inf(cami) - pkai)/tau
}

FUNCTION pka_inf(cam (mM)) (mM) {
    pka_inf = basal*(1 + cam/(cam + k_cam))
}
