TITLE Schaffer collateral bouton

COMMENT
What: quantal release from a small readily releasable pool with facilitation and depletion.
  Every afferent spike releases each docked vesicle with probability u and sends one event, of one
  quantum, for each vesicle released. A recycling pool refills the sites; it is taken up and made
  ready again within many seconds, which limits what a long train releases.
Equations:
  between spikes u decays to 0 with tau_facil; 1 - ready decays to 0 with tau_recycling; each empty
  site refills with rate priming(ready)/tau_rec, priming(r) = (1 + k_ready) r/(r + k_ready)
  at a spike u -> u + p (1 - u), p = u_rest (1 + enhanced) (1 - silenced), then each of n docked vesicles is
  released with probability u, and ready -> ready - released/n_recycling
States: n (docked vesicles), u (release probability), ready (fraction of the recycling pool that may
  dock), kept between events.
Reference: Tsodyks & Markram 1997 (doi 10.1073/pnas.94.2.719), per vesicle; values of Wierenga &
  Wadman 2003 (doi 10.1016/s0306-4522(03)00263-6). Recycling: Ryan & Smith 1995
  (doi 10.1016/0896-6273(95)90336-4): 10 Hz use up the pool within a minute; an enzymatic step,
  which saturates, limits refilling: Wesseling & Lo 2002 (doi 10.1523/JNEUROSCI.22-22-09708.2002).
Departures: stochastic per site in place of the mean field; the sites that refill between two spikes
  see the pool as it is at the second; no spontaneous release. Spikes that do not arrive are not
  drawn: they lower the release probability of all by their part.
ENDCOMMENT

NEURON {
    THREADSAFE
    ARTIFICIAL_CELL ca1bouton
    RANDOM stream
    RANGE u_rest, enhanced, silenced, tau_rec, tau_facil, n_rrp, n_recycling, tau_recycling, k_ready
    RANGE n, u, ready, t_last, spikes, successes, quanta
}

PARAMETER {
    u_rest = 0.14 (1) <0, 1>           : 0.14 +- 0.08, Wierenga & Wadman 2003
    enhanced = 0 (1) <0, 10>           : rise of u_rest as a fraction of it, set by the drug
    silenced = 0 (1) <0, 1>            : part of the spikes that do not arrive, set by the drug
    tau_rec = 186 (ms) <1e-3, 1e6>     : 186 +- 71, Wierenga & Wadman 2003
    tau_facil = 129 (ms) <1e-3, 1e6>   : 129 +- 68, Wierenga & Wadman 2003
    n_rrp = 3 (1) <1, 100>             : a few docked vesicles; success probability 0.36
    n_recycling = 45 (1) <1, 1e9>      : some 45 in boutons of slices, Marra et al. 2012 (doi 10.1016/j.neuron.2012.08.042)
    tau_recycling = 15e3 (ms) <1, 1e9> : endocytosis, 17 s at 25 and 10 s at 35 degC, and reacidification of some seconds, Granseth & Lagnado 2008, J Physiol 586:5969
    k_ready = 0.2 (1) <0, 1e3>         : assumed: refilling slows down when most of the pool is used up
}

ASSIGNED {
    n (1)
    u (1)
    ready (1)
    t_last (ms)
    spikes (1)
    successes (1)
    quanta (1)
}

INITIAL {
    n = n_rrp
    u = 0
    ready = 1
    t_last = -1e9
    spikes = 0
    successes = 0
    quanta = 0
}

NET_RECEIVE (spike (1)) {
    LOCAL refilled, docked, released
    ready = 1 - (1 - ready)*exp(-(t - t_last)/tau_recycling)
    refilled = 1 - exp(-priming(ready)*(t - t_last)/tau_rec)
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
    ready = ready - released/n_recycling
    if (ready < 0) { ready = 0 }
    t_last = t
    spikes = spikes + 1
    quanta = quanta + released
    if (released > 0) {
        successes = successes + 1
    }
}

: rate of refilling with so much of the recycling pool ready, over that with all of it
FUNCTION priming(r (1)) (1) {
    priming = 0
    if (r > 0) { priming = (1 + k_ready)*r/(r + k_ready) }
}

: release probability of a vesicle at the first spike
FUNCTION rested() (1) {
    rested = u_rest*(1 + enhanced)
    if (rested > 1) { rested = 1 }
    rested = rested*(1 - silenced)
}
