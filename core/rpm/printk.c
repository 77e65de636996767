/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Modelled: formatting of messages. */
#include <linux/printk.h>

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define MESSAGE_SIZE 256

void fl_linux_printk(int level, const char *device, const char *format, ...)
{
	char text[MESSAGE_SIZE];
	size_t used = 0;
	va_list arguments;

	if (device)
		used = (size_t)snprintf(text, sizeof(text), "%s: ", device);
	if (used >= sizeof(text))
		used = sizeof(text) - 1;
	va_start(arguments, format);
	vsnprintf(text + used, sizeof(text) - used, format, arguments);
	va_end(arguments);
	text[strcspn(text, "\n")] = '\0';
	fl_printk(level, text);
}
