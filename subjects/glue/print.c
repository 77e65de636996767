// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Modelled: kernel messages into the floor's log, and WARN as its warning. The formatter knows the
 * conversions that drivers use; a pointer prints as "(ptr)", for no address may reach a trace.
 */
#include "glue.h"

#include <linux/kern_levels.h>
#include <linux/printk.h>
#include <linux/ratelimit.h>
#include <linux/refcount.h>

#include <linux/stdarg.h>

#define LINE_SIZE 192

struct line {
	char text[LINE_SIZE];
	unsigned int length;
};

static void put(struct line *line, char c)
{
	if (line->length < LINE_SIZE - 1)
		line->text[line->length++] = c;
}

static void put_string(struct line *line, const char *text, int precision)
{
	for (; *text && precision; text++, precision--)
		put(line, *text);
}

static void put_number(struct line *line, u64 value, unsigned int base, int width, char fill, bool minus)
{
	char digits[24];
	int count = 0;

	do {
		digits[count++] = "0123456789abcdef"[value % base];
		value /= base;
	} while (value);
	if (minus && fill == '0')
		put(line, '-');
	for (int pad = width - count - minus; pad > 0; pad--)
		put(line, fill);
	if (minus && fill != '0')
		put(line, '-');
	while (count)
		put(line, digits[--count]);
}

static void format_line(struct line *line, const char *format, va_list arguments);

/* %p and what the kernel hangs on it; returns how many letters of extension were read. */
static unsigned int put_pointer(struct line *line, const char *extension, const void *pointer)
{
	if (extension[0] == 'a') {
		put_string(line, "0x", -1);
		put_number(line, *(const phys_addr_t *)pointer, 16, 8, '0', false);
		return extension[1] == 'p' || extension[1] == 'd' ? 2 : 1;
	}
	if (extension[0] == 'O' && extension[1] == 'F') {
		put_string(line, ((const struct device_node *)pointer)->full_name, -1);
		return 2;
	}
	if (extension[0] == 'V') {
		const struct va_format *nested = pointer;
		va_list copy;

		va_copy(copy, *nested->va);
		format_line(line, nested->fmt, copy);
		va_end(copy);
		return 1;
	}
	if (extension[0] == 'S' || extension[0] == 's') {
		put_string(line, glue_symbol(pointer), -1);
		return 1;
	}
	put_string(line, "(ptr)", -1);
	while (extension[0] == 'x' || extension[0] == 'K' || extension[0] == 'e')
		return 1;
	return 0;
}

/* One conversion; @format stands behind the percent sign. Returns what stands behind it. */
static const char *format_one(struct line *line, const char *format, va_list *arguments)
{
	int width = 0, precision = -1, longs = 0;
	char fill = ' ';

	for (; *format == '0' || *format == '-' || *format == '#' || *format == '+' || *format == ' ';
	     format++) {
		if (*format == '0')
			fill = '0';
		if (*format == '#')
			put_string(line, "0x", -1);
	}
	for (; *format >= '0' && *format <= '9'; format++)
		width = width * 10 + *format - '0';
	if (*format == '*') {
		width = va_arg(*arguments, int);
		format++;
	}
	if (*format == '.') {
		for (precision = 0, format++; *format >= '0' && *format <= '9'; format++)
			precision = precision * 10 + *format - '0';
		if (*format == '*') {
			precision = va_arg(*arguments, int);
			format++;
		}
	}
	for (; *format == 'l' || *format == 'z' || *format == 'h'; format++)
		longs += *format != 'h';

	switch (*format) {
	case 'd':
	case 'i': {
		s64 value = longs ? va_arg(*arguments, long) : va_arg(*arguments, int);

		put_number(line, value < 0 ? -(u64)value : (u64)value, 10, width, fill, value < 0);
		return format + 1;
	}
	case 'u':
	case 'x':
	case 'X': {
		u64 value = longs ? va_arg(*arguments, unsigned long) :
				    va_arg(*arguments, unsigned int);

		put_number(line, value, *format == 'u' ? 10 : 16, width, fill, false);
		return format + 1;
	}
	case 'c':
		put(line, (char)va_arg(*arguments, int));
		return format + 1;
	case 's':
		put_string(line, va_arg(*arguments, const char *), precision);
		return format + 1;
	case 'p':
		return format + 1 + put_pointer(line, format + 1, va_arg(*arguments, void *));
	case '%':
		put(line, '%');
		return format + 1;
	}
	fl_bug("print: a conversion that the formatter does not know");
}

