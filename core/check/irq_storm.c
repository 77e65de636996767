/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * irq-storm: no STORM_ENTRIES handler entries of a line with nothing changed in between, while everybody
 * who could change something has had his chance.
 *
 * 1. "Nothing changed": the device's generation, level changes of all lines, disable depths, clocks,
 *    power and runtime PM status. The mask of a ONESHOT line goes on and off with each interrupt and is
 *    no change; a line masked for good gives no entries.
 * 2. "Has had his chance": each other context has finished, is blocked, has gone FAIR_STEPS on since the
 *    first of these entries, or is kept off its CPU by this very interrupt. A context that sleeps for a
 *    time counts as blocked only once it has slept through SLEEP_STEPS of this: a short sleep would
 *    end it soon. One that keeps its CPU for a time (udelay) is given until it has gone on.
 * 3. "Kept off by this interrupt": it lives on the CPU that takes the interrupt, could run, and has
 *    not taken one step since the first of these entries. That is certain only there: a level that is
 *    still high is taken again before the CPU's task takes another step. With a threaded handler it
 *    holds for normal tasks only, and where the thread shares the CPU, which is where Linux puts it.
 * So no unfair scheduler can make a finding, and no fair strategy is needed for one.
 *
 * Only a line that a fault of the SMMU asserts is judged; if another device holds a shared line, that
 * is not the subject's storm.
 *
 * The runtime PM status is part of the variant, and in SUSPENDED the power too: a storm in SUSPENDING, one
 * with the clocks gated and one with the domain off are different holes in a protocol, and both are
 * unchanged throughout by definition.
 */
#include <check/observe.h>

#include <string.h>

#define STORM_ENTRIES 8
#define FAIR_STEPS    64
#define SLEEP_STEPS   1024
/* Entries of the longest storm that the kernel's own detector stands (domain.md 4.3). */
#define KERNEL_LIMIT  99900

enum how { UNRETIRED, STARVED_HARD, STARVED_THREAD };

struct window {
	uint64_t generation; /* of the device */
	uint64_t others;     /* of everything else */
	uint64_t first_step;
	uint32_t entries;
	bool reported;
	uint64_t steps[FL_MAX_CONTEXTS]; /* of each context at the first entry */
};

static struct window windows[FL_MAX_LINES];
static uint16_t open_windows; /* mask of lines */
/* The line whose flow handler has begun and whose first action has not been called yet. */
static bool fresh_flow[FL_MAX_LINES];
static uint64_t changes;
static bool premise;

/* Variants must stay valid, and equal ones be equal pointers. */
static const char *variant_of(enum how how, unsigned int status, unsigned int power)
{
	static const char *const variants[3][4] = {
		{"unretired while ACTIVE", "unretired while RESUMING", NULL,
		 "unretired while SUSPENDING"},
		{"starved by hard IRQ while ACTIVE", "starved by hard IRQ while RESUMING", NULL,
		 "starved by hard IRQ while SUSPENDING"},
		{"starved by IRQ thread while ACTIVE", "starved by IRQ thread while RESUMING", NULL,
		 "starved by IRQ thread while SUSPENDING"},
	};
	static const char *const suspended[3][3] = {
		{"unretired while SUSPENDED, clocks on", "unretired while SUSPENDED, gated",
		 "unretired while SUSPENDED, collapsed"},
		{"starved by hard IRQ while SUSPENDED, clocks on",
		 "starved by hard IRQ while SUSPENDED, gated",
		 "starved by hard IRQ while SUSPENDED, collapsed"},
		{"starved by IRQ thread while SUSPENDED, clocks on",
		 "starved by IRQ thread while SUSPENDED, gated",
		 "starved by IRQ thread while SUSPENDED, collapsed"},
	};

	if ((status & 3) == FL_RPM_SUSPENDED)
		return suspended[how][power <= FL_POWER_COLLAPSED ? power : FL_POWER_COLLAPSED];
	return variants[how][status & 3];
}

static void changed(const struct fl_event *event)
{
	(void)event;
	changes++;
}

/* A mask without a change of depth is a ONESHOT line doing its work. */
static uint64_t depths(void)
{
	uint64_t sum = 0;

	for (unsigned int i = 0; i < FL_MAX_LINES; i++)
		sum = sum * 31 + check_world->lines[i].depth;
	return sum;
}

static void open_window(unsigned int line, uint64_t generation, uint64_t others)
{
	struct window *window = &windows[line];
	fl_context_t count = fl_context_count();

	window->generation = generation;
	window->others = others;
	window->first_step = fl_step();
	window->entries = 0;
	open_windows |= (uint16_t)(1u << line);
	window->reported = false;
	for (fl_context_t i = 0; i < count; i++)
		window->steps[i] = fl_context_steps(i);
	/* Those that come later have taken none. */
	memset(&window->steps[count], 0,
	       (FL_MAX_CONTEXTS - (size_t)count) * sizeof(window->steps[0]));
}

/* Is @context kept off its CPU by the interrupt that the running context handles? */
static bool kept_off(const struct window *window, fl_context_t context, bool threaded)
{
	enum fl_context_kind kind = fl_context_kind(context);

	if (fl_context_cpu(context) != fl_context_cpu(fl_current()))
		return false;
	if (fl_context_steps(context) != window->steps[context] ||
	    !fl_context_starved(context, false))
		return false;
	/* FIFO tasks take turns with the thread; only normal ones have to wait for it. */
	return !threaded || kind == FL_CONTEXT_TASK || kind == FL_CONTEXT_WORK;
}

