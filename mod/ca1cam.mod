TITLE Calmodulin, and the calcineurin and CaMKII that compete for it

COMMENT
What: calmodulin of a spine head, free and bound. Each lobe of free calmodulin binds two calcium
  ions at once, the N lobe within milliseconds; the C lobe holds neurogranin, which drives calcium out.
  With both lobes full it binds calcineurin and CaMKII, which take it from each other.
Equations, with neurogranin held by C lobes without calcium:
  c' = koff_c ((cai/k_c)^2 (1 - c) - (1 + neurogranin/k_ng) c)
  n' = koff_n ((cai/k_n)^2 (1 - n) - n)
  loaded = (1 - block) c n                     the lobes bind independently
  cam + calcineurin <-> canb   (kon_can loaded, koff_can)
  cam + CaMKII <-> cki         (kon_camkii loaded (1 - camkii_block)(1 - ph/camkii_total), koff_camkii)
  cami = loaded cam, cani = (1 - can_block) canb and cfi = camkii_total - cki, on the buses `cam`,
  `can` and `cf`.
States: c, n (fractions of the C and N lobes with calcium), cam (free calmodulin), canb (calcineurin
  with calmodulin), cki (CaMKII subunits with calmodulin, on the bus `ck`) (mM).
  cam + canb + cki is constant.
Reference: Pepke et al. 2010 (doi 10.1371/journal.pcbi.1000675) for lobes and rates; Quintana et al.
  2005 (doi 10.1111/j.1471-4159.2004.02900.x) for calcineurin; Chang et al. 2017
  (doi 10.1016/j.neuron.2017.04.041) for how long CaMKII of a spine stays active; Gaertner et al. 2004
  (J Biol Chem 279:39374, recollected) for neurogranin, which makes the C lobe bind calcium less
  well and let it go faster; Black, Selfridge & Persechini 2007 (doi 10.1021/bi700774s) for how
  fast lobes empty; Chang et al. 2019 (doi 10.1038/s41467-019-10694-z) for how long CaMKII of spines
  holds calmodulin; Feng, Raghavachari & Lisman 2011 (Brain Res 1419:46) for how much CaMKII there
  is. Ranges that are published are recollected where no paper is named.
Departures: the two sites of a lobe are one; what is bound keeps its calcium for as long as it stays;
  neurogranin is in excess. Subunits with T305/306 phosphorylated (bus `ph`) do not bind.
ENDCOMMENT

NEURON {
    THREADSAFE
    SUFFIX ca1cam
    USEION ca READ cai
    USEION ph READ phi VALENCE 0
    USEION cam WRITE cami VALENCE 0
    USEION can WRITE cani VALENCE 0
    USEION ck WRITE cki VALENCE 0
    USEION cf WRITE cfi VALENCE 0
    RANGE cam_total, k_c, k_n, koff_c, koff_n, neurogranin, k_ng, block
    RANGE can_total, kon_can, koff_can, can_block
    RANGE camkii_total, kon_camkii, koff_camkii, camkii_block
}

UNITS {
    (mM) = (milli/liter)
    (uM) = (micro/liter)
}

PARAMETER {
    cam_total = 0.00569 (mM) <0, 1>    : published 0.01-0.1; calibration/cascade.py
    k_c = 0.00162 (mM) <1e-6, 1>       : published 3e-4-2e-3: C lobe half saturation; calibration/cascade.py
    k_n = 0.00138 (mM) <1e-6, 1>       : published 4e-3-0.012: N lobe half saturation; calibration/cascade.py
    koff_c = 25.8 (/s) <1e-3, 1e5>     : published 6-10: 10 in Black et al. 2007; calibration/cascade.py
    koff_n = 278 (/s) <1e-3, 1e5>      : published 300-1000: 470-1150 in Black et al. 2007
    neurogranin = 0.00942 (mM) <0, 1>  : published 0.02-0.08: free; calibration/cascade.py
    k_ng = 0.0106 (mM) <1e-6, 1>       : published 1e-3-5e-3: its affinity for calmodulin without calcium
    block = 0 (1) <0, 1>               : fraction that an antagonist holds, set by the drug
    can_total = 0.000645 (mM) <0, 1>   : published 1e-3-0.02; calibration/cascade.py
    kon_can = 133 (/uM-s) <0, 500>     : published 17-46: Quintana et al. 2005; calibration/cascade.py
    koff_can = 2.9 (/s) <0, 1e3>       : published 0.0012-1; calibration/cascade.py
    can_block = 0 (1) <0, 1>           : fraction of calcineurin inhibited, set by the drug
    camkii_total = 0.04 (mM) <1e-9, 1> : published 0.02-0.14: subunits; Feng et al. 2011 at the high end
    kon_camkii = 3.45 (/uM-s) <0, 500> : published 10-100; calibration/cascade.py
    koff_camkii = 7.25 (/s) <0, 1e3>   : published 0.3-2.5: gone in about 3 s, Chang et al. 2019; calibration/cascade.py
    camkii_block = 0 (1) <0, 1>        : fraction of CaMKII inhibited, set by the drug
}

ASSIGNED {
    cai (mM)
    phi (mM)
    cami (mM)
    cani (mM)
    cfi (mM)
    loaded (1)
}

STATE {
    c (1) <1e-2>
    n (1) <1e-3>
    cam (mM) <1e-3>
    canb (mM) <1e-4>
    cki (mM) <1e-3>
}

INITIAL {
    c = cai*cai/(cai*cai + k_c*k_c*held())
    n = cai*cai/(cai*cai + k_n*k_n)
    loaded = (1 - block)*c*n
    cki = camkii_total*kon_camkii*loaded*cam_total/(kon_camkii*loaded*cam_total + (0.001)*koff_camkii)
    canb = can_total*kon_can*loaded*cam_total/(kon_can*loaded*cam_total + (0.001)*koff_can)
    if (canb + cki > cam_total) {
        cki = cki*cam_total/(canb + cki)
        canb = cam_total - cki
    }
    cam = cam_total - canb - cki
    cami = loaded*cam
    cani = (1 - can_block)*canb
    cfi = camkii_total - cki
}

BREAKPOINT {
    SOLVE binding METHOD sparse
}

KINETIC binding {
    ~ c << ((0.001)*koff_c*cai*cai/(k_c*k_c))
    ~ c -> ((0.001)*koff_c*(cai*cai/(k_c*k_c) + held()))
    ~ n << ((0.001)*koff_n*cai*cai/(k_n*k_n))
    ~ n -> ((0.001)*koff_n*(cai*cai/(k_n*k_n) + 1))
    loaded = (1 - block)*c*n
    ~ cam <-> canb (kon_can*loaded*(can_total - canb), (0.001)*koff_can)
    ~ cam <-> cki (kon_camkii*loaded*(1 - camkii_block)*(1 - phi/camkii_total)*(camkii_total - cki), (0.001)*koff_camkii)
    CONSERVE cam + canb + cki = cam_total
    cami = loaded*cam
    cani = (1 - can_block)*canb
    cfi = camkii_total - cki
}

: how much faster calcium leaves the C lobe, which then holds neurogranin
FUNCTION held() (1) {
    held = 1 + neurogranin/k_ng
}
