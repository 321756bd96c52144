// Spines of whole molecules. What stands above this, `propensities`, `happen` and `show` of one
// spine, comes from the mod files (`c_transitions.py`). Calcium is in mM and time in ms; x is the
// number of each species of a spine, and `happened` how often each transition did.

struct Chance {
    double (*next)(void*);  // uniform, below 1
    void* state;
};

// Gillespie's direct method (1977, doi 10.1021/j100540a008): exact while calcium is what it is.
static void draw(double* x, const double* p, double calcium, double duration, Chance chance,
                 std::int64_t* happened) {
    double a[TRANSITIONS];
    propensities(x, p, calcium, a);
    for (double left = duration;;) {
        double total = 0;
        for (int k = 0; k < TRANSITIONS; ++k) {
            total += a[k];
        }
        left += std::log(1 - chance.next(chance.state)) / total;
        if (!(left > 0)) {
            return;
        }
        double aim = total * chance.next(chance.state);
        int transition = 0;
        for (int k = 0; k < TRANSITIONS && aim >= 0; ++k) {
            if (a[k] > 0) {  // the last that can happen, should rounding leave some of the aim
                transition = k;
                aim -= a[k];
            }
        }
        ++happened[transition];
        happen(transition, x, p, calcium, a);
    }
}

extern "C" void hold(double* x, const double* p, double calcium, double duration,
                     double (*next)(void*), void* state, std::int64_t* happened) {
    draw(x, p, calcium, duration, {next, state}, happened);
}

// Calcium of one spine, every sample; above rest it is multiplied by a gain.
extern "C" void give(double* x, const double* p, const double* calcium, int samples, double sample,
                     double rest, double gain, double (*next)(void*), void* state,
                     std::int64_t* happened) {
    for (int k = 0; k < samples; ++k) {
        draw(x, p, rest + gain * (calcium[k] - rest), sample, {next, state}, happened);
    }
}
