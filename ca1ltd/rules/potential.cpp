// Synapses of a rule through a drive of the potential and of releases; as `calcium.cpp`.

// The potential between stretches is the last one; releases of each synapse ascend.
extern "C" void follow_potential(const double* parameters, int synapses, const float* potential,
                                 long samples, const double* resting,
                                 const double* releases, const long* first_release, int events,
                                 const double* times, const long* starts, const long* lengths,
                                 const double* waits, double* weights) {
    set_parameters(parameters);
    std::fill(weights, weights + events, 0.0);
    for (int synapse = 0; synapse < synapses; ++synapse) {
        const float* mine = potential + synapse*samples;
        const double* next = releases + first_release[synapse];
        const double* last = releases + first_release[synapse + 1];
        double u = resting[synapse];
        State state(u);
        const auto released = [&](double until) {
            int X = 0;
            while (next != last && *next < until) ++next, ++X;
            return X;
        };
        for (int k = 0; k < events; ++k) {
            weights[k] += weight(state)/synapses;
            double t = times[k];
            for (long j = starts[k]; j < starts[k] + lengths[k]; ++j, t += SAMPLE) {
                u = mine[j];
                step(state, u, released(t + SAMPLE), SAMPLE);
            }
            const double until = t + waits[k];
            while (t < until) {
                const int X = released(std::nextafter(t, until));
                const double stop = next != last && *next < until ? *next : until;
                step(state, u, X, stop - t);
                t = stop;
            }
        }
    }
}
