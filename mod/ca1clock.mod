TITLE Clocks of their own for groups of mechanisms, and the loop of steps that drives them

COMMENT
What: lets the integration strategy decide when a mechanism's states advance and by how much.
  NEURON's fixed step advances the voltage and then every mechanism, all by the same dt. A held
  mechanism still gives its current in fadvance(), but its states wait for their clock.
  ca1ltd/engine/integrators/efficient.py explains the strategy, gives its numbers and owns its state;
  here it is carried out, from one event of the protocol to the next, without going through Python.
Procedures:
  ca1_hold(mechanism, clock)   have the states of a mechanism follow a clock, a small whole number
  ca1_see(what, &variable)     name a variable that the steps look at or set: calmodulin of a spine,
                               potential of a segment, its capacitance, late of a receptor
  ca1_amend(vector, &variable) replace the last value of a record after every step
  ca1_field(&value, weights)   set a value after every step: a weighted sum of the potentials
  ca1_inject(weight, &i)       ... and of the current of a pipette, of a clamp as its command,
  ca1_inject(w, &i, &vc, &v, &rs)  potential and resistance make it now (i is that of the step's start)
  ca1_highest(&value)          set a value after every step: the highest of the potentials
  ca1_steps(to, rules, state, capacitance)  advance to a time (ms)
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

VERBATIM
#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>
#include <string>
#include <vector>

extern int secondorder;

using Handle = neuron::container::data_handle<double>;

struct Held {
    int type;
    nrn_state_t state;
};
struct Amended {
    IvocVect* record;
    Handle variable;
};
struct Injected {
    double weight;
    std::vector<Handle> parts;  // i, of a clamp also its command, potential and resistance
};
static std::map<int, std::vector<Held>> clocks;
static std::map<std::string, std::vector<Handle>> seen;
static std::vector<Amended> amended;
static std::vector<Injected> injected;
static std::vector<double> weights;
static Handle field;
static std::vector<Handle> highest;

// the order of the vectors that efficient.py gives: its rules and its state
enum Rule {
    ARRIVAL_GRID, GROWTH, CALCIUM_GONE, WAITING_GROWTH, LONGEST, SHORTEST, MOST_MOVED, EXCITED,
    QUICK, DAMPED, SLOWED, STILL_FAST, STILL_SLOW, TICK, TICK_GROWTH, LONGEST_TICK, MOST_BOUND
};
enum State { ORIGIN, ONSET, LAST_ARRIVAL, IS_DAMPED, MOST, IS_EXCITED, REFINEMENT };
// the clocks, as ca1ltd.model.mechanisms numbers them
enum Clock { FAST_GATES, SLOW_GATES, RECEPTORS, CALCIUM, CALMODULIN, ENZYMES, DOWNSTREAM, VOLTAGE };

static double seconds[VOLTAGE + 1], calls[VOLTAGE + 1];

// Counts what a part of a step costs, while it lasts.
class Counted {
  public:
    explicit Counted(int part): part(part), begun(std::chrono::steady_clock::now()) {}
    ~Counted() {
        seconds[part] +=
            std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
        calls[part] += 1;
    }

  private:
    int const part;
    std::chrono::steady_clock::time_point const begun;
};

static std::vector<double*> places(char const* what) {
    std::vector<double*> found;
    for (auto& handle: seen[what]) {
        found.push_back(static_cast<double*>(handle));
    }
    return found;
}

static void read(std::vector<double*> const& from, std::vector<double>& into) {
    into.resize(from.size());
    std::transform(from.begin(), from.end(), into.begin(), [](double* place) { return *place; });
}

static void advance(int clock, double step) {
    Counted const counted(clock);
    auto const token = nrn_ensure_model_data_are_sorted_opaque();
    NrnThread* const thread = nrn_threads;
    double const kept = thread->_dt;
    thread->_dt = step;
    for (auto const& held: clocks[clock]) {
        if (Memb_list* const instances = thread->_ml_list[held.type]) {
            held.state(token, thread, instances, held.type);
        }
    }
    thread->_dt = kept;
}

// Correct the calcium currents of the last step to its middle, as secondorder = 2 does for all ions,
// most of which here are buses and carry no current.
static void midpoint_currents() {
    constexpr int current = 3, slope = 4;  // where an ion keeps ica and dica/dv
    NrnThread* const thread = nrn_threads;
    double const* const half_dv = thread->node_rhs_storage();
    static int const type = nrn_get_mechtype("ca_ion");
    if (Memb_list* const ca = thread->_ml_list[type]) {
        for (int i = 0; i < ca->_nodecount; ++i) {
            ca->data(i, current) += ca->data(i, slope) * half_dv[ca->_nodeindices[i]];
        }
    }
}

static void move_voltage(bool middle) {
    Counted const counted(VOLTAGE);
    static Symbol* const fadvance = hoc_lookup("fadvance");
    hoc_call_func(fadvance, 0);
    if (middle) {
        midpoint_currents();
    }
}

// Gates that are known in the middle of the steps that they stand still for.
struct Gates {
    int clock;
    double longest, known_at, still_until;
    void move(double now, double step, double most) {
        if (now < still_until - 1e-9) {
            return;
        }
        double const still = std::max(step, most), middle = now + still / 2;
        advance(clock, middle - known_at);
        known_at = middle;
        still_until = now + still;
    }
};

class Steps {
  public:
    Steps(double const* rule, double* state, double const* capacitance)
        : rule(rule), state(state), base(capacitance) {
        for (auto& [clock, mechanisms]: clocks) {
            for (auto& held: mechanisms) {
                held.state = memb_func[held.type].state;
                memb_func[held.type].state = nullptr;
            }
        }
    }
    ~Steps() {
        for (auto const& [clock, mechanisms]: clocks) {
            for (auto const& held: mechanisms) {
                memb_func[held.type].state = held.state;
            }
        }
        for (double* place: late) {
            *place = 0.0;
        }
        slow(1.0);
        secondorder = order;
    }
    void go(double to);

  private:
    double next(double to) const;
    double aligned(double since) const;
    void take(double step);
    void move_gates(double step, double to);
    void show();
    void tick();
    void slow(double factor);

    double const* const rule;
    double* const state;
    double const* const base;
    std::vector<double*> const late = places("late"), calmodulin = places("calmodulin"),
                               potential = places("potential"), capacitance = places("capacitance");
    std::vector<double> bound, bound_before, volts, volts_before, area;
    double* const now = hoc_val_pointer("t");
    double* const length = hoc_val_pointer("dt");
    double factor = 1.0, ticked = *now;
    int const order = secondorder;
    int implicit = -1;
    Gates gates[2] = {{FAST_GATES, rule[STILL_FAST], *now, *now},
                      {SLOW_GATES, rule[STILL_SLOW], *now, *now}};
};

void Steps::go(double to) {
    double const fine = state[REFINEMENT];
    area.assign(calmodulin.size(), 0.0);
    read(calmodulin, bound);
    read(potential, volts);
    double step = next(to);
    move_gates(step, to);
    advance(RECEPTORS, step / 2);
    while (step) {
        take(step);
        double const following = next(to), since = *now - ticked;
        advance(RECEPTORS, (step + following) / 2);
        move_gates(following, to);
        double const most = area.empty() ? 0.0 : *std::max_element(area.begin(), area.end());
        if (!following || most > rule[MOST_BOUND] / fine ||
            since >= std::max(rule[TICK], rule[TICK_GROWTH] * (*now - state[ONSET])) / fine) {
            tick();
        }
        step = following;
    }
}

// The length of the next step (ms); 0 if there is none.
double Steps::next(double to) const {
    double const left = to - *now, fine = state[REFINEMENT];
    if (left < 1e-9) {
        return 0.0;
    }
    double longest;
    if (*now < state[LAST_ARRIVAL] - 1e-9) {
        longest = aligned((*now - state[ORIGIN]) * fine) / fine;
    } else {
        double const since = *now - state[ONSET];
        double const growth = since < rule[CALCIUM_GONE] ? rule[GROWTH] : rule[WAITING_GROWTH];
        longest = std::min(
            {std::max(rule[ARRIVAL_GRID], growth * since), rule[LONGEST], state[MOST]});
        longest = std::max(rule[SHORTEST], longest) / fine;
    }
    // two last steps of equal length rather than a tiny one
    return left <= longest * (1 + 1e-9) ? left : std::min(longest, left / 2);
}

// The longest halving of the arrival grid that ends on a multiple of itself.
double Steps::aligned(double since) const {
    constexpr int finest = 8;  // an arrival step is divided by 2 up to three times
    double const grid = rule[ARRIVAL_GRID];
    long const position = std::lrint(since / grid * finest);
    int multiple = 1;  // of the shortest step
    while (multiple < finest && position % (2 * multiple) == 0 &&
           2 * multiple * grid / finest <= state[MOST]) {
        multiple *= 2;
    }
    return multiple * grid / finest;
}

void Steps::move_gates(double step, double to) {
    double const still = state[IS_EXCITED] ? 0.0 : 1 / state[REFINEMENT];
    for (auto& each: gates) {
        each.move(*now, step, std::min(still * each.longest, to - *now));
    }
}

// Advance all but gates and cascade by a step (ms).
void Steps::take(double step) {
    bool const ring = !state[IS_DAMPED] && *now - state[ONSET] >= rule[DAMPED];
    bool const euler = ring || step > rule[SLOWED];
    slow(std::max(1.0, step / rule[SLOWED]));
    *length = step;
    if (euler != implicit) {
        implicit = euler;
        secondorder = euler ? 0 : 1;
    }
    for (double* place: late) {
        *place = step / 2;  // arrivals meet receptors that are half a step ahead
    }
    move_voltage(!euler);
    state[IS_DAMPED] = state[IS_DAMPED] || ring;
    advance(CALMODULIN, step / 2);
    advance(CALCIUM, step);
    advance(CALMODULIN, step / 2);
    bound_before.swap(bound);
    read(calmodulin, bound);
    for (std::size_t i = 0; i < area.size(); ++i) {
        area[i] += 0.5 * step * (bound_before[i] + bound[i]);
    }
    volts_before.swap(volts);
    read(potential, volts);
    show();
    double moved = 0.0, any = 0.0;
    bool near = false;
    for (std::size_t i = 0; i < volts.size(); ++i) {
        double const change = std::fabs(volts[i] - volts_before[i]);
        any = std::max(any, change);
        if (volts[i] > rule[EXCITED]) {
            near = true;
            moved = std::max(moved, change);
        }
    }
    state[MOST] = moved ? rule[MOST_MOVED] * step / moved : rule[LONGEST];
    state[IS_EXCITED] = near || any > rule[QUICK] * step;
}

// Set the field and the highest potential, and have records tell the present: all but the voltage moves after NEURON's step.
void Steps::show() {
    if (!weights.empty()) {
        double sum = 0.0;
        for (std::size_t i = 0; i < weights.size(); ++i) {
            sum += weights[i] * volts[i];
        }
        for (auto& each: injected) {
            auto& part = each.parts;
            double current = *part[0];
            if (current && part.size() > 1) {
                current = (*part[1] - *part[2]) / *part[3];
            }
            sum += each.weight * current;
        }
        *field = sum;
    }
    for (auto& each: highest) {
        *each = *std::max_element(volts.begin(), volts.end());
    }
    for (auto& each: amended) {
        int const size = vector_capacity(each.record);
        vector_vec(each.record)[size - 1] = *each.variable;
    }
}

// Advance the cascade to the present, driven by the mean of calmodulin since it did.
void Steps::tick() {
    double const elapsed = *now - ticked;
    for (std::size_t i = 0; i < area.size(); ++i) {
        *calmodulin[i] = area[i] / elapsed;
    }
    double const parts = std::ceil(elapsed * state[REFINEMENT] / rule[LONGEST_TICK]);
    double const part = elapsed / parts;
    for (int k = 0; k < parts; ++k) {
        advance(ENZYMES, part / 2);
        advance(DOWNSTREAM, part);
        advance(ENZYMES, part / 2);
    }
    for (std::size_t i = 0; i < area.size(); ++i) {
        *calmodulin[i] = bound[i];
    }
    std::fill(area.begin(), area.end(), 0.0);
    ticked = *now;
}

// Multiply the capacitance of every segment by a factor.
void Steps::slow(double by) {
    if (by != factor) {
        factor = by;
        for (std::size_t i = 0; i < capacitance.size(); ++i) {
            *capacitance[i] = base[i] * factor;
        }
    }
}
ENDVERBATIM

PROCEDURE ca1_hold() {
VERBATIM
    clocks[static_cast<int>(*getarg(2))].push_back({nrn_get_mechtype(gargstr(1)), nullptr});
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
    clocks.clear();
    seen.clear();
    amended.clear();
    injected.clear();
    highest.clear();
    weights.clear();
ENDVERBATIM
}