/* Has everybody else had his chance? Then *starved says whether somebody was kept off his CPU. */
static bool all_had_their_chance(const struct window *window, bool threaded, bool *starved)
{
	*starved = false;
	for (fl_context_t i = 0; i < fl_context_count(); i++) {
		if (i == fl_current())
			continue;
		switch (fl_context_state(i)) {
		case FL_DORMANT:
		case FL_BLOCKED:
			continue;
		case FL_SPINNING:
			/* On threads it waits for this very interrupt to be out of its way, perhaps. */
			if (fl_free_running)
				break;
			continue;
		case FL_SLEEPING:
			if (fl_step() - window->first_step >= SLEEP_STEPS)
				continue;
			break;
		default:
			break;
		}
		if (fl_context_steps(i) - window->steps[i] >= FAIR_STEPS)
			continue;
		if (!kept_off(window, i, threaded))
			return false;
		*starved = true;
	}
	return true;
}

static void report(const struct fl_event *event, struct window *window, bool threaded, bool starved,
		   uint8_t bank)
{
	unsigned int status = check_world->status[FL_DEVICE_SMMU];
	enum how how = !starved ? UNRETIRED : threaded ? STARVED_THREAD : STARVED_HARD;
	const char *function = check_handler_of(bank);

	window->reported = true;
	fl_violation(
		&fl_invariant_irq_storm, function, variant_of(how, status, check_world->power),
		"line %u: %u handler entries with nothing changed (%s, the kernel's detector acts at "
		"%u NONEs only); SMMU power %s%s",
		(unsigned int)event->a, window->entries, check_status_name(status), KERNEL_LIMIT,
		check_power_name(check_world->power),
		how != STARVED_THREAD ? ""
				      : "; RT throttling, or the fair server of 6.12 (50 ms a "
					"second), ends it on a stock kernel");
}

static bool is_threaded(const struct check_line *line)
{
	for (unsigned int i = 0; i < CHECK_ACTIONS; i++)
		if (line->actions[i].present && line->actions[i].threaded)
			return true;
	return false;
}

static void enter(const struct fl_event *event)
{
	struct window *window;
	unsigned int line;
	uint64_t generation, others;
	bool threaded, starved;
	int cause;

	/* One entry a flow: the first action of it. Threads and the detector's polls are no entries. */
	if (event->c || event->a >= FL_MAX_LINES || !fresh_flow[event->a])
		return;
	fresh_flow[event->a] = false;
	line = (unsigned int)event->a;
	window = &windows[line];
	cause = check_live_cause(line);
	if (cause < 0) {
		open_windows &= (uint16_t)~(1u << line);
		return;
	}
	if (!premise) {
		premise = true;
		fl_premise(&fl_invariant_irq_storm);
	}
	generation = smmu_generation();
	others = changes * 1000003 + depths();
	if (!(open_windows & 1u << line) || window->generation != generation ||
	    window->others != others)
		open_window(line, generation, others);
	if (++window->entries < STORM_ENTRIES || window->reported)
		return;
	threaded = is_threaded(&check_world->lines[event->a]);
	if (all_had_their_chance(window, threaded, &starved))
		report(event, window, threaded, starved, (uint8_t)cause);
}

static void flow_enter(const struct fl_event *event)
{
	if (event->a < FL_MAX_LINES)
		fresh_flow[event->a] = true;
}

static void flow_exit(const struct fl_event *event)
{
	if (event->a < FL_MAX_LINES)
		fresh_flow[event->a] = false;
}

static void subscribe(void)
{
	fl_subscribe(FL_EV_IRQ_FLOW_ENTER, flow_enter);
	fl_subscribe(FL_EV_IRQ_FLOW_EXIT, flow_exit);
	fl_subscribe(FL_EV_IRQ_ENTER, enter);
	fl_subscribe(FL_EV_LINE, changed);
	fl_subscribe(FL_EV_PM_STATUS, changed);
	fl_subscribe(FL_EV_PM_ENABLED, changed);
	fl_subscribe(FL_EV_CLOCKS, changed);
	fl_subscribe(FL_EV_DOMAIN, changed);
	fl_subscribe(FL_EV_POWER, changed);
}

static void reset(void)
{
	open_windows = 0;
	memset(fresh_flow, 0, sizeof(fresh_flow));
	changes = 0;
	premise = false;
}

const struct fl_invariant fl_invariant_irq_storm = {
	.name = "irq-storm",
	.help = "no 8 handler entries of a line with nothing changed while others had their chance",
	.premise = "a handler was entered with a live fault of the SMMU",
	.consequence = "A CPU spends all its time in the handler of a level interrupt that nobody "
		       "clears: soft lockup or RCU stall warnings, or after 99,900 unhandled of "
		       "100,000 \"irq N: nobody cared\" and the line is disabled.",
	.on_threads =
		"contexts of one CPU run at once, so nobody is starved: only storms that nobody ends",
	.subscribe = subscribe,
	.reset = reset,
};
