// What the loops over the instances of a mechanism stand on.
//
// Additions keep their order and nothing is contracted, so that a processor that takes four numbers at once
// finds the same bits as one that takes two.

#include <cmath>
#include <cstdint>
#include <cstring>

// What a kernel works on; mod/kernels.inc fills it in.
struct Kernel {
    int count;                  // of instances
    double step;                // of all instances (ms)
    double const* steps;        // or of each
    double implicit;            // steps of kinetic schemes longer than this are implicit (ms)
    double const* voltage;      // of nodes (mV)
    double const* area;         // of nodes (um2)
    int const* node;            // of each instance
    double* rhs;                // of nodes: what the currents are taken from (mA/cm2)
    double* slope;              // of nodes: what the slopes of the currents are added to (S/cm2)
    double* const* of;          // operands: of each instance, the same for all, or of an ion
    int const* const* row;      // of each operand that is of an ion: where each instance's is
};

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && defined(__linux__)
#define WIDE __attribute__((target_clones("default", "avx2")))
#else
#define WIDE
#endif
#if defined(__clang__)
#define INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")
#else
#define INDEPENDENT _Pragma("GCC ivdep")
#endif
#define INLINE __attribute__((always_inline))

enum { MANY = 64, FEW = 16 };  // instances whose operands are gathered together

// exp without a branch, so that a loop of it needs none: to 12 digits, and the least or the greatest of normal
// numbers where exp leaves their range.
static inline INLINE double exponential(double x) {
    constexpr double shift = 6755399441055744.0;  // 1.5 * 2^52: adding it rounds to whole numbers
    constexpr double ln2_high = 6.93147180369123816490e-01, ln2_low = 1.90821492927058770002e-10;
    x = x < -708.0 ? -708.0 : x;
    x = x > 709.0 ? 709.0 : x;
    double const shifted = x * 1.44269504088896338700 + shift;
    double const whole = shifted - shift;
    double const r = (x - whole * ln2_high) - whole * ln2_low;
    // the Taylor series, in pairs that need not wait for each other; its next term is below 3e-13
    double const r2 = r * r, r4 = r2 * r2;
    double const low = (1.0 + r) + r2 * (1.0 / 2.0 + r * (1.0 / 6.0));
    double const middle = (1.0 / 24.0 + r * (1.0 / 120.0)) + r2 * (1.0 / 720.0 + r * (1.0 / 5040.0));
    double const high = (1.0 / 40320.0 + r * (1.0 / 362880.0)) + r2 * (1.0 / 3628800.0);
    double sum = low + r4 * (middle + r4 * high);
    std::int64_t power, bits;
    std::memcpy(&power, &shifted, sizeof power);
    std::memcpy(&bits, &sum, sizeof bits);
    bits += static_cast<std::int64_t>(static_cast<std::uint64_t>(power) << 52);
    std::memcpy(&sum, &bits, sizeof sum);
    return sum;
}
