TITLE Protein kinase A

COMMENT
What: active PKA, from a basal level, raised through calmodulin-stimulated adenylyl cyclase, which
  much calmodulin does and little does not.
Equations:
  pkai' = (basal (1 - block) (1 + cyclase + gain cami^2/(cami^2 + k_cam^2)) - pkai)/tau
States: pkai (mM), on the bus `pka`.
Reference: Wayman et al. 1994 (cyclase AC1 stimulated by calmodulin); time constant of
  cAMP transients. Values chosen with calibration/cascade.py. Blitzer et al. 1998
  (doi 10.1126/science.280.5371.1940): in LTP, PKA keeps PP1 inhibited.
Departures: cAMP itself is not a state.
ENDCOMMENT

NEURON {
    THREADSAFE
    SUFFIX ca1pka
    USEION cam READ cami VALENCE 0
    USEION pka WRITE pkai VALENCE 0
    RANGE basal, gain, k_cam, tau, cyclase, block
}

UNITS {
    (mM) = (milli/liter)
}

PARAMETER {
    basal = 3e-05 (mM) <0, 1>    : assumed: 0.1 uM catalytic subunit active at rest
    gain = 60 (1) <0, 1e3>       : calibration/cascade.py
    k_cam = 0.00131 (mM) <1e-9, 1> : calibration/cascade.py
    tau = 4.45e+04 (ms) <1, 1e7> : calibration/cascade.py; cAMP and PKA relax within a minute
    cyclase = 0 (1) <0, 1e3>     : rise of the basal level by forskolin, set by the drug
    block = 0 (1) <0, 1>         : fraction inhibited, set by the drug
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
    pka_inf = basal*(1 - block)*(1 + cyclase + gain*cam*cam/(cam*cam + k_cam*k_cam))
}
