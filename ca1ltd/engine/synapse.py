"""One Schaffer collateral synapse: bouton, spine and the connections between them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from neuron import n

from ca1ltd.engine.spine import Spine
from ca1ltd.model.biophysics import Passive


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Synapse:
    """One synapse; its NEURON objects exist as long as it does.

    Attributes
    ----------
    axon : int
        Number of its axon.
    spine : Spine
        The spine.
    bouton : ArtificialCell
        The bouton.
    afferent : NetCon
        Carries the axon's spikes to the bouton.
    ampa, nmda : NetCon
        From the bouton to the receptors, weights in quanta.
    """

    axon: int
    spine: Spine
    bouton: Any
    afferent: Any
    ampa: Any
    nmda: Any

    @property
    def mean_quanta(self) -> float:
        """Quanta released on average by a rested bouton."""
        return float(self.bouton.n_rrp * self.bouton.rested())

    def instances(self, mechanism: str) -> Iterator[Any]:
        """Yield the instance of a mechanism, if the synapse has one."""
        points = {"ca1ampa": self.spine.ampa, "ca1nmda": self.spine.nmda, "ca1bouton": self.bouton}
        if mechanism in points:
            yield points[mechanism]
        elif hasattr(self.spine.head(0.5), mechanism):
            yield getattr(self.spine.head(0.5), mechanism)


def build_synapse(
    axon: int,
    dendrite: Any,
    geometry: Mapping[str, float],
    passive: Passive,
    *,
    e_leak: float,
    e_k: float,
    ca_o: float,
    seed: tuple[int, int],
    changed: Iterable[tuple[str, str, float]],
    ampa_scale: float,
    nmda_scale: float,
) -> Synapse:
    """Build a synapse on a dendrite.

    Parameters
    ----------
    axon : int
        Number of its axon, of which its random numbers are.
    dendrite : Segment
        Where its spine stands.
    geometry : mapping
        The table ``spine`` of `synapse.toml`: name to value, in the units given there.
    passive : Passive
        Capacitance and leak of the membrane, which its spine has, too.
    e_leak, e_k : float
        Reversal potential of the leak there (mV), and of potassium.
    ca_o : float
        Extracellular calcium (mM).
    seed : tuple of int
        Seed of the experiment, number of the slice.
    changed : iterable of (str, str, float)
        Mechanism, parameter and value, where it is not the mod file's.
    ampa_scale, nmda_scale : float
        Its share of what differs between synapses.
    """
    spine = Spine(f"spine[{axon}]", dendrite, geometry, passive, e_leak=e_leak, e_k=e_k, ca_o=ca_o)
    bouton: Any = n.ca1bouton()
    bouton.stream.set_ids(*seed, axon)
    bouton.stream.set_seq(0)  # drops the numbers already drawn for the stream's first ids
    synapse = Synapse(
        axon=axon,
        spine=spine,
        bouton=bouton,
        afferent=_connection(None, bouton),
        ampa=_connection(bouton, spine.ampa),
        nmda=_connection(bouton, spine.nmda),
    )
    for mechanism, name, value in changed:
        for instance in synapse.instances(mechanism):
            if hasattr(instance, name):  # otherwise NEURON has one for all places
                setattr(instance, name, value)
    spine.ampa.scale *= ampa_scale
    spine.nmda.g_max *= nmda_scale
    return synapse


def _connection(source: Any, target: Any) -> Any:
    connection = n.NetCon(source, target)
    connection.delay = 0.0
    connection.weight[0] = 1.0
    return connection
