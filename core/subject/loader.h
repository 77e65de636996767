/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Subjects that are shared objects: real drivers (scripts/add-linux) and what users build themselves.
 *
 * A file NAME.so is the subject "linux:NAME"; NAME.mem.so is the same, instrumented for memory
 * granularity, NAME.free.so the same for threads. They are looked for in $FAULTLINE_SUBJECTS if it is set, else in the folder subjects/
 * beside the program or up to three folders above it, in build/subjects/ there, and in
 * ~/.local/share/faultline/subjects. A program that loads subjects exports the floor below them
 * (CMake: ENABLE_EXPORTS, and faultline_kernel linked whole).
 */
#ifndef FAULTLINE_SUBJECT_LOADER_H
#define FAULTLINE_SUBJECT_LOADER_H

#include <faultline/subject.h>

#define FL_MAX_SUBJECT_FILES 32
#define FL_SUBJECT_NAME_SIZE 48

/*
 * Load subject @name: "linux:NAME", or a path with a slash in it. Loading it again gives the same
 * pointer, valid until the end of the program. Each probe() starts from the state that the file was
 * loaded with and registers its writable memory with fl_segment_add().
 * Returns NULL with one line in @error (of @error_size bytes): what, where, what to do.
 */
const struct fl_subject *fl_subject_load(const char *name, char *error, size_t error_size);

/* The form of @subject for memory granularity: itself if it can, else the NAME.mem.so beside its file. */
const struct fl_subject *fl_subject_for_memory(const struct fl_subject *subject, char *error,
					       size_t error_size);

/* The form of @subject for free runs (engine.h): itself if it is one, else the NAME.free.so beside its file. */
const struct fl_subject *fl_subject_for_threads(const struct fl_subject *subject, char *error,
						size_t error_size);

/* Names of the subjects that are present, sorted; more than fit are left out. */
struct fl_subject_list {
	unsigned int count;
	char names[FL_MAX_SUBJECT_FILES][FL_SUBJECT_NAME_SIZE];
};
void fl_subject_list(struct fl_subject_list *list);

#endif
