TITLE AMPA receptor trafficking in a spine

COMMENT
What: AMPA receptors (AMPARs) anchored at the postsynaptic density, diffusing on the surface, and
  in vesicles; phosphorylation of GluA1 at S845 and S831; the number of anchoring slots. PP1 in the
  density loosens the anchor and speeds endocytosis, CaMKII in the density makes slots, traps
  receptors that diffuse and speeds exocytosis.
Equations (per receptor count; can, pp, psq, psk, cka concentrations; (x)+ = max(x, 0)):
  P = (1 - phosphatase_block)(pp + psq), Q = (1 - phosphatase_block) psq
  s845' = k845 (1 - pka_released) pka (1 - s845)
          - (d845 ((1 - pp2a_block) pp2a + P) + d845_can (1 - can_released) can) s845
  s831' = k831 (kinase_831 + cka + psk)(1 - s831) - d831 ((1 - pp2a_block) pp2a_831 + P - Q) s831
  slots' = (slots_rest + slots_camkii psk - slots)/tau_slots
  anchored' = k_anchor (1 + anchor_camkii psk) diffusing (slots - anchored)+
              - k_free (1 + free_pp1 Q) anchored
              - k_crowd (anchored - slots)+
  vesicles' = endo diffusing - exo vesicles,  diffusing' = -anchored' - vesicles'
  endo = (1 - endo_block) k_endo (1 + endo_can can + endo_pp P)
  exo = (1 - exo_block) k_exo (1 + s845 + exo_camkii psk)
  ampari = (anchored + s831_gain s831 anchored) * 1 nM: what the AMPA conductance follows.
States: s845, s831 (fractions), slots, anchored, diffusing, vesicles (receptors).
  anchored + diffusing + vesicles is constant.
Reference: Lee et al. 2000 (doi 10.1038/35016089) S845 and S831; Ehlers 2000
  (doi 10.1016/s0896-6273(00)00148-2) recycling; Opazo, Sainlos & Choquet 2012
  (doi 10.1016/j.conb.2011.09.008) slots; Opazo et al. 2010 (doi 10.1016/j.neuron.2010.06.007)
  CaMKII traps diffusing receptors; Tomita et al. 2005 (doi 10.1016/j.neuron.2005.01.009): PP1
  and calcineurin loosen stargazin from its anchor in LTD; Man et al. 2000
  (doi 10.1016/s0896-6273(00)81067-3) regulated endocytosis. Fitted by calibration/cascade.py where said.
Departures: slots are a number, not molecules; 1 nM on the bus `ampar` stands for one receptor,
  an ion concentration being NEURON's only value shared within a segment.
ENDCOMMENT

NEURON {
    THREADSAFE
    SUFFIX ca1ampar
    USEION can READ cani VALENCE 0
    USEION pka READ pkai VALENCE 0
    USEION pp READ ppi VALENCE 0
    USEION cka READ ckai VALENCE 0
    USEION psq READ psqi VALENCE 0
    USEION psk READ pski VALENCE 0
    USEION ampar WRITE ampari VALENCE 0
    RANGE total, slots_rest, slots_camkii, tau_slots, s831_gain
    RANGE k845, d845, d845_can, pp2a, k831, kinase_831, d831, pp2a_831
    RANGE k_anchor, anchor_camkii, k_free, free_pp1, k_crowd
    RANGE k_endo, endo_can, endo_pp, k_exo, exo_camkii
    RANGE phosphatase_block, pp2a_block, endo_block, exo_block, pka_released, can_released
}

UNITS {
    (mM) = (milli/liter)
    (uM) = (micro/liter)
}

