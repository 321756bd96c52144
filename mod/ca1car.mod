TITLE R-type calcium current of CA1 pyramidal cells

COMMENT
What
    CaR (CaV2.3): the medium-threshold calcium current of dendrites and spine heads, the main path of
    calcium into a spine during a back-propagating spike (Sabatini & Svoboda 2000, doi:10.1038/35046076).

Equations
    ica = (1-block) gbar m^3 h ghk(v, cai, cao)         x' = (x_inf(v) - x)/tau_x(v) for x = m, h
    m_inf = 1/(1+exp(-(v-vhalf_m)/9.6))                 tau_m = 2.1/q       q = 3^((celsius - 22)/10)
    h_inf = 1/(1+exp((v-vhalf_h)/6))                    tau_h = (22 + 80/(1+exp((v+19)/5)))/q
    f = R T/(2 F), u = v/f:   ghk = -f (1 - cai/cao exp(u)) u/(exp(u)-1) cao/2.5 mM
    cari = (1-block) m^3 h: the open part, on the bus `car` for what stands beside the channels, and moves after
    them: it sees the mean of before and after a step, as if in its middle

States
    m, h: open fractions (1), from their steady states at the initial voltage.

Reference
    Activation and inactivation of dissociated striatal neurons: Foehring, Mermelstein, Song, Ulrich & Surmeier
    2000, doi:10.1152/jn.2000.84.5.2225; tau_h at 22 degC: Brevi, de Curtis & Magistretti 2001,
    doi:10.1152/jn.2001.85.5.2076; the m^3 h fit of both: Lindroos et al. 2018, doi:10.3389/fncir.2018.00003.
    tau_m at 22 degC: CaV2.3 of the rat at -10 mV, expressed with its subunits; table of Catterall et al. 2005,
    doi:10.1124/pr.57.4.5 (1.3 ms for that of man at 0 mV).

Departures
    m^3 is half open at -5 mV, not at -16 mV as in the fit above: in CA1 dendrites the channel was measured in 20 mM
    barium (Magee & Johnston 1995, doi:10.1113/jphysiol.1995.sp020862, half activation +3 mV), from which 8 mV are
    taken for the screening of surface charge. Inactivation is that of CA1, at -53 mV, and steep (6 mV, assumed): a
    cell held at 0 mV would have 5 uM of calcium in every spine with the slope of the fit (17 mV) and .4 uM with
    8 mV, for minutes, where pairing leaves the synapses without pulses as they were. With the tau_m of the fit, 5.1 ms,
    a spike would open so few channels that there had to be twice as many, and a step to 0 mV would bring 70 uM
    of calcium to a spine. The source multiplies all rates by 3 at 35 degC; here that is a Q10 of 3 from 22 degC.
ENDCOMMENT

NEURON {
    THREADSAFE
    SUFFIX ca1car
    USEION ca READ cai, cao WRITE ica
    USEION car WRITE cari VALENCE 0
    RANGE gbar, block, vhalf_m, vhalf_h, g, slope, rt_2f, q
}

UNITS {
    (mA) = (milliamp)
    (mV) = (millivolt)
    (S) = (siemens)
    (molar) = (1/liter)
    (mM) = (millimolar)
    FARADAY = (faraday) (coulomb)
    R = (k-mole) (joule/degC)
}

PARAMETER {
    gbar = 0 (S/cm2) <0, 10>     : conductance that multiplies the GHK driving force
    block = 0 (1) <0, 1>         : fraction blocked, set by the drug
    vhalf_m = -18 (mV) <-60, 20> : m^3 is half open at -5 mV: +3 mV in 20 mM barium (Magee & Johnston 1995), less 8 mV for its screening of surface charge
    vhalf_h = -53 (mV) <-80, 20> : half inactivation in CA1 dendrites (Magee & Johnston 1995, recollected)
    q10 = 3 (1) <1, 10>          : of m and h, from 22 degC (Lindroos 2018)
}

CONSTANT {
    all = 1 (mM) : the bus where all channels are open
}

ASSIGNED {
    v (mV)
    celsius (degC)
    cai (mM)
    cao (mM)
    cari (mM)
    ica (mA/cm2)
    g (S/cm2)
    slope (S/cm2)                       : d ica/dv
    rt_2f (mV)                          : R T/(2 F)
    q (1)                               : factor on rates at this temperature
}

STATE { m h }

INITIAL {
    rt_2f = thermal()
    q = q10^((celsius - 22 (degC))/10 (degC))
    m = m_inf(v)
    h = h_inf(v)
    cari = all*(1 - block)*m*m*m*h
}

BREAKPOINT {
    CONDUCTANCE slope USEION ca
    SOLVE gates METHOD cnexp
    g = (1 - block)*gbar*m*m*m*h
    ica = g*ghk(v, cai, cao)
    slope = g*ghk_slope(v, cai, cao)
}

DERIVATIVE gates {
    cari = all*(1 - block)*m*m*m*h
    m' = (m_inf(v) - m)/m_tau()
    h' = (h_inf(v) - h)/h_tau(v)
    cari = (cari + all*(1 - block)*m*m*m*h)/2
}

INCLUDE "ghk.inc"

FUNCTION m_inf(v (mV)) (1) {
    m_inf = m_open(v - vhalf_m)
}

FUNCTION m_open(above_vhalf (mV)) (1) {
    TABLE FROM -150 TO 150 WITH 6000
    m_open = 1/(1 + exp(-above_vhalf/9.6 (mV)))
}

FUNCTION h_open(above_vhalf (mV)) (1) {
    TABLE FROM -150 TO 150 WITH 6000
    h_open = 1/(1 + exp(above_vhalf/6 (mV)))
}

FUNCTION m_tau() (ms) {
    m_tau = 2.1 (ms) / q
}

FUNCTION h_inf(v (mV)) (1) {
    h_inf = h_open(v - vhalf_h)
}

FUNCTION h_tau(v (mV)) (ms) {
    h_tau = h_tau_22(v)/q
}

: at 22 degC
FUNCTION h_tau_22(v (mV)) (ms) {
    TABLE FROM -150 TO 150 WITH 6000
    h_tau_22 = 22 (ms) + 80 (ms) / (1 + exp((v + 19 (mV))/5 (mV)))
}
