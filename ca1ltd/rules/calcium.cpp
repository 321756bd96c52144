// Synapses of a rule through a drive of calcium. Above this stand what `help.cpp` has and, from the
// rule's module (`source.py`), its parameters, `State`, `Given`, `given`, `step`, `still` and
// `weight`. Stretches follow each other; what is `waits` after each is rest. Before each stretch the
// mean weight of the synapses is told.

// Calcium by the bits of its half precision; it is positive, so that 2^15 values suffice. What is
// highest in each TOGETHER samples is told, too.
extern "C" void follow_calcium(const double* parameters, int synapses, const unsigned short* calcium,
                               const unsigned short* highest, long samples, const double* known, int events,
                               const long* starts, const long* lengths, const double* waits,
                               double* weights) {
    set_parameters(parameters);
    static Given table[1 << 15];
    static bool asked[1 << 15];
    std::fill(std::begin(asked), std::end(asked), false);
    const Given at_rest = given(REST);
    const auto now = [&](unsigned short code) -> const Given& {
        if (!asked[code]) {
            asked[code] = true;
            table[code] = given(known[code]);
        }
        return table[code];
    };
    std::fill(weights, weights + events, 0.0);
    for (int synapse = 0; synapse < synapses; ++synapse) {
        const unsigned short* mine = calcium + synapse*samples;
        const unsigned short* most = highest + synapse*((samples + TOGETHER - 1)/TOGETHER);
        State state(0);
        for (int k = 0; k < events; ++k) {
            weights[k] += weight(state)/synapses;
            const long end = starts[k] + lengths[k];
            for (long j = starts[k]; j < end;) {
                if (j % TOGETHER == 0 && j + TOGETHER <= end && still(now(most[j/TOGETHER]))) {
                    step(state, now(most[j/TOGETHER]), TOGETHER*SAMPLE);
                    j += TOGETHER;
                } else {
                    step(state, now(mine[j++]), SAMPLE);
                }
            }
            if (waits[k] > 0) step(state, at_rest, waits[k]);
        }
    }
}
