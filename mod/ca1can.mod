TITLE Calcineurin (PP2B)

COMMENT
What: active calcineurin, that is calcineurin with Ca4-calmodulin bound.
Equations:
  cani' = kon cami ((1 - block) can_total - cani) - koff cani
States: cani (mM), on the bus `can`.
Reference: Quintana et al. 2005 (doi 10.1111/j.1471-4159.2004.02900.x) for tight, slowly released
  calmodulin; rates fitted by calibration/cascade.py.
Departures: `block` (FK506 with FKBP12) takes a fraction of the enzyme out of binding.
ENDCOMMENT

NEURON {
    THREADSAFE
    SUFFIX ca1can
    USEION cam READ cami VALENCE 0
    USEION can WRITE cani VALENCE 0
    RANGE can_total, kon, koff, block
}

UNITS {
    (mM) = (milli/liter)
    (uM) = (micro/liter)
}

PARAMETER {
    can_total = 4e-3 (mM) <0, 1> : 4 uM; models use 2-20 uM
    kon = 954 (/uM-s) <0, 1e3>   : calibration/cascade.py
    koff = 1.97 (/s) <0, 1e3>    : calibration/cascade.py
    block = 0 (1) <0, 1>         : fraction inhibited, set by the drug
}

ASSIGNED {
    cami (mM)
}

STATE {
    cani (mM)
}

INITIAL {
    cani = can_total*(1 - block)*kon*cami/(kon*cami + (0.001)*koff)
}

BREAKPOINT {
    SOLVE activation METHOD cnexp
}

DERIVATIVE activation {
    cani' = kon*cami*((1 - block)*can_total - cani) - (0.001)*koff*cani
}
