TITLE GABA-A receptors of feed-forward inhibition

COMMENT
What: the GABA-A conductance at one place of the cell, evoked by interneurons that the stimulus
  excites. Release falls within and between bursts because GABA acts back on its own terminals.
Equations:
  g = (1 - antagonist) (b - a),  a' = -a/tau_rise,  b' = -b/tau_decay,  i = g (v - e)
  s = d - c,  c' = -c/tau_on,  d' = -d/tau_off       GABA-B autoreceptors, slow to come and go
  an event of weight w adds w (1 - most s/(s + half)) (1 - silenced) to the peak of g, and the
  fraction that is released to the peak of s
States: a, b (uS), c, d (1).
Event weight: peak conductance at rest (uS).
Reference: Davies, Davies & Collingridge 1990 (doi 10.1113/jphysiol.1990.sp018074) and Davies &
  Collingridge 1993 (doi 10.1113/jphysiol.1993.sp019936) for paired-pulse depression by GABA-B
  autoreceptors, greatest after 100-200 ms, and what it does to theta bursts; numbers recollected.
Departures: interneurons are no cells: as many fire as axons are recruited, always after the same
  delay; no depletion; no postsynaptic GABA-B current; no depolarising GABA.
ENDCOMMENT

NEURON {
    THREADSAFE
    POINT_PROCESS ca1gaba
    NONSPECIFIC_CURRENT i
    GLOBAL late
    RANGE tau_rise, tau_decay, e, tau_on, tau_off, most, half, q10, antagonist, silenced, i, g, rate
}

UNITS {
    (nA) = (nanoamp)
    (mV) = (millivolt)
    (uS) = (microsiemens)
}

PARAMETER {
    tau_rise = 0.5 (ms) <1e-3, 1e3> : at 34 degC, fast IPSCs of perisomatic and bistratified cells
    tau_decay = 8 (ms) <1e-3, 1e4>  : at 34 degC, the same
    e = -72 (mV) <-120, 0>          : chloride with some bicarbonate, -70 to -75 mV
    tau_on = 50 (ms) <1e-3, 1e4>    : at 34 degC; the depression is greatest after some 125 ms
    tau_off = 200 (ms) <1e-3, 1e5>  : at 34 degC; it is gone after a second or two
    most = 0.8 (1) <0, 1>           : part of release that autoreceptors can stop
    half = 0.33 (1) <1e-3, 10>      : one pulse depresses a second 150 ms later to about 40 %
    antagonist = 0 (1) <0, 1>       : fraction blocked, set by the drug
    silenced = 0 (1) <0, 1>         : fraction of interneurons whose spikes do not arrive, set by the drug
    q10 = 2 (1) <1, 5>              : of all time constants, assumed
}

ASSIGNED {
    v (mV)
    celsius (degC)
    late (ms)                            : events come so long after their time: set by the integrator
    i (nA)
    g (uS)
    rate (1)
    jump (1)
    jump_s (1)
}

STATE {
    a (uS) <1e-3>
    b (uS) <1e-3>
    c (1) <1>
    d (1) <1>
}

INITIAL {
    rate = q10^((celsius - 34(degC))/10(degC))
    jump = to_peak(tau_rise, tau_decay)
    jump_s = to_peak(tau_on, tau_off)
    a = 0
    b = 0
    c = 0
    d = 0
}

BREAKPOINT {
    CONDUCTANCE g
    SOLVE closing METHOD cnexp
    g = (1 - antagonist)*(b - a)
    i = g*(v - e)
}

DERIVATIVE closing {
    a' = -a*rate/tau_rise
    b' = -b*rate/tau_decay
    c' = -c*rate/tau_on
    d' = -d*rate/tau_off
}

NET_RECEIVE (w (uS)) {
    LOCAL released
    released = (1 - silenced)*(1 - suppressed(d - c))
    a = a + w*released*jump*exp(-late*rate/tau_rise)
    b = b + w*released*jump*exp(-late*rate/tau_decay)
    c = c + released*jump_s*exp(-late*rate/tau_on)
    d = d + released*jump_s*exp(-late*rate/tau_off)
}

: part of the release that autoreceptors stop
FUNCTION suppressed(s (1)) (1) {
    suppressed = most*s/(s + half)
}

: factor that makes the difference of two exponentials peak at 1
FUNCTION to_peak(rise (ms), decay (ms)) (1) {
    LOCAL t_peak
    t_peak = rise*decay/(decay - rise)*log(decay/rise)
    to_peak = 1/(exp(-t_peak/decay) - exp(-t_peak/rise))
}
