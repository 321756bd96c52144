"""Multipliers from the units people write to the units the model computes in.

Internally every float is in ms, mV, nA, uS, um, mM, uA (stimulation), degC; a literal carries its
unit, as in ``900 * s`` or ``0.5 * nS``. The values agree with ``neuron.units``, which cannot be
used here because importing it starts NEURON.
"""

from typing import Final

# time (ms)
us: Final = 1e-3
ms: Final = 1.0
s: Final = 1e3
minute: Final = 60e3
hour: Final = 3600e3

# frequency (1/ms)
Hz: Final = 1e-3
kHz: Final = 1.0

# electricity (mV, nA, uS, MOhm); stimulating electrodes alone keep their currents in uA
uV: Final = 1e-3
mV: Final = 1.0
V: Final = 1e3
pA: Final = 1e-3
nA: Final = 1.0
uA: Final = 1e3
pS: Final = 1e-6
nS: Final = 1e-3
uS: Final = 1.0
MOhm: Final = 1.0
GOhm: Final = 1e3

# space (um) and speed (um/ms)
nm: Final = 1e-3
um: Final = 1.0
mm: Final = 1e3
m: Final = 1e6
um_per_ms: Final = 1.0
m_per_s: Final = 1e3

# concentration (mM)
nM: Final = 1e-6
uM: Final = 1e-3
mM: Final = 1.0
M: Final = 1e3

# temperature (degC)
degC: Final = 1.0
