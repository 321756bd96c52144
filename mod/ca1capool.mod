TITLE Calcium under the membrane of soma and dendrites

COMMENT
What
    The calcium shell that the calcium channels of soma and dendrites fill and the SK channel reads. Spine heads
    have their own pool and never this one.

Equations
    cai' = -ica/(2 F depth) + (cai_rest - cai)/tau

States
    cai (mM): free calcium of the shell, from cai_rest. The steady state with a resting influx lies at
    cai_rest - ica tau/(2 F depth); the caller reaches it by integrating to rest.

Reference
    Migliore et al. 2018, doi:10.1371/journal.pcbi.1006423; resting calcium 50-70 nM: Sabatini, Oertner & Svoboda
    2002, doi:10.1016/S0896-6273(02)00573-1.

Departures
    None. tau carries no Q10.
ENDCOMMENT

NEURON {
    THREADSAFE
    SUFFIX ca1capool
    USEION ca READ ica WRITE cai
    RANGE depth, tau, cai_rest
}

UNITS {
    (mA) = (milliamp)
    (um) = (micron)
    (molar) = (1/liter)
    (mM) = (millimolar)
    FARADAY = (faraday) (10000 coulomb)
}

PARAMETER {
    depth = 0.1 (um) <1e-3, 10> : thickness of the shell (Migliore 2018)
    tau = 80 (ms) <1, 1e4>      : extrusion and buffering, 20-100 ms in published models
    cai_rest = 5e-5 (mM) <0, 1> : calcium without influx (Sabatini 2002)
}

ASSIGNED {
    ica (mA/cm2)
}

STATE {
    cai (mM)
}

INITIAL {
    cai = cai_rest
}

BREAKPOINT {
    SOLVE pool METHOD cnexp
}

DERIVATIVE pool {
    cai' = -ica/(2*FARADAY*depth) + (cai_rest - cai)/tau
}
