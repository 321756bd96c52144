// Spines driven by calcium. What stands above this, `start` and `advance` of one spine by a step,
// comes from the mod files (`c_step.py`). Calcium is in mM and time in ms; x has a row of SHOWN
// values for each spine.

static const int SETTLED = 4;                // calmodulin rests so many samples after calcium,
static const int LONGEST_QUIET = 20;         // and so many samples are one step
static const double SHORTEST = 2;            // a step after calcium was set
static const double LONGER = 1.15;           // each of the following
static const double LONGEST_AT_REST = 5000;  // a step
static const double LONGEST_IN_CLAMP = 20;   // CaMKII kindles itself within half a second

static void hold_one(double* x, const double* p, double calcium, double duration) {
    const double longest = calcium < QUIET ? LONGEST_AT_REST : LONGEST_IN_CLAMP;
    double step = SHORTEST;
    for (double left = duration; left > 1e-6; left -= step) {
        step = std::min({step * LONGER, longest, left});
        advance(x, p, calcium, step);
    }
}

// Calcium of one spine, every sample; above rest it is multiplied by a gain.
static void event(double* x, double* highest, const double* p, const double* calcium, int samples,
                  int spines, double sample, double rest, double gain) {
    int quiet = 0;
    for (int k = 0; k < samples; ++k) {
        const double present = rest + gain * (calcium[k * spines] - rest);
        quiet = present < QUIET ? quiet + 1 : 0;
        int together = 1;
        if (quiet > SETTLED) {
            while (together < LONGEST_QUIET && k + 1 < samples &&
                   rest + gain * (calcium[(k + 1) * spines] - rest) < QUIET) {
                ++together, ++k;
            }
        }
        advance(x, p, together > 1 ? rest : present, together * sample);
        for (int name = 0; name < SHOWN; ++name) {
            highest[name] = std::max(highest[name], x[name]);
        }
    }
}

extern "C" void begin(double* x, const double* p, double calcium) { start(x, p, calcium); }

extern "C" void hold(double* x, const double* p, int spines, double calcium, double duration) {
    for (int spine = 0; spine < spines; ++spine) {
        hold_one(x + spine * SHOWN, p, calcium, duration);
    }
}

// Events in turn, each followed by a rest: calcium of all spines one after the other. What each
// spine shows before an event goes to `before`. Of calcium above rest comes the more, the larger
// what is in column `fed` is, relative to `usual`, to a power.
extern "C" void follow(double* x, double* highest, double* before, const double* p, int spines,
                       const double* calcium, double sample, int events, const long* starts,
                       const long* lengths, const double* waits, double rest, double gain, int fed,
                       double usual, double power) {
    for (int spine = 0; spine < spines; ++spine) {
        double* mine = x + spine * SHOWN;
        for (int k = 0; k < events; ++k) {
            if (before) {
                std::copy(mine, mine + SHOWN, before + (static_cast<long>(k) * spines + spine) * SHOWN);
            }
            event(mine, highest + spine * SHOWN, p, calcium + starts[k] * spines + spine,
                  static_cast<int>(lengths[k]), spines, sample, rest,
                  gain * std::pow(mine[fed] / usual, power));
            if (waits[k] > sample) {
                hold_one(mine, p, rest, waits[k]);
            }
        }
    }
}
