// SPDX-License-Identifier: GPL-2.0-or-later
/* The status line and its plain form. */
#include "progress.h"
#include "cli.h"

#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define TERMINAL_INTERVAL 0.2
#define PLAIN_INTERVAL	  5.0

static bool quiet;
static bool line_shown;
static double last_shown = -1e9;

static bool on_terminal(void)
{
	static int answer = -1;

	if (answer < 0) {
		const char *terminal = getenv("TERM");

		answer = isatty(STDERR_FILENO) && terminal && strcmp(terminal, "dumb");
	}
	return answer;
}

static bool in_colour(void)
{
	const char *no_color = getenv("NO_COLOR");

	return on_terminal() && !(no_color && *no_color);
}

static void erase_line(void)
{
	if (line_shown)
		fputs("\r\033[K", stderr);
	line_shown = false;
}

void progress_quiet(void)
{
	quiet = true;
}

/* As much of a line as can be erased again: one that wraps leaves rows behind. */
static int room(void)
{
	struct winsize size;

	if (!on_terminal() || ioctl(STDERR_FILENO, TIOCGWINSZ, &size) || size.ws_col < 2)
		return INT_MAX;
	return size.ws_col - 1;
}

bool progress_due(double elapsed)
{
	double interval = on_terminal() ? TERMINAL_INTERVAL : PLAIN_INTERVAL;

	/* A campaign that begins starts the clock again. */
	if (elapsed < last_shown)
		last_shown = on_terminal() ? -1e9 : elapsed;
	if (quiet || elapsed - last_shown < interval)
		return false;
	last_shown = elapsed;
	return true;
}

void progress_line(const char *line)
{
	erase_line();
	fprintf(stderr, "%.*s", room(), line);
	if (on_terminal())
		line_shown = true;
	else
		fputc('\n', stderr);
	fflush(stderr);
}

void progress_show(const struct progress *progress)
{
	char schedules[32], rate[32], left[48] = "", line[512];
	double per_second = progress->elapsed > 0 ? progress->schedules / progress->elapsed : 0;

	if (!progress_due(progress->elapsed))
		return;
	if (progress->left >= 0)
		snprintf(left, sizeof(left), ", %.0f s left", progress->left);
	snprintf(line, sizeof(line), "%s on %s: %.0f s, %s schedules, %s/s, %u finding%s%s",
		 progress->subject, progress->profile, progress->elapsed,
		 with_commas(progress->schedules, schedules),
		 with_commas((uint64_t)per_second, rate), progress->findings,
		 progress->findings == 1 ? "" : "s", left);
	progress_line(line);
}

void progress_alarm(const char *format, ...)
{
	bool colour = in_colour();
	va_list arguments;

	erase_line();
	if (colour)
		fputs("\033[31m", stderr);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	if (colour)
		fputs("\033[0m", stderr);
	fputc('\n', stderr);
	fflush(stderr);
}

void progress_end(void)
{
	erase_line();
	fflush(stderr);
}
