TITLE Large-conductance potassium current of CA1 pyramidal cells

COMMENT
What
    BK: the potassium current of channels that stand in the nanodomain of a calcium channel and open when it does.
    It ends the first spikes of a train early, and inactivates in a train.

Equations
    ik = (1 - block) gbar o h (v - ek)
    o' = opening(v) c(v) (1 - o) - closing(v) o     opening = a0 exp((v-vhalf)/30)      closing = a0 exp(-(v-vhalf)/30)
    h' = (1 - h)/tau_h(v) - inactivation o h        tau_h = min(1000, exp((v+120)/10))
    c = 1/(1+exp(-(v+10)/6))

States
    o: open fraction of BK channels, of which only those open whose calcium channel is; h: fraction not inactivated.
    Both (1), from their steady states at the initial voltage.

Reference
    What it does in CA1: Gu, Vervaeke & Storm 2007, doi:10.1113/jphysiol.2006.126367. Inactivation of open channels and
    the voltage-dependent recovery: Shao, Halvorsrud, Borg-Graham & Storm 1999, doi:10.1111/j.1469-7793.1999.0135u.x.
    A channel opened by the calcium channel at its side, and its concise form: Montefusco, Tagliavini, Ferrante &
    Pedersen 2017, doi:10.1016/j.bpj.2017.04.035.

Departures
    Calcium of the nanodomain is not a variable: it comes and goes with the calcium channel, within microseconds, and the
    channel, of which the fraction c is open, follows the potential at once. The calcium channels stand for those of the
    N type and carry no current here. No Q10: the rates are of 34 degC.
ENDCOMMENT

NEURON {
    THREADSAFE
    SUFFIX ca1bk
    USEION k READ ek WRITE ik
    RANGE gbar, block, vhalf, a0, inactivation, g
}

UNITS {
    (mA) = (milliamp)
    (mV) = (millivolt)
    (S) = (siemens)
}

PARAMETER {
    gbar = 0 (S/cm2) <0, 10>           : maximal conductance
    block = 0 (1) <0, 1>               : fraction blocked, set by the drug
    vhalf = -10 (mV) <-100, 100>       : half activation next to an open calcium channel
    a0 = 1 (/ms) <1e-2, 100>           : rate of opening and closing at vhalf
    inactivation = 0.2 (/ms) <0, 10>   : of an open channel
}

ASSIGNED {
    v (mV)
    celsius (degC)
    ek (mV)
    ik (mA/cm2)
    g (S/cm2)
}

STATE { o h }

INITIAL {
    o = opening(v)*calcium(v)/(opening(v)*calcium(v) + closing(v))
    h = 1/(1 + inactivation*o*h_tau(v))
}

BREAKPOINT {
    CONDUCTANCE g USEION k
    SOLVE gates METHOD cnexp
    g = (1 - block)*gbar*o*h
    ik = g*(v - ek)
}

DERIVATIVE gates {
    o' = opening(v)*calcium(v)*(1 - o) - closing(v)*o
    h' = (1 - h)/h_tau(v) - inactivation*o*h
}

: open fraction of the calcium channels next to which BK channels stand
FUNCTION calcium(v (mV)) (1) {
    calcium = 1/(1 + exp(-(v + 10 (mV))/6 (mV)))
}

FUNCTION opening(v (mV)) (/ms) {
    opening = a0*exp((v - vhalf)/30 (mV))
}

FUNCTION closing(v (mV)) (/ms) {
    closing = a0*exp(-(v - vhalf)/30 (mV))
}

FUNCTION h_tau(v (mV)) (ms) {
    h_tau = exp((v + 120 (mV))/10 (mV)) * 1 (ms)
    if (h_tau > 1000 (ms)) { h_tau = 1000 (ms) }
}
