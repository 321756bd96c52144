TITLE Hyperpolarisation-activated cation current of CA1 pyramidal cells

COMMENT
What
    Ih: the mixed cation current whose density rises along the apical dendrite. It opens on hyperpolarisation,
    sags the response to a current step and shortens distal EPSPs.

Equations
    i = (1-block) gbar l (v - eh)           l' = (l_inf(v) - l)/tau_l(v)
    l_inf = 1/(1+exp((v-vhalf)/8))          q = 4.5^((celsius - 33)/10)
    tau_l = exp(0.033264 (v+75))/(0.011 q (1+exp(0.08316 (v+75))))

States
    l: open fraction (1), from its steady state at the initial voltage.

Reference
    Magee 1998, doi:10.1523/JNEUROSCI.18-19-07613.1998; Poolos, Migliore & Johnston 2002, doi:10.1038/nn891;
    Migliore, Ferrante & Ascoli 2005, doi:10.1152/jn.00521.2005. vhalf is -73 mV within 100 um, -81 mV beyond.

Departures
    None.
ENDCOMMENT

NEURON {
    THREADSAFE
    SUFFIX ca1ih
    NONSPECIFIC_CURRENT i
    RANGE gbar, block, vhalf, eh, g, i
}

UNITS {
    (mA) = (milliamp)
    (mV) = (millivolt)
    (S) = (siemens)
}

PARAMETER {
    gbar = 0 (S/cm2) <0, 10>     : maximal conductance
    block = 0 (1) <0, 1>         : fraction blocked, set by the drug
    vhalf = -81 (mV) <-120, -40> : half activation, distal (Poolos 2002)
    eh = -30 (mV) <-80, 20>      : reversal potential (Magee 1998)
    q10 = 4.5 (1) <1, 10>        : of l, from 33 degC (Magee 1998)
}

ASSIGNED {
    v (mV)
    celsius (degC)
    i (mA/cm2)
    g (S/cm2)
}

STATE { l }

INITIAL {
    l = l_inf(v)
}

BREAKPOINT {
    CONDUCTANCE g
    SOLVE gates METHOD cnexp
    g = (1 - block)*gbar*l
    i = g*(v - eh)
}

DERIVATIVE gates {
    l' = (l_inf(v) - l)/l_tau(v)
}

: factor on rates at this temperature
FUNCTION q() (1) {
    q = q10^((celsius - 33 (degC))/10 (degC))
}

FUNCTION l_inf(v (mV)) (1) {
    l_inf = open(v - vhalf)
}

FUNCTION open(above_vhalf (mV)) (1) {
    TABLE FROM -150 TO 150 WITH 6000
    open = 1/(1 + exp(above_vhalf/8 (mV)))
}

FUNCTION l_tau(v (mV)) (ms) {
    LOCAL x
    TABLE DEPEND celsius, q10 FROM -150 TO 150 WITH 6000
    x = v + 75 (mV)
    l_tau = exp(0.033264 (/mV) * x)/(0.011 (/ms) * q()*(1 + exp(0.08316 (/mV) * x)))
}
