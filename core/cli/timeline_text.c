// SPDX-License-Identifier: GPL-2.0-or-later
/* Events in words. No address and no pointer-derived number may get in here. */
#include "timeline.h"

#include <faultline/host.h>
#include <smmu/smmu.h>

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

static const char *const device_names[] = {"SMMU", "GPU", "TBU"};
static const char *const status_names[] = {"active", "resuming", "suspended", "suspending"};
static const char *const power_names[] = {"on", "gated", "off"};
static const char *const outcome_names[] = {
	"ok", "bypassed", "aborted", "dropped", "pending", "hangs for ever",
};
static const char *const retire_names[] = {
	"by writing FSR", "by RESUME, retried",	  "by RESUME, terminated",
	"by a reset",	  "by the loss of power", "with its bank",
};
static const char *const irqreturn_names[] = {"IRQ_NONE", "IRQ_HANDLED", "IRQ_WAKE_THREAD"};

#define NAME_OF(names, number)                                                                     \
	((number) < sizeof(names) / sizeof((names)[0]) ? (names)[number] : "?")

struct text {
	char *buffer;
	size_t size, length;
};

static void add(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void add(struct text *text, const char *format, ...)
{
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(text->buffer + text->length, text->size - text->length, format,
			   arguments);
	va_end(arguments);
	if (length > 0)
		text->length += length;
	if (text->length >= text->size)
		text->length = text->size - 1;
}

static void add_register(struct text *text, uint64_t reg)
{
	char name[48];

	if (reg >> 24 == FL_REGION_GPU)
		add(text, "GPU+0x%" PRIx64, reg & 0xffffff);
	else
		add(text, "%s", smmu_register_name(reg, name, sizeof(name)));
}

static bool names_end_with(uint64_t reg, const char *end)
{
	char name[48];
	size_t length, end_length = strlen(end);

	if (reg >> 24 == FL_REGION_GPU)
		return false;
	smmu_register_name(reg, name, sizeof(name));
	length = strlen(name);
	return length >= end_length && !strcmp(name + length - end_length, end);
}

static void add_value(struct text *text, uint64_t reg, uint64_t value)
{
	char bits[96];

	add(text, "0x%" PRIx64, value);
	if (names_end_with(reg, ".FSR") && (uint32_t)value != 0 && (uint32_t)value != UINT32_MAX)
		add(text, " (%s)", smmu_fsr_names(value, bits, sizeof(bits)));
	else if (names_end_with(reg, ".RESUME"))
		add(text, value & 1 ? " (terminate)" : " (retry)");
}

static void add_bank(struct text *text, uint64_t bank)
{
	if (bank == FL_BANK_GLOBAL)
		add(text, "GR0");
	else if (bank == FL_SOURCE_OTHER)
		add(text, "another device");
	else
		add(text, "CB%" PRIu64, bank);
}

static void add_fsr(struct text *text, uint64_t fsr)
{
	char bits[96];

	add(text, "0x%" PRIx64, fsr);
	if (fsr)
		add(text, " (%s)", smmu_fsr_names(fsr, bits, sizeof(bits)));
}

/* Returns false if @event is of another family. */
static bool add_device_event(struct text *text, const struct fl_event *event)
{
	switch (event->kind) {
	case FL_EV_REG_READ:
		add(text, "read ");
		add_register(text, event->a);
		add(text, " = ");
		add_value(text, event->a, event->b);
		return true;
	case FL_EV_REG_WRITE:
		add(text, "write ");
		add_register(text, event->a);
		add(text, " <- ");
		add_value(text, event->a, event->b);
		return true;
	case FL_EV_OFF_ACCESS:
		add(text, "%s ", event->c ? "WRITE" : "READ");
		add_register(text, event->a);
		add(text, ", %s%s", event->d == FL_POWER_GATED ? "CLOCKS OFF" : "POWER OFF",
		    event->c ? " <- " : " = ");
		add(text, "0x%" PRIx64, event->b);
		return true;
	case FL_EV_FAULT_RECORDED:
		add(text, "fault %" PRIu64 " recorded in ", event->a);
		add_bank(text, event->b);
		add(text, "%s, FSR ", event->d ? ", stalled" : "");
		add_fsr(text, event->c);
		return true;
	case FL_EV_FAULT_MULTI:
		add(text, "another fault in ");
		add_bank(text, event->b);
		add(text, " beside fault %" PRIu64 ", FSR ", event->a);
		add_fsr(text, event->c);
		return true;
	case FL_EV_FAULT_RETIRED:
		add(text, "fault %" PRIu64 " of ", event->a);
		add_bank(text, event->b);
		add(text, " retired %s", NAME_OF(retire_names, event->c));
		return true;
	case FL_EV_FSR_WRITE:
		add_bank(text, event->a);
		add(text, ".FSR was ");
		add_fsr(text, event->c);
		add(text, ", is ");
		add_fsr(text, event->d);
		return true;
	case FL_EV_RESUME_WRITE:
		add_bank(text, event->a);
		add(text, " RESUME %s, FSR was ", event->d ? "taken" : "ignored");
		add_fsr(text, event->c);
		return true;
	case FL_EV_SCTLR_WRITE:
		add_bank(text, event->a);
		add(text, ".SCTLR was 0x%" PRIx64 ", is 0x%" PRIx64, event->c, event->b);
		return true;
	case FL_EV_TXN_FAULT:
		add(text,
		    "transaction %" PRIu64 " of stream %" PRIu64 " faults at 0x%" PRIx64 " in ",
		    event->a, event->c, event->d);
		add_bank(text, event->b);
		return true;
	case FL_EV_TXN_STALLED:
		add(text, "transaction %" PRIu64 " %s in ", event->a,
		    event->c ? "stalls" : "is queued");
		add_bank(text, event->b);
		return true;
	case FL_EV_TXN_DONE:
		add(text, "transaction %" PRIu64 ": %s", event->a,
		    NAME_OF(outcome_names, event->c));
		return true;
	case FL_EV_POWER:
		add(text, "SMMU power %s -> %s", NAME_OF(power_names, event->a),
		    NAME_OF(power_names, event->b));
		return true;
	case FL_EV_OUTPUT:
		add_bank(text, event->a);
		add(text, " interrupt output %s", event->b ? "high" : "low");
		return true;
	case FL_EV_WRITE_LOST:
		add(text, "LOST: write ");
		add_register(text, event->a);
		add(text, " <- ");
		add_value(text, event->a, event->b);
		return true;
	case FL_EV_BUS_ERROR:
		add(text, "bus error at ");
		add_register(text, event->a);
		add(text, event->b ? ", late (SError)" : "");
		return true;
	default:
		return false;
	}
}

static bool add_interrupt_event(struct text *text, const struct fl_event *event)
{
	switch (event->kind) {
	case FL_EV_LINE:
		add(text, "line %" PRIu64 " %s", event->a, event->b ? "high" : "low");
		return true;
	case FL_EV_LINE_MASK:
		add(text, "line %" PRIu64 " %s, disable depth %" PRIu64, event->a,
		    event->b ? "masked" : "unmasked", event->c);
		return true;
	case FL_EV_IRQ_FLOW_ENTER:
		add(text, "interrupt: line %" PRIu64 " on CPU %" PRIu64, event->a, event->b);
		return true;
	case FL_EV_IRQ_FLOW_EXIT:
		add(text, "end of interrupt, line %" PRIu64, event->a);
		return true;
	case FL_EV_IRQ_ENTER:
		add(text, "%s of line %" PRIu64 " action %" PRIu64 " begins (",
		    event->c ? "thread" : "handler", event->a, event->b);
		add_bank(text, event->d);
		add(text, ")");
		return true;
	case FL_EV_IRQ_RETURN:
		add(text, "%s of line %" PRIu64 " action %" PRIu64 " returns %s",
		    event->c ? "thread" : "handler", event->a, event->b,
		    NAME_OF(irqreturn_names, event->d));
		return true;
	case FL_EV_IRQ_REQUESTED:
		add(text,
		    "line %" PRIu64 " requested: action %" PRIu64 ", flags 0x%" PRIx64 ", for ",
		    event->a, event->b, event->c);
		add_bank(text, event->d);
		return true;
	case FL_EV_IRQ_FREE_BEGIN:
	case FL_EV_IRQ_FREED:
		add(text, "line %" PRIu64 " action %" PRIu64 " %s", event->a, event->b,
		    event->kind == FL_EV_IRQ_FREED ? "freed" : "is being freed");
		return true;
	case FL_EV_IRQ_SPURIOUS_OFF:
		add(text, "line %" PRIu64 " disabled: nobody cared, %" PRIu64 " of %" PRIu64,
		    event->a, event->b, event->c);
		return true;
	default:
		return false;
	}
}

static bool add_power_event(struct text *text, const struct fl_event *event)
{
	const char *device = NAME_OF(device_names, event->a);

	switch (event->kind) {
	case FL_EV_PM_STATUS:
		add(text, "%s runtime PM %s -> %s", device, NAME_OF(status_names, event->b),
		    NAME_OF(status_names, event->c));
		return true;
	case FL_EV_PM_GET:
	case FL_EV_PM_PUT:
		add(text, "%s PM %s = %d, %s, usage %" PRIu64, device,
		    event->kind == FL_EV_PM_GET ? "get" : "put", (int)(int64_t)event->b,
		    event->c ? (event->kind == FL_EV_PM_GET ? "reference taken"
							    : "reference dropped")
			     : "no reference",
		    event->d);
		return true;
	case FL_EV_PM_UNDERFLOW:
		add(text, "%s usage count underflow", device);
		return true;
	case FL_EV_PM_CALLBACK_ENTER:
		add(text, "%s %s%s callback begins", device, event->c ? "system " : "runtime ",
		    event->b ? "suspend" : "resume");
		return true;
	case FL_EV_PM_CALLBACK_EXIT:
		add(text, "%s %s callback returns %d", device, event->b ? "suspend" : "resume",
		    (int)(int64_t)event->c);
		return true;
	case FL_EV_PM_ENABLED:
		add(text, "%s runtime PM disable depth %" PRIu64, device, event->b);
		return true;
	case FL_EV_CLOCKS:
	case FL_EV_DOMAIN:
		add(text, "%s %s %s", device,
		    event->kind == FL_EV_CLOCKS ? "clocks" : "power domain",
		    event->b ? "on" : "off");
		return true;
	default:
		return false;
	}
}

static void add_access(struct text *text, const struct fl_event *event, const char *what)
{
	const char *function = fl_site_name((uint32_t)event->d);

	add(text, "%s %" PRIu64 " bytes of object %" PRIu64 "%s, site %" PRIu64 "%s%s", what,
	    event->b, event->a, event->c ? ", marked" : "", event->d, function ? " in " : "",
	    function ? function : "");
}

static bool add_kernel_event(struct text *text, const struct fl_event *event)
{
	const char *words = event->text ? event->text : "";

	switch (event->kind) {
	case FL_EV_MAY_SLEEP:
		add(text, "%s may sleep%s", words, event->a ? " IN ATOMIC CONTEXT" : "");
		return true;
	case FL_EV_LOCK:
		add(text, "%slock %s", event->d ? "try" : "", words);
		return true;
	case FL_EV_UNLOCK:
		add(text, "unlock %s", words);
		return true;
	case FL_EV_ALLOC:
		add(text, "allocate object %" PRIu64 ", %" PRIu64 " bytes", event->a, event->b);
		return true;
	case FL_EV_FREE:
		add(text, "free object %" PRIu64, event->a);
		return true;
	case FL_EV_BAD_FREE:
		add(text, "BAD FREE of object %" PRIu64, event->a);
		return true;
	case FL_EV_USE_AFTER_FREE:
		add(text, "USE AFTER FREE of object %" PRIu64, event->a);
		return true;
	case FL_EV_WARNING:
		add(text, "WARNING: %s", words);
		return true;
	case FL_EV_BUG:
		add(text, "BUG: %s", words);
		return true;
	case FL_EV_PRINTK:
		add(text, "printk <%" PRIu64 "> %s", event->a, words);
		return true;
	case FL_EV_MEM_READ:
		add_access(text, event, "read");
		return true;
	case FL_EV_MEM_WRITE:
		add_access(text, event, "write");
		return true;
	default:
		return false;
	}
}

static void add_client_event(struct text *text, const struct fl_event *event)
{
	const char *words = event->text ? event->text : "";

	switch (event->kind) {
	case FL_EV_REPORT:
		add(text,
		    "fault of domain %" PRIu64 " at 0x%" PRIx64
		    " reported to the client, which answers %d",
		    event->a, event->b, (int)(int64_t)event->d);
		return;
	case FL_EV_DOMAIN_LIVE:
		add(text, "domain %" PRIu64 " %s CB%" PRIu64, event->a,
		    event->c ? "attached to" : "torn down from", event->b);
		return;
	case FL_EV_DOMAIN_FREED:
		add(text, "domain %" PRIu64 " freed", event->a);
		return;
	case FL_EV_STALL_FLAG:
		add(text, "driver's stall flag of CB%" PRIu64 " %s", event->a,
		    event->b ? "set" : "cleared");
		return;
	case FL_EV_CLIENT_ACCESS:
		add(text, "client touches ");
		add_register(text, event->a);
		add(text, event->b ? "" : " WHILE THE CLIENT IS OFF");
		return;
	case FL_EV_OP_BEGIN:
		add(text, "[ %s",
		    event->a < fl_operation_count ? fl_operations[event->a].name : "?");
		return;
	case FL_EV_OP_END:
		add(text, "] %s = %d",
		    event->a < fl_operation_count ? fl_operations[event->a].name : "?",
		    (int)(int64_t)event->b);
		return;
	case FL_EV_ENTER:
		add(text, "{ %s", words);
		return;
	case FL_EV_LEAVE:
		add(text, "} %s", words);
		return;
	case FL_EVENT_KINDS:
		add(text, ".");
		return;
	default:
		add(text, "%s", fl_event_name(event->kind));
		return;
	}
}

const char *timeline_text(const struct fl_event *event, char *buffer, size_t size)
{
	struct text text = {buffer, size, 0};

	*buffer = '\0';
	if (!add_device_event(&text, event) && !add_interrupt_event(&text, event) &&
	    !add_power_event(&text, event) && !add_kernel_event(&text, event))
		add_client_event(&text, event);
	return buffer;
}

bool timeline_shows(const struct fl_event *event, unsigned int detail)
{
	if (detail & TIMELINE_ALL)
		return true;
	switch (event->kind) {
	case FL_EV_MEM_READ:
	case FL_EV_MEM_WRITE:
		return detail & TIMELINE_ACCESSES;
	case FL_EV_LOCK:
	case FL_EV_UNLOCK:
		return detail & TIMELINE_LOCKS;
	/* Said already by the register write, the line, the PM state or the entry beside it. */
	case FL_EV_FSR_WRITE:
	case FL_EV_SCTLR_WRITE:
	case FL_EV_OUTPUT:
	case FL_EV_IRQ_FLOW_EXIT:
	case FL_EV_PM_CALLBACK_ENTER:
	case FL_EV_CLOCKS:
	case FL_EV_DOMAIN:
	case FL_EV_ALLOC:
	case FL_EV_FREE:
		return false;
	case FL_EV_MAY_SLEEP:
		return event->a != 0;
	default:
		return event->kind < FL_EVENT_KINDS;
	}
}

bool timeline_repeats(const struct fl_event *event, const struct fl_event *before)
{
	return before->kind == FL_EV_OFF_ACCESS &&
	       event->kind == (before->c ? FL_EV_REG_WRITE : FL_EV_REG_READ) &&
	       event->step == before->step && event->context == before->context &&
	       event->a == before->a;
}
