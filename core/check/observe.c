/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the checkers know in common about the world (observe.h). */
#include <check/observe.h>
#include <check/fault_log.h>
#include <check/handler_access.h>
#include <check/writer.h>

#include <kernel/view.h>
#include <world/names.h>

#include <string.h>

struct check_world *check_world;
struct check_context check_contexts[CHECK_CONTEXTS];
bool check_booted;
bool check_stolen[FL_DEVICES];
/* What scenario and client may put: what they got, and what the boot left to them. */
static int outside[FL_DEVICES];
static uint32_t serial;
static uint32_t bank_base; /* offset of context bank 0 in the region */

_Static_assert(CHECK_ACTIONS >= FL_LINE_ACTIONS, "each action of a line has a number");

static struct check_line *line_of(uint64_t line)
{
	return line < FL_MAX_LINES ? &check_world->lines[line] : NULL;
}

static struct check_action *action_of(uint64_t line, uint64_t action)
{
	return line < FL_MAX_LINES && action < CHECK_ACTIONS
		       ? &check_world->lines[line].actions[action]
		       : NULL;
}

/* --- entry points and handlers ------------------------------------------------------------- */

static void entered(const struct fl_event *event)
{
	struct check_context *context = check_context_of(event);

	if (context->depth < CHECK_DEPTH - 1)
		context->depth++;
	context->reads[context->depth].seen = 0;
	context->reads[context->depth].off = false;
	context->entries[context->depth] = ++check_world->entry_count;
	if (context->suspends[FL_DEVICE_SMMU])
		check_world->suspend_function = event->text;
	/* Another device's handler on a shared line is not what anybody asks for. */
	if (context->depth == 1 &&
	    (!context->frame_count ||
	     context->frames[context->frame_count - 1].bank != CHECK_NO_BANK))
		context->last_function = event->text;
}

static void left(const struct fl_event *event)
{
	struct check_context *context = check_context_of(event);

	if (context->depth)
		context->depth--;
}

static void irq_enter(const struct fl_event *event)
{
	struct check_context *context = check_context_of(event);
	struct check_action *action = action_of(event->a, event->b);
	struct check_frame *frame;

	if (action) {
		action->source = (uint16_t)event->d;
		if (event->c)
			action->threaded = true;
		/* A threaded action is known by its thread function, not by the kernel's primary one. */
		if (event->text && (event->c || !action->threaded) &&
		    !fl_same_name(event->text, "irq_default_primary_handler"))
			action->function = event->text;
	}
	if (context->frame_count == CHECK_FRAMES || event->a >= FL_MAX_LINES)
		return;
	frame = &context->frames[context->frame_count++];
	frame->function = event->text;
	frame->serial = ++serial;
	frame->line = (uint8_t)event->a;
	frame->action = (uint8_t)event->b;
	frame->bank = check_bank_index(event->d);
	frame->depth = context->depth;
	frame->thread = event->c != 0;
	frame->off = false;
}

static void irq_return(const struct fl_event *event)
{
	struct check_context *context = check_context_of(event);

	if (!context->frame_count || event->a >= FL_MAX_LINES)
		return;
	context->frame_count--;
}

/* --- registers that make up a fault's syndrome --------------------------------------------- */

bool check_in_bank(uint64_t reg)
{
	uint32_t address = reg & 0xffffff;

	return reg >> 24 == FL_REGION_SMMU && address >= bank_base &&
	       (address - bank_base) >> SMMU_PAGE_SHIFT < SMMU_MAX_BANKS;
}

bool check_bank_register(uint64_t reg, unsigned int *bank, uint32_t *offset)
{
	uint32_t address = reg & 0xffffff;

	if (!check_in_bank(reg))
		return false;
	*bank = (address - bank_base) >> SMMU_PAGE_SHIFT;
	*offset = address & (SMMU_PAGE_SIZE - 1);
	return true;
}

