/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The small kernel API: messages. They are captured into the trace; a warning becomes a finding. */
#ifndef FAULTLINE_LINUX_PRINTK_H
#define FAULTLINE_LINUX_PRINTK_H

#include <linux/types.h>
#include <faultline/host.h>

#define KERN_LEVEL_ERR	   3
#define KERN_LEVEL_WARNING 4
#define KERN_LEVEL_NOTICE  5
#define KERN_LEVEL_INFO	   6
#define KERN_LEVEL_DEBUG   7

/* @device: prefix, or NULL. A trailing newline is dropped. */
void fl_linux_printk(int level, const char *device, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#define pr_err(...)  fl_linux_printk(KERN_LEVEL_ERR, NULL, __VA_ARGS__)
#define pr_warn(...) fl_linux_printk(KERN_LEVEL_WARNING, NULL, __VA_ARGS__)
#define pr_info(...) fl_linux_printk(KERN_LEVEL_INFO, NULL, __VA_ARGS__)

struct ratelimit_state {
	uint64_t state[2];
};

#define DEFAULT_RATELIMIT_INTERVAL_NS 5000000000ull
#define DEFAULT_RATELIMIT_BURST	      10u

/* True if the message may be printed: ten in five seconds, the kernel's default. */
static inline bool __ratelimit(struct ratelimit_state *limit)
{
	return fl_ratelimit(limit->state, DEFAULT_RATELIMIT_INTERVAL_NS, DEFAULT_RATELIMIT_BURST);
}

#define WARN_ON(condition)                                                                         \
	({                                                                                         \
		bool warn_condition = (condition);                                                 \
                                                                                                   \
		if (__builtin_expect(warn_condition, 0))                                           \
			fl_warn("WARN_ON(" #condition ")");                                        \
		warn_condition;                                                                    \
	})

#define BUG_ON(condition)                                                                          \
	do {                                                                                       \
		if (__builtin_expect(!!(condition), 0))                                            \
			fl_bug("BUG_ON(" #condition ")");                                          \
	} while (0)

#endif
