TITLE Phosphorylation of CaMKII at T286 and T305/306

COMMENT
What: a subunit that holds calmodulin is phosphorylated at T286 by an active neighbour, and stays
  active without calmodulin until a phosphatase comes. While it is without, it phosphorylates itself
  at T305/306, and then binds calmodulin no more.
Equations, with b = ck/total the share of subunits that hold calmodulin, total = ck + cf:
  active = b + (1 - b) p286
  p286' = k_auto b active (1 - p286) - k_pp2 (p286 - t286d)
  p305' = k_inhibitory (1 - b) p286 (1 - p305) - k_305 p305
  pti = total p286, phi = total p305, ckai = total active, on the buses `pt`, `ph` and `cka`.
States: p286, p305 (fractions of the subunits).
Reference: Hanson et al. 1994 (doi 10.1016/0896-6273(94)90306-9) for neighbours; Chang et al. 2017
  (doi 10.1016/j.neuron.2017.04.041) and 2019 (doi 10.1038/s41467-019-10694-z) for T286 in spines;
  Colbran 1993 for T305/306 (recollected); PP2A dephosphorylates what is not in the density, Strack et al. 1997
  (doi 10.1074/jbc.272.21.13467), and PP2C, Fukunaga et al. 1993. Ranges that are published are
  recollected where no paper is named.
Departures: subunits, not holoenzymes: neighbours are active as often as any; a phosphorylated subunit
  holds calmodulin no longer than another; a mutant's subunits with aspartate in place of T286
  (`t286d`) count as phosphorylated, and no phosphatase reaches them.
ENDCOMMENT

NEURON {
    THREADSAFE
    SUFFIX ca1camkii
    USEION ck READ cki VALENCE 0
    USEION cf READ cfi VALENCE 0
    USEION pt WRITE pti VALENCE 0
    USEION ph WRITE phi VALENCE 0
    USEION cka WRITE ckai VALENCE 0
    RANGE k_auto, k_pp2, pp2a_share, k_inhibitory, k_305, t286d, block, pp2a_block
}

UNITS {
    (mM) = (milli/liter)
}

PARAMETER {
    k_auto = 29.3 (/s) <0, 1e3>       : published 0.5-12; calibration/cascade.py
    k_pp2 = 0.104 (/s) <0, 1e3>       : published 0.1-0.3: gone in about 6 s, Chang et al. 2017; calibration/cascade.py
    pp2a_share = 0.5 (1) <0, 1>       : assumed; of that, PP2A's, the rest PP2C's
    k_inhibitory = 0.167 (/s) <0, 1e3>  : published 0.005-0.1; calibration/cascade.py
    k_305 = 0.00172 (/s) <0, 1e3>     : published 0.005-0.1; calibration/cascade.py
    t286d = 0 (1) <0, 0.5>            : fraction of subunits with aspartate at 286, set by the genotype
    block = 0 (1) <0, 1>              : fraction inhibited, set by the drug
    pp2a_block = 0 (1) <0, 1>         : fraction of PP2A inhibited, set by the drug
}

ASSIGNED {
    cki (mM)
    cfi (mM)
    pti (mM)
    phi (mM)
    ckai (mM)
    total (mM)
    held (1)
    on (/ms)
    off (/ms)
}

STATE {
    p286 (1) <1e-3>
    p305 (1) <1e-3>
}

INITIAL {
    p286 = t286d
    p305 = 0
    pti = p286*(cki + cfi)
    phi = 0
    ckai = cki + cfi*p286
}

BREAKPOINT {
    SOLVE phosphorylation METHOD sparse
}

KINETIC phosphorylation {
    total = cki + cfi
    held = cki/total
    on = (0.001)*(1 - block)*k_auto*held*(held + (1 - held)*p286)
    off = (0.001)*k_pp2*(1 - pp2a_share*pp2a_block)
    ~ p286 << (on + off*t286d)
    ~ p286 -> (on + off)
    ~ p305 << ((0.001)*k_inhibitory*(1 - held)*p286)
    ~ p305 -> ((0.001)*k_inhibitory*(1 - held)*p286 + (0.001)*k_305)
    pti = total*p286
    phi = total*p305
    ckai = cki + cfi*p286
}