static void note_read(struct check_reads *reads, unsigned int bank, unsigned int what,
		      uint32_t *tag, uint64_t fault)
{
	/* What was read of another bank does not belong together with this. */
	if (reads->seen && reads->bank != bank) {
		reads->seen = 0;
		reads->off = false;
	}
	reads->bank = (uint8_t)bank;
	reads->seen |= what;
	*tag = (uint32_t)fault;
	if (check_world->power != FL_POWER_ON)
		reads->off = true;
}

static void note_fsr_read(struct check_reads *reads, unsigned int bank,
			  const struct fl_event *event)
{
	bool first;

	for (unsigned int i = CHECK_FSR_READS - 1; i; i--)
		reads->fsr[i] = reads->fsr[i - 1];
	first = !(reads->seen & CHECK_READ_FSR) || reads->bank != bank;
	note_read(reads, bank, CHECK_READ_FSR, &reads->fsr[0], event->c);
	reads->fsr_value = (uint32_t)event->b;
	for (unsigned int i = 1; first && i < CHECK_FSR_READS; i++)
		reads->fsr[i] = 0;
}

static void reg_read(const struct fl_event *event)
{
	struct check_context *context = check_context_of(event);
	struct check_reads *reads;
	unsigned int bank;
	uint32_t offset;

	reads = &context->reads[context->depth];
	if (check_bank_register(event->a, &bank, &offset)) {
		if (offset == SMMU_FSR)
			note_fsr_read(reads, bank, event);
		else if ((offset & ~4u) == SMMU_FAR)
			note_read(reads, bank, CHECK_READ_FAR, &reads->far, event->c);
		else if (offset == SMMU_FSYNR0)
			note_read(reads, bank, CHECK_READ_FSYNR0, &reads->fsynr0, event->c);
		return;
	}
	if (event->a >> 24 != FL_REGION_SMMU)
		return;
	offset = (uint32_t)event->a & 0xffffff;
	if (offset >= SMMU_PAGE_SIZE + SMMU_CBFRSYNRA(0) &&
	    offset < SMMU_PAGE_SIZE + SMMU_CBFRSYNRA(SMMU_MAX_BANKS)) {
		bank = (offset - SMMU_PAGE_SIZE - SMMU_CBFRSYNRA(0)) / 4;
		note_read(reads, bank, CHECK_READ_CBFRSYNRA, &reads->cbfrsynra, event->c);
	}
}

/* What the call does from here on may follow from garbage. */
static void off_access(const struct fl_event *event)
{
	struct check_frame *frame = check_frame_of(check_context_of(event));

	if (frame)
		frame->off = true;
}

void check_note_cr0(const struct fl_event *event)
{
	if (event->a == FL_REGISTER(FL_REGION_SMMU, SMMU_CR0) && check_world->power == FL_POWER_ON)
		check_world->cr0 = (uint32_t)event->b;
}

/* --- lines --------------------------------------------------------------------------------- */

static void line_level(const struct fl_event *event)
{
	struct check_line *line = line_of(event->a);

	if (!line)
		return;
	line->level = event->b != 0;
	line->changes++;
}

static void line_mask(const struct fl_event *event)
{
	struct check_line *line = line_of(event->a);

	if (!line)
		return;
	line->masked = event->b != 0;
	line->depth = (uint16_t)event->c;
	/* Enabled again, by whatever means: the detector's verdict is gone. */
	if (!line->masked && !line->depth)
		line->spurious_off = false;
}

static void flow_enter(const struct fl_event *event)
{
	struct check_line *line = line_of(event->a);

	if (line)
		line->in_flow = true;
}

static void flow_exit(const struct fl_event *event)
{
	struct check_line *line = line_of(event->a);

	if (line)
		line->in_flow = false;
}

static void spurious_off(const struct fl_event *event)
{
	struct check_line *line = line_of(event->a);

	if (line)
		line->spurious_off = true;
}

