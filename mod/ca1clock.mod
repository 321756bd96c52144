TITLE Clocks of their own for groups of mechanisms, and the loop of steps that drives them

COMMENT
What: lets the integration strategy decide when a mechanism's states advance and by how much.
  NEURON's fixed step advances the voltage and then every mechanism, all by the same dt. Here
  fadvance() takes the currents, and the states wait for their clock.
  ca1ltd/engine/integrators/efficient.py explains the strategy, gives its numbers and owns its state;
  here it is carried out, from one event of the protocol to the next, without going through Python.
Procedures:
  ca1_kernel(mechanism, clock, states, current)  have a mechanism follow a clock, a small whole
                               number, and functions at two addresses take the place of NEURON's
  ca1_operand(&variable)       what the last kernel works on, in its order: a variable of any
  ca1_operand(ion, part)       instance, one that all share, or what NEURON keeps of an ion
  ca1_head(node, &calcium, rise)  name a spine head: see heads.inc
  ca1_bus(&value)              calmodulin of the last head, then what advances with it: the cascade sees their means
  ca1_see(what, &variable)     name a variable that the steps look at or set: potential of a segment,
                               its capacitance, late of a receptor; a state of the cascade that is
                               followed, and where its peak is kept
  ca1_amend(vector, &variable) replace the last value of a record after every step
  ca1_field(&value, weights)   set a value after every step: a weighted sum of the potentials
  ca1_inject(weight, &i)       ... and of the current of a pipette, of a clamp as its command,
  ca1_inject(w, &i, &vc, &v, &rs)  potential and resistance make it now (i is that of the step's start)
  ca1_highest(&value)          set a value after every step: the highest of the potentials
  ca1_steps(to, rules, state, capacitance)  advance to a time (ms)
  ca1_settle(dt, number)       advance by fixed implicit steps (ms), as fadvance() does, to find rest
  ca1_forget()                 forget all of this
  ca1_spent(seconds, calls)    fill vectors with what the steps have cost by clock, the voltage last,
                               and begin to count anew
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

INCLUDE "clocks.inc"
INCLUDE "ions.inc"
INCLUDE "kernels.inc"
INCLUDE "heads.inc"
INCLUDE "steps.inc"

PROCEDURE ca1_kernel() {
VERBATIM
    auto const function = [](int argument) {
        return reinterpret_cast<ToldKernel::Function>(
            static_cast<std::uintptr_t>(*getarg(argument)));
    };
    told_kernels.push_back({nrn_get_mechtype(gargstr(1)), static_cast<int>(*getarg(2)), function(3),
                            function(4), {}});
ENDVERBATIM
}

PROCEDURE ca1_operand() {
VERBATIM
    ToldKernel::Operand operand{{}, -1, 0};
    if (hoc_is_str_arg(1)) {
        operand.ion = nrn_get_mechtype(gargstr(1));
        operand.part = static_cast<int>(*getarg(2));
    } else {
        operand.place = hoc_hgetarg<double>(1);
    }
    told_kernels.back().operands.push_back(operand);
ENDVERBATIM
}

PROCEDURE ca1_head() {
VERBATIM
    told_heads.push_back({static_cast<int>(*getarg(1)), hoc_hgetarg<double>(2), *getarg(3), {}});
ENDVERBATIM
}

PROCEDURE ca1_bus() {
VERBATIM
    told_heads.back().buses.push_back(hoc_hgetarg<double>(1));
ENDVERBATIM
}

PROCEDURE ca1_see() {
VERBATIM
    seen[gargstr(1)].push_back(hoc_hgetarg<double>(2));
ENDVERBATIM
}

PROCEDURE ca1_amend() {
VERBATIM
    amended.push_back({vector_arg(1), hoc_hgetarg<double>(2)});
ENDVERBATIM
}

PROCEDURE ca1_field() {
VERBATIM
    IvocVect* const given = vector_arg(2);
    field = hoc_hgetarg<double>(1);
    weights.assign(vector_vec(given), vector_vec(given) + vector_capacity(given));
ENDVERBATIM
}

PROCEDURE ca1_inject() {
VERBATIM
    Injected pipette{*getarg(1), {}};
    for (int argument = 2; ifarg(argument); ++argument) {
        pipette.parts.push_back(hoc_hgetarg<double>(argument));
    }
    injected.push_back(pipette);
ENDVERBATIM
}

PROCEDURE ca1_highest() {
VERBATIM
    highest.push_back(hoc_hgetarg<double>(1));
ENDVERBATIM
}

PROCEDURE ca1_steps() {
VERBATIM
    Steps steps(vector_vec(vector_arg(2)), vector_vec(vector_arg(3)), vector_vec(vector_arg(4)));
    steps.go(*getarg(1));
ENDVERBATIM
}

PROCEDURE ca1_settle() {
VERBATIM
    settle(*getarg(1), static_cast<int>(*getarg(2)));
ENDVERBATIM
}

PROCEDURE ca1_spent() {
VERBATIM
    std::copy(seconds, seconds + VOLTAGE + 1, vector_vec(vector_arg(1)));
    std::copy(calls, calls + VOLTAGE + 1, vector_vec(vector_arg(2)));
    std::fill(seconds, seconds + VOLTAGE + 1, 0.0);
    std::fill(calls, calls + VOLTAGE + 1, 0.0);
ENDVERBATIM
}

PROCEDURE ca1_forget() {
VERBATIM
    seen.clear();
    told_heads.clear();
    told_kernels.clear();
    amended.clear();
    injected.clear();
    highest.clear();
    weights.clear();
ENDVERBATIM
}
