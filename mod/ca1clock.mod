TITLE Clocks of their own for groups of mechanisms

COMMENT
What: lets the integration strategy decide when a mechanism's states advance and by how much.
  NEURON's fixed step advances the voltage and then every mechanism, all by the same dt. A held
  mechanism still gives its current in fadvance(), but its states wait for ca1_advance().
Procedures:
  ca1_hold(mechanism, clock)   hand the states of a mechanism to a clock, a small whole number
  ca1_advance(clock, step, ..) advance the states of that clock's mechanisms by a step (ms), in the
                               order in which they were handed over, at the present voltage; then
                               those of the next clock, if more are given
  ca1_midpoint_currents()      correct the calcium currents of the last fadvance() to the middle of
                               its step, as secondorder = 2 does for all ions, most of which here
                               are buses and carry no current
  ca1_release()                hand all mechanisms back to NEURON
States: none.
Reference: Hines 1984 (doi 10.1016/0020-7101(84)90008-4) for the staggered step that the
  integration strategy builds of these pieces.
Departures: VERBATIM, because NMODL has no word for advancing one mechanism. It calls what NEURON
  offers to mechanism libraries; one thread only, the slice's own.
ENDCOMMENT

NEURON {
    THREADSAFE
    SUFFIX nothing
}

VERBATIM
#include <map>
#include <vector>
struct Held {
    int type;
    nrn_state_t state;
};
static std::map<int, std::vector<Held>> clocks;
ENDVERBATIM

PROCEDURE ca1_hold() {
VERBATIM
    int const type = nrn_get_mechtype(gargstr(1));
    if (memb_func[type].state) {  // otherwise it is held already
        clocks[static_cast<int>(*getarg(2))].push_back({type, memb_func[type].state});
        memb_func[type].state = nullptr;
    }
ENDVERBATIM
}

PROCEDURE ca1_advance() {
VERBATIM
    auto const token = nrn_ensure_model_data_are_sorted_opaque();
    NrnThread* const thread = nrn_threads;
    double const kept = thread->_dt;
    for (int argument = 1; ifarg(argument); argument += 2) {
        thread->_dt = *getarg(argument + 1);
        for (auto const& held: clocks[static_cast<int>(*getarg(argument))]) {
            if (Memb_list* const instances = thread->_ml_list[held.type]) {
                held.state(token, thread, instances, held.type);
            }
        }
    }
    thread->_dt = kept;
ENDVERBATIM
}

PROCEDURE ca1_midpoint_currents() {
VERBATIM
    constexpr int current = 3, slope = 4;  // where an ion keeps ica and dica/dv
    NrnThread* const thread = nrn_threads;
    double const* const half_dv = thread->node_rhs_storage();
    static int const type = nrn_get_mechtype("ca_ion");
    if (Memb_list* const ca = thread->_ml_list[type]) {
        for (int i = 0; i < ca->_nodecount; ++i) {
            ca->data(i, current) += ca->data(i, slope) * half_dv[ca->_nodeindices[i]];
        }
    }
ENDVERBATIM
}

PROCEDURE ca1_release() {
VERBATIM
    for (auto const& [clock, mechanisms]: clocks) {
        for (auto const& held: mechanisms) {
            memb_func[held.type].state = held.state;
        }
    }
    clocks.clear();
ENDVERBATIM
}