PARAMETER {
    total = 129 (1) <0, 1e5>              : calibration/cascade.py; AMPARs of one synapse, all pools
    slots_rest = 249 (1) <0, 1e5>         : calibration/cascade.py; anchoring slots at rest
    slots_camkii = 53.9 (/uM) <0, 1e4>    : calibration/cascade.py
    tau_slots = 60 (s) <1, 1e6>           : assumed: slots appear within a minute of CaMKII
    s831_gain = 0.3 (1) <0, 10>           : assumed: S831 raises unitary conductance, Derkach et al. 1999 (doi 10.1073/pnas.96.6.3269)
    k845 = 0.00813 (/uM-s) <0, 1e3>       : calibration/cascade.py
    d845 = 0.00176 (/uM-s) <0, 1e3>       : calibration/cascade.py; PP1 and PP2A
    d845_can = 0.0284 (/uM-s) <0, 1e3>    : assumed: calcineurin
    pp2a = 1.5e-4 (mM) <0, 1>             : assumed: basal phosphatase at S845
    k831 = 1e-06 (/uM-s) <0, 1e3>         : calibration/cascade.py; CaMKII, a rise by half in LTP, Lee et al. 2000
    kinase_831 = 0.00362 (mM) <0, 1>      : calibration/cascade.py; basal kinases, as so much CaMKII
    d831 = 0.000248 (/uM-s) <0, 1e3>      : calibration/cascade.py; PP1 and PP2A
    pp2a_831 = 0.00102 (mM) <0, 1>        : calibration/cascade.py; basal phosphatase at S831
    k_anchor = 0.000772 (/s) <0, 1e3>     : calibration/cascade.py; per free slot
    anchor_camkii = 0.0322 (/uM) <0, 1e3> : calibration/cascade.py; trapping by CaMKII, Opazo et al. 2010
    k_free = 0.0787 (/s) <0, 1e3>         : calibration/cascade.py; anchored receptors leave within minutes
    free_pp1 = 5.64 (/uM) <0, 1e3>        : calibration/cascade.py
    k_crowd = 0.02 (/s) <0, 1e3>          : assumed: those without a slot leave within a minute
    k_endo = 0.000784 (/s) <0, 1e3>       : published 2.7e-4-8e-4: 15 % of surface receptors in 10 min, Ehlers 2000, of all or of those that diffuse; calibration/cascade.py
    endo_can = 0.314 (/uM) <0, 1e3>       : assumed: calcineurin speeds endocytosis, Beattie et al. 2000 (doi 10.1038/81823)
    endo_pp = 1.46 (/uM) <0, 1e3>         : calibration/cascade.py
    k_exo = 0.000293 (/s) <0, 1e3>        : calibration/cascade.py; a third in vesicles at rest
    exo_camkii = 0.427 (/uM) <0, 1e3>     : calibration/cascade.py; recycling endosomes fuse after LTP, Park et al. 2004 (doi 10.1126/science.1102026)
    phosphatase_block = 0 (1) <0, 1>      : fraction of PP1 inhibited, set by the drug
    pp2a_block = 0 (1) <0, 1>             : fraction of PP2A inhibited, set by the drug
    endo_block = 0 (1) <0, 1>             : fraction of endocytosis blocked, set by the drug
    exo_block = 0 (1) <0, 1>              : fraction of exocytosis blocked, set by the drug
    pka_released = 0 (1) <0, 1>           : fraction of PKA that its anchor has let go, set by the drug or the genotype
    can_released = 0 (1) <0, 1>           : fraction of calcineurin that its anchor has let go, set by the genotype
}

CONSTANT {
    one_receptor = 1e-6 (mM) : one receptor on the bus
}

ASSIGNED {
    cani (mM)
    pkai (mM)
    ppi (mM)
    ckai (mM)
    psqi (mM)
    pski (mM)
    ampari (mM)
    p (mM)
    q (mM)
    on845 (/ms)
    on831 (/ms)
    endo (/ms)
}

STATE {
    s845 (1) <1>
    s831 (1) <1>
    slots (1) <10>
    anchored (1) <10>
    diffusing (1) <10>
    vesicles (1) <10>
}

INITIAL {
    s845 = 0.6
    s831 = 0.2
    slots = slots_rest
    anchored = 0.4*total
    diffusing = 0.2*total
    vesicles = total - anchored - diffusing
    ampari = one_receptor*anchored*(1 + s831_gain*s831)
}

BREAKPOINT {
    SOLVE traffic METHOD sparse
}

KINETIC traffic {
    q = (1 - phosphatase_block)*psqi
    p = (1 - phosphatase_block)*ppi + q
    on845 = k845*(1 - pka_released)*pkai
    on831 = k831*(kinase_831 + ckai + pski)
    endo = (0.001)*(1 - endo_block)*k_endo*(1 + (1000)*endo_can*cani + (1000)*endo_pp*p)
    ~ s845 << (on845)
    ~ s845 -> (on845 + d845*((1 - pp2a_block)*pp2a + p) + d845_can*(1 - can_released)*cani)
    ~ s831 << (on831)
    ~ s831 -> (on831 + d831*((1 - pp2a_block)*pp2a_831 + p - q))
    ~ slots << ((0.001)*(slots_rest + (1000)*slots_camkii*pski)/tau_slots)
    ~ slots -> ((0.001)/tau_slots)
    ~ diffusing <-> anchored ((0.001)*k_anchor*(1 + (1000)*anchor_camkii*pski)*positive(slots - anchored), (0.001)*(k_free*(1 + (1000)*free_pp1*q) + k_crowd*positive(1 - slots/anchored)))
    ~ diffusing <-> vesicles (endo, (0.001)*(1 - exo_block)*k_exo*(1 + s845 + (1000)*exo_camkii*pski))
    CONSERVE anchored + diffusing + vesicles = total
    ampari = one_receptor*anchored*(1 + s831_gain*s831)
}

FUNCTION positive(x (1)) (1) {
    positive = 0
    if (x > 0) {
        positive = x
    }
}