static void irq_requested(const struct fl_event *event)
{
	struct check_action *action = action_of(event->a, event->b);

	if (!action)
		return;
	check_world->requested |= (uint16_t)(1u << event->a);
	action->present = true;
	action->threaded = false;
	action->source = (uint16_t)event->d;
	action->function = NULL;
	/* After a domain that was freed the bank has a new owner, who is told of once he is there for good. */
	if (event->d < SMMU_MAX_BANKS && check_world->domain_of[event->d] < CHECK_DOMAINS &&
	    check_world->domain_freed[check_world->domain_of[event->d]])
		check_world->domain_of[event->d] = CHECK_NO_DOMAIN;
}

static void irq_freed(const struct fl_event *event)
{
	struct check_action *action = action_of(event->a, event->b);

	if (action)
		action->present = false;
}

/* --- power management ---------------------------------------------------------------------- */

static void pm_status(const struct fl_event *event)
{
	if (event->a < FL_DEVICES)
		check_world->status[event->a] = (uint8_t)event->c;
}

static void pm_enabled(const struct fl_event *event)
{
	if (event->a < FL_DEVICES)
		check_world->disable_depth[event->a] = (int16_t)check_int(event->b);
}

static void pm_get(const struct fl_event *event)
{
	struct check_context *context = check_context_of(event);

	if (event->a >= FL_DEVICES || !event->c)
		return;
	context->references[event->a]++;
	if (!context->depth)
		outside[event->a]++;
}

static void pm_put(const struct fl_event *event)
{
	struct check_context *context = check_context_of(event);

	if (event->a >= FL_DEVICES)
		return;
	/* A put that found nothing was meant as one all the same. */
	context->references[event->a]--;
	if (!context->depth && event->c && --outside[event->a] < 0)
		check_stolen[event->a] = true;
}

static void callback_enter(const struct fl_event *event)
{
	struct check_context *context = check_context_of(event);

	if (event->a >= FL_DEVICES)
		return;
	if (event->b)
		context->suspends[event->a]++;
	else
		context->resumes[event->a]++;
	if (event->a != FL_DEVICE_SMMU)
		return;
	if (event->c)
		check_world->system_sleep = event->b != 0;
	/* The callback's own name, should it have been entered before this was told. */
	if (event->b && event->text)
		check_world->suspend_function = event->text;
}

static void callback_exit(const struct fl_event *event)
{
	struct check_context *context = check_context_of(event);
	uint8_t *count;

	if (event->a >= FL_DEVICES)
		return;
	count = event->b ? &context->suspends[event->a] : &context->resumes[event->a];
	if (*count)
		--*count;
}

static void power(const struct fl_event *event)
{
	check_world->power = (uint8_t)event->b;
	/* Calls that are going on may go on from what is not there any more. */
	for (unsigned int i = 0; event->a == FL_POWER_ON && i < check_rows(); i++)
		for (unsigned int j = 0; j < check_contexts[i].frame_count; j++)
			check_contexts[i].frames[j].off = true;
	/* Its reset value enables no interrupt; that a retained state keeps it does no harm here. */
	if (event->b == FL_POWER_COLLAPSED)
		check_world->cr0 = 0;
}

static void clocks(const struct fl_event *event)
{
	if (event->a < FL_DEVICES)
		check_world->clocks[event->a] = event->b != 0;
}

/* --- domains and the scenario -------------------------------------------------------------- */

static void domain_live(const struct fl_event *event)
{
	if (event->b >= SMMU_MAX_BANKS)
		return;
	check_world->live[event->b] = event->c != 0;
	if (event->c)
		check_world->domain_of[event->b] = (uint8_t)event->a;
	if (event->c && event->a < CHECK_DOMAINS) {
		check_world->domain_seen[event->a] = true;
		check_world->domain_freed[event->a] = false;
	}
}

static void domain_freed(const struct fl_event *event)
{
	if (event->a < CHECK_DOMAINS)
		check_world->domain_freed[event->a] = true;
}

static void stall_flag(const struct fl_event *event)
{
	if (event->a < SMMU_MAX_BANKS)
		check_world->stall_flag[event->a] = event->b != 0;
}

