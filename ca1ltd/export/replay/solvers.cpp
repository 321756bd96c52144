#include <algorithm>
#include <cmath>

using std::exp;
using std::fabs;
using std::log;
using std::pow;

// Of the Rosenbrock method: 1 - 1/sqrt(2).
static const double REACH = 0.29289321881345254;

// (1 - exp(-z))/z; by its series where that is exact to 1e-6, for speed
static inline double part(double z) {
    return z < 0.1 ? 1 - z * (0.5 - z * (1 / 6.0 - z / 24)) : (1 - exp(-z)) / z;
}

// x after a step of x' = gain - loss x
static inline double relaxed(double old, double gain, double loss, double step) {
    return old + (gain - loss * old) * step * part(loss * step);
}

// x at five moments of the step
static inline void relax(double old, double gain, double loss, double step, double* path) {
    const double quarter = step / 4, moved = quarter * part(loss * quarter);
    path[0] = old;
    for (int k = 1; k < 5; ++k) {
        path[k] = path[k - 1] + (gain - loss * path[k - 1]) * moved;
    }
}

// the mean of x over the step
static inline double mean(double now, double old, double gain, double loss, double step) {
    return loss * step < 0.1 ? (old + now) / 2 : (gain - (now - old) / step) / loss;
}
