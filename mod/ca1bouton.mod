TITLE Schaffer collateral bouton

COMMENT
What: quantal release from a small readily releasable pool with facilitation and depletion.
  Every afferent spike releases each docked vesicle with probability u and sends one event, of one
  quantum, for each vesicle released.
Equations:
  between spikes u decays to 0 with tau_facil; each empty site refills with rate 1/tau_rec
  at a spike u -> u + p (1 - u), p = u_rest (1 + enhanced), then each of n docked vesicles is
  released with probability u
States: n (docked vesicles), u (release probability), kept between events.
Reference: Tsodyks & Markram 1997 (doi 10.1073/pnas.94.2.719), per vesicle; values of Wierenga &
  Wadman 2003 (doi 10.1016/s0306-4522(03)00263-6).
Departures: stochastic per site in place of the mean field; no spontaneous release.
ENDCOMMENT

NEURON {
    THREADSAFE
    ARTIFICIAL_CELL ca1bouton
    RANDOM stream
    RANGE u_rest, enhanced, tau_rec, tau_facil, n_rrp, n, u, t_last, spikes, successes, quanta
}

PARAMETER {
    u_rest = 0.14 (1) <0, 1>         : 0.14 +- 0.08, Wierenga & Wadman 2003
    enhanced = 0 (1) <0, 10>         : rise of u_rest as a fraction of it, set by the drug
    tau_rec = 186 (ms) <1e-3, 1e6>   : 186 +- 71, Wierenga & Wadman 2003
    tau_facil = 129 (ms) <1e-3, 1e6> : 129 +- 68, Wierenga & Wadman 2003
    n_rrp = 3 (1) <1, 100>           : a few docked vesicles; success probability 0.36
}

ASSIGNED {
    n (1)
    u (1)
    t_last (ms)
    spikes (1)
    successes (1)
    quanta (1)
}

INITIAL {
    n = n_rrp
    u = 0
    t_last = -1e9
    spikes = 0
    successes = 0
    quanta = 0
}

NET_RECEIVE (spike (1)) {
    LOCAL refilled, docked, released
    refilled = 1 - exp(-(t - t_last)/tau_rec)
    docked = n
    FROM site = 1 TO n_rrp - n {
        if (random_uniform(stream) < refilled) {
            docked = docked + 1
        }
    }
    u = u*exp(-(t - t_last)/tau_facil)
    u = u + rested()*(1 - u)
    released = 0
    FROM vesicle = 1 TO docked {
        if (random_uniform(stream) < u) {
            released = released + 1
            net_event(t)
        }
    }
    n = docked - released
    t_last = t
    spikes = spikes + 1
    quanta = quanta + released
    if (released > 0) {
        successes = successes + 1
    }
}

: release probability of a vesicle at the first spike
FUNCTION rested() (1) {
    rested = u_rest*(1 + enhanced)
    if (rested > 1) { rested = 1 }
}
