TITLE Transient sodium current of CA1 pyramidal cells

COMMENT
What
    NaT: fast activation m, fast inactivation h and slow cumulative inactivation s. The slow gate makes
    back-propagating spikes fade within a train; sf says how much of it is missing (1 none at the soma,
    falling to 0 along the apical dendrite).

Equations
    ina = (1-block) gbar m^3 h s (v - ena)  x' = (x_inf(v) - x)/tau_x(v) for x = m, h, s
    L(x, s) = x/(1 - exp(-x/s)) = L(-x, s) + x    q = 2^((celsius - 24)/10)
    m: a = 0.4 L(v+30, 7.2)   b = 0.124 L(-v-30, 7.2)   m_inf = a/(a+b)   tau_m = max(0.02, 1/((a+b) q))
    h: a = 0.03 L(v+45, 1.5)  b = 0.01 L(-v-45, 1.5)    tau_h = max(0.5, 1/((a+b) q))
       h_inf = 1/(1+exp((v+50)/4))
    s: c = 1/(1+exp((v+58)/2))   s_inf = c + sf (1-c)   z = 12 F/(R T)
       tau_s = max(10, exp(0.2 z (v+60))/(3e-4 (1+exp(z (v+60)))))

States
    m, h, s: open fractions (1), from their steady states at the initial voltage.

Reference
    Migliore, Ferrante & Ascoli 2005, doi:10.1152/jn.00521.2005 (kinetics); the slow gate after
    Colbert, Magee, Hoffman & Johnston 1997, doi:10.1523/JNEUROSCI.17-17-06512.1997.

Departures
    Only m and h carry a Q10 (2, from 24 degC); s and the floors of the time constants do not.
ENDCOMMENT

NEURON {
    THREADSAFE
    SUFFIX ca1nat
    USEION na READ ena WRITE ina
    RANGE gbar, block, sf, g
}

UNITS {
    (mA) = (milliamp)
    (mV) = (millivolt)
    (S) = (siemens)
    FARADAY = (faraday) (coulomb)
    R = (k-mole) (joule/degC)
}

PARAMETER {
    gbar = 0 (S/cm2) <0, 10> : maximal conductance
    block = 0 (1) <0, 1>     : fraction blocked, set by the drug
    sf = 1 (1) <0, 1>        : fraction exempt from slow inactivation
    q10 = 2 (1) <1, 10>      : of m and h, from 24 degC (Migliore 2005)
}

ASSIGNED {
    v (mV)
    celsius (degC)
    ena (mV)
    ina (mA/cm2)
    g (S/cm2)
}

STATE { m h s }

INITIAL {
    m = m_inf(v)
    h = h_inf(v)
    s = s_inf(v)
}

BREAKPOINT {
    CONDUCTANCE g USEION na
    SOLVE gates METHOD cnexp
    g = (1 - block)*gbar*m*m*m*h*s
    ina = g*(v - ena)
}

DERIVATIVE gates {
    m' = (m_inf(v) - m)/m_tau(v)
    h' = (h_inf(v) - h)/h_tau(v)
    s' = (s_inf(v) - s)/s_tau(v)
}

: factor on rates at this temperature
FUNCTION q() (1) {
    q = q10^((celsius - 24 (degC))/10 (degC))
}

: x/(1-exp(-x/scale)), continued through x = 0
FUNCTION linexp(x (mV), scale (mV)) (mV) {
    if (fabs(x/scale) < 1e-6) {
        linexp = scale + x/2
    } else {
        linexp = x/(1 - exp(-x/scale))
    }
}

FUNCTION m_opening(v (mV)) (/ms) {
    m_opening = 0.4 (/ms/mV) * linexp(v + 30 (mV), 7.2 (mV))
}

FUNCTION m_closing(v (mV)) (/ms) {
    m_closing = 0.124 (/ms/mV) * (linexp(v + 30 (mV), 7.2 (mV)) - (v + 30 (mV)))
}

FUNCTION m_inf(v (mV)) (1) {
    TABLE FROM -150 TO 150 WITH 6000
    m_inf = 1/(1 + m_closing(v)/m_opening(v))
}

FUNCTION m_tau(v (mV)) (ms) {
    TABLE DEPEND celsius, q10 FROM -150 TO 150 WITH 6000
    m_tau = 1/((m_opening(v) + m_closing(v))*q())
    if (m_tau < 0.02 (ms)) { m_tau = 0.02 (ms) }
}

FUNCTION h_inf(v (mV)) (1) {
    TABLE FROM -150 TO 150 WITH 6000
    h_inf = 1/(1 + exp((v + 50 (mV))/4 (mV)))
}

FUNCTION h_tau(v (mV)) (ms) {
    LOCAL above, rate
    TABLE DEPEND celsius, q10 FROM -150 TO 150 WITH 6000
    above = linexp(v + 45 (mV), 1.5 (mV))
    rate = 0.03 (/ms/mV) * above + 0.01 (/ms/mV) * (above - (v + 45 (mV)))
    h_tau = 1/(rate*q())
    if (h_tau < 0.5 (ms)) { h_tau = 0.5 (ms) }
}

FUNCTION s_inf(v (mV)) (1) {
    s_inf = sf + (1 - sf)*s_open(v)
}

: of the channels that are not exempt
FUNCTION s_open(v (mV)) (1) {
    TABLE FROM -150 TO 150 WITH 6000
    s_open = 1/(1 + exp((v + 58 (mV))/2 (mV)))
}

FUNCTION s_tau(v (mV)) (ms) {
    LOCAL x
    TABLE DEPEND celsius FROM -150 TO 150 WITH 6000
    x = 12*(0.001)*FARADAY/(R*(celsius + 273.15 (degC)))*(v + 60 (mV))
    s_tau = exp(0.2*x)/(0.0003 (/ms) * (1 + exp(x)))
    if (s_tau < 10 (ms)) { s_tau = 10 (ms) }
}