static void operation_begin(const struct fl_event *event)
{
	check_context_of(event)->operations++;
}

static void operation_end(const struct fl_event *event)
{
	struct check_context *context = check_context_of(event);

	if (context->operations)
		context->operations--;
}

/* --- start and reset ----------------------------------------------------------------------- */

void check_observe_start(void)
{
	check_world = fl_arena_alloc(sizeof(*check_world), 16);
	/* A device starts powered, with runtime PM disabled (domain.md 3.1), its lines masked. */
	for (unsigned int i = 0; i < FL_DEVICES; i++) {
		check_world->status[i] = FL_RPM_SUSPENDED;
		check_world->disable_depth[i] = 1;
		check_world->clocks[i] = true;
	}
	check_world->power = (uint8_t)smmu_power();
	for (unsigned int i = 0; i < FL_MAX_LINES; i++) {
		check_world->lines[i].masked = true;
		check_world->lines[i].depth = 1;
	}
	memset(check_world->domain_of, CHECK_NO_DOMAIN, sizeof(check_world->domain_of));
	memset(check_world->stall_flag, -1, sizeof(check_world->stall_flag));
	memset(check_contexts, 0, sizeof(check_contexts));
	check_booted = false;
	bank_base = smmu_region_size() / 2;
	serial = 0;
}

void check_observe_begins(void)
{
	fl_subscribe(FL_EV_ENTER, entered);
	fl_subscribe(FL_EV_IRQ_ENTER, irq_enter);
	check_handler_access_start();
	check_subscribe_in_handler(FL_EV_REG_READ, reg_read);
	fl_subscribe(FL_EV_OFF_ACCESS, off_access);
	fl_subscribe(FL_EV_LINE, line_level);
	fl_subscribe(FL_EV_LINE_MASK, line_mask);
	fl_subscribe(FL_EV_IRQ_FLOW_ENTER, flow_enter);
	fl_subscribe(FL_EV_IRQ_SPURIOUS_OFF, spurious_off);
	fl_subscribe(FL_EV_IRQ_REQUESTED, irq_requested);
	fl_subscribe(FL_EV_PM_STATUS, pm_status);
	fl_subscribe(FL_EV_PM_ENABLED, pm_enabled);
	fl_subscribe(FL_EV_PM_GET, pm_get);
	fl_subscribe(FL_EV_PM_PUT, pm_put);
	fl_subscribe(FL_EV_PM_CALLBACK_ENTER, callback_enter);
	fl_subscribe(FL_EV_POWER, power);
	fl_subscribe(FL_EV_CLOCKS, clocks);
	fl_subscribe(FL_EV_DOMAIN_LIVE, domain_live);
	fl_subscribe(FL_EV_DOMAIN_FREED, domain_freed);
	fl_subscribe(FL_EV_STALL_FLAG, stall_flag);
	fl_subscribe(FL_EV_OP_BEGIN, operation_begin);
	check_writer_start();
	check_fault_log_start();
}

void check_observe_ends(void)
{
	fl_subscribe(FL_EV_LEAVE, left);
	fl_subscribe(FL_EV_IRQ_RETURN, irq_return);
	fl_subscribe(FL_EV_IRQ_FLOW_EXIT, flow_exit);
	fl_subscribe(FL_EV_IRQ_FREED, irq_freed);
	fl_subscribe(FL_EV_PM_CALLBACK_EXIT, callback_exit);
	fl_subscribe(FL_EV_OP_END, operation_end);
}

/* The subject knows best, should it have come to this state by a way that it told nobody. */
static void look_at_pm(enum fl_device device)
{
	struct fl_pm_view view;

	outside[device] = 0;
	check_stolen[device] = false;
	if (!fl_checked_subject || !fl_checked_subject->pm_view)
		return;
	fl_checked_subject->pm_view(device, &view);
	check_world->status[device] = (uint8_t)view.status;
	check_world->disable_depth[device] = (int16_t)view.disable_depth;
	/* The SMMU's references at the start are its links'. */
	if (device == FL_DEVICE_GPU)
		outside[device] = view.usage_count;
}