static void format_line(struct line *line, const char *format, va_list arguments)
{
	va_list copy;

	va_copy(copy, arguments);
	while (*format) {
		char c = *format++;

		if (c == '%')
			format = format_one(line, format, &copy);
		else if (c != '\n')
			put(line, c);
	}
	va_end(copy);
	line->text[line->length] = '\0';
}

static void print(int level, const struct device *dev, const char *format, va_list arguments)
{
	GLUE_INSIDE();
	struct line line = { .length = 0 };

	if (dev) {
		put_string(&line, dev_name(dev), -1);
		put_string(&line, ": ", -1);
	}
	format_line(&line, format, arguments);
	fl_printk(level, line.text);
}

#define DEFINE_DEV_PRINT(function, level)                                                          \
	void function(const struct device *dev, const char *format, ...)                          \
	{                                                                                          \
		va_list arguments;                                                                 \
                                                                                                   \
		va_start(arguments, format);                                                       \
		print(level, dev, format, arguments);                                              \
		va_end(arguments);                                                                 \
	}
DEFINE_DEV_PRINT(_dev_emerg, 0)
DEFINE_DEV_PRINT(_dev_alert, 1)
DEFINE_DEV_PRINT(_dev_crit, 2)
DEFINE_DEV_PRINT(_dev_err, 3)
DEFINE_DEV_PRINT(_dev_notice, 5)
DEFINE_DEV_PRINT(_dev_info, 6)

void _dev_warn(const struct device *dev, const char *format, ...)
{
	GLUE_INSIDE();
	va_list arguments;

	if (strstarts(format, "Runtime PM usage count underflow"))
		glue_pm_underflow(dev);
	/* Of the PM core's pm_runtime_enable(); a bug of its caller as the underflow is one. */
	if (strstarts(format, "Unbalanced %s"))
		fl_warn("Unbalanced pm_runtime_enable!");
	va_start(arguments, format);
	print(4, dev, format, arguments);
	va_end(arguments);
}

int dev_err_probe(const struct device *dev, int error, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	print(3, dev, format, arguments);
	va_end(arguments);
	return error;
}

int _printk(const char *format, ...)
{
	int level = 4;
	va_list arguments;

	if (format[0] == KERN_SOH_ASCII) {
		level = format[1] >= '0' && format[1] <= '7' ? format[1] - '0' : 6;
		format += 2;
	}
	va_start(arguments, format);
	print(level, NULL, format, arguments);
	va_end(arguments);
	return 0;
}

/*
 * Titles of warnings: the format without its arguments and without its end of line, or the file. They
 * stay valid and are made at most once each.
 */
static struct {
	const char *origin;
	char title[80];
} titles[12];

static const char *title_of(const char *origin)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(titles); i++) {
		char *to = titles[i].title;

		if (titles[i].origin == origin)
			return titles[i].title;
		if (titles[i].origin)
			continue;
		titles[i].origin = origin;
		for (const char *from = origin; *from && *from != '\n'; from++)
			if (to < titles[i].title + sizeof(titles[i].title) - 1)
				*to++ = *from;
		return titles[i].title;
	}
	return "WARN";
}

void warn_slowpath_fmt(const char *file, const int line, unsigned int taint, const char *format, ...)
{
	GLUE_INSIDE();

	fl_warn(title_of(format ? format : file));
}

void __warn_printk(const char *format, ...)
{
	GLUE_INSIDE();

	fl_warn(title_of(format));
}

void panic(const char *format, ...)
{
	GLUE_INSIDE();

	fl_bug(title_of(format));
}

/*
 * Rate limits by the floor. Its two words of state stand here, because the tree's structure differs by
 * version; they are found by the address of that structure.
 */
static struct {
	const void *owner;
	uint64_t words[2];
} limits[24];

int ___ratelimit(struct ratelimit_state *state, const char *function)
{
	GLUE_INSIDE();

	for (unsigned int i = 0; i < ARRAY_SIZE(limits); i++) {
		if (!limits[i].owner)
			limits[i].owner = state;
		if (limits[i].owner == state)
			return fl_ratelimit(limits[i].words, (u64)state->interval * (NSEC_PER_SEC / HZ),
					    state->burst);
	}
	fl_bug("ratelimit: more than 24 limited messages");
}

