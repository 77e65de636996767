/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of knobs, and their values by name. */
#include <faultline/knobs.h>

#include <stddef.h>
#include <string.h>

struct fl_knobs fl_knobs;

/* Number of comma-separated names, computed where it is a constant. */
static unsigned int count_values(const char *values)
{
	unsigned int count = 1;

	for (; *values; values++)
		count += *values == ',';
	return count;
}

const struct fl_knob_info fl_knob_infos[FL_KNOB_COUNT] = {
#define KNOB_INFO(name, values, help) {#name, values, help},
	FL_KNOBS(KNOB_INFO)
#undef KNOB_INFO
};

static const size_t knob_offsets[FL_KNOB_COUNT] = {
#define KNOB_OFFSET(name, values, help) offsetof(struct fl_knobs, name),
	FL_KNOBS(KNOB_OFFSET)
#undef KNOB_OFFSET
};

unsigned int fl_knob_count(enum fl_knob knob)
{
	return count_values(fl_knob_infos[knob].values);
}

uint8_t *fl_knob_at(struct fl_knobs *knobs, enum fl_knob knob)
{
	return (uint8_t *)knobs + knob_offsets[knob];
}

int fl_knob_find(const char *name)
{
	for (unsigned int knob = 0; knob < FL_KNOB_COUNT; knob++)
		if (!strcmp(fl_knob_infos[knob].name, name))
			return knob;
	return -1;
}

/* The @index-th of the comma-separated @values and its length; NULL past the end. */
static const char *value_at(const char *values, unsigned int index, size_t *length)
{
	while (index--) {
		values = strchr(values, ',');
		if (!values)
			return NULL;
		values++;
	}
	*length = strcspn(values, ",");
	return values;
}

int fl_knob_value(enum fl_knob knob, const char *value)
{
	const char *name;
	size_t length;

	for (unsigned int i = 0; (name = value_at(fl_knob_infos[knob].values, i, &length)); i++)
		if (strlen(value) == length && !memcmp(name, value, length))
			return i;
	return -1;
}

const char *fl_knob_value_name(enum fl_knob knob, unsigned int value, char *buffer,
			       unsigned int size)
{
	size_t length = 0;
	const char *name = value_at(fl_knob_infos[knob].values, value, &length);

	if (!name || !size)
		return "?";
	if (length >= size)
		length = size - 1;
	memcpy(buffer, name, length);
	buffer[length] = '\0';
	return buffer;
}