void check_observe_reset(void)
{
	/* Not only this world's: a run makes contexts that are forgotten before the next one. */
	for (unsigned int i = 0; i < fl_context_row(fl_context_most()); i++)
		memset(&check_contexts[i], 0, offsetof(struct check_context, frames));
	serial = 0;
	check_writer_reset();
	check_fault_log_reset();
	check_booted = true;
	look_at_pm(FL_DEVICE_SMMU);
	look_at_pm(FL_DEVICE_GPU);
}

/* --- questions ----------------------------------------------------------------------------- */

static struct check_action *find_action(uint8_t index, unsigned int *line)
{
	unsigned int i;

	check_for_each_line(i) {
		for (unsigned int j = 0; j < CHECK_ACTIONS; j++) {
			struct check_action *action = &check_world->lines[i].actions[j];

			if (!action->present || check_bank_index(action->source) != index)
				continue;
			if (line)
				*line = i;
			return action;
		}
	}
	return NULL;
}

const char *check_handler_of(uint8_t index)
{
	struct fl_line_view view;
	unsigned int line;
	const struct check_action *action = find_action(index, &line);

	if (!action || action->function)
		return action ? action->function : NULL;
	/* It has not run yet, but was requested with its name. */
	fl_view_line(line, &view);
	for (unsigned int i = 0; i < view.action_count; i++)
		if (check_bank_index(view.actions[i].source) == index)
			return view.actions[i].thread_name ? view.actions[i].thread_name
							   : view.actions[i].handler_name;
	return NULL;
}

int check_line_of(uint8_t index)
{
	unsigned int line;

	return find_action(index, &line) ? (int)line : -1;
}

int check_live_cause(unsigned int number)
{
	const struct check_line *line = &check_world->lines[number];

	if (!line->level)
		return -1;
	for (unsigned int i = 0; i < CHECK_ACTIONS; i++) {
		const struct check_action *action = &line->actions[i];
		uint8_t index = check_bank_index(action->source);

		if (action->present && index != CHECK_NO_BANK &&
		    smmu_output(check_bank_name(index)))
			return index;
	}
	return -1;
}

bool check_smmu_is(enum fl_rpm_status status)
{
	return check_world->status[FL_DEVICE_SMMU] == status &&
	       check_world->disable_depth[FL_DEVICE_SMMU] == 0;
}

bool check_smmu_settled_active(void)
{
	if (check_world->power != FL_POWER_ON || check_world->system_sleep)
		return false;
	/* Without runtime PM the device is simply on. */
	return check_world->disable_depth[FL_DEVICE_SMMU] > 0 || check_smmu_is(FL_RPM_ACTIVE);
}

const char *check_status_name(unsigned int status)
{
	static const char *const names[] = {"ACTIVE", "RESUMING", "SUSPENDED", "SUSPENDING"};

	return status < 4 ? names[status] : "?";
}

const char *check_power_name(unsigned int power_level)
{
	static const char *const names[] = {"on", "clocks gated", "collapsed"};

	return power_level < 3 ? names[power_level] : "?";
}

const struct check_reads *check_reads_of(const struct check_context *context)
{
	const struct check_frame *frame;

	if (!context->frame_count)
		return NULL;
	frame = &context->frames[context->frame_count - 1];
	for (unsigned int depth = context->depth; depth > frame->depth; depth--)
		if (context->reads[depth].seen & CHECK_READ_FSR)
			return &context->reads[depth];
	return NULL;
}

bool check_line_busy(unsigned int line)
{
	struct fl_line_view view;

	fl_view_line(line, &view);
	if (check_world->lines[line].in_flow || view.in_progress || view.threads_active)
		return true;
	for (unsigned int i = 0; i < check_rows(); i++)
		for (unsigned int j = 0; j < check_contexts[i].frame_count; j++)
			if (check_contexts[i].frames[j].line == line)
				return true;
	return false;
}
