#include <algorithm>
#include <cmath>
#include <iterator>

// A time constant (SAMPLE, in its unit, stands above), and what a sample leaves of what decays with it.
struct Tau {
    double value, kept;
    Tau(double value = 1) : value(value), kept(std::exp(-SAMPLE/value)) {}
    operator double() const { return value; }
};
// Lets x go to a value for some time.
static inline void relax(double& x, double to, double dt, const Tau& tau) {
    x = to + (x - to)*(dt == SAMPLE ? tau.kept : std::exp(-dt/tau.value));
}
// The same at a rate that is not known before.
static inline void relax_at(double rate, double& x, double to, double dt) {
    const double time = rate*dt, kept = time < 0.02 ? (2 - time)/(2 + time) : std::exp(-time);
    x = to + (x - to)*kept;
}
static inline double sig(double x, double beta) { return 1/(1 + std::exp(-beta*x)); }
// The probability that a Gaussian efficacy is beyond rho_star.
static inline double beyond(double m, double v) {
    return v > 0 ? 0.5*std::erfc((rho_star - m)/std::sqrt(2*v)) : m > rho_star;
}
