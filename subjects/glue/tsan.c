// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Modelled: the calls that clang's -fsanitize=thread makes at each plain access, for the form of a
 * subject that is built for memory granularity. Marked accesses (READ_ONCE, WRITE_ONCE, atomics) were
 * told before they happened (instrument.h), so their own calls say nothing more.
 */
#include "glue.h"

extern const char __ehdr_start[];

/* Where the access stands, as an offset in the object: the same in each run and each process. */
#define SITE() ((u32)((const char *)__builtin_return_address(0) - __ehdr_start))

/* One before the return address is still in the call, even if nothing follows it. */
static const char *site_name(u32 site)
{
	return glue_function(__ehdr_start + site - 1);
}

void glue_sites_start(void)
{
	fl_set_site_names(site_name);
}

#define DEFINE_ACCESS(size)                                                                        \
	void __tsan_read##size(void *address)                                                      \
	{                                                                                          \
		fl_memory_access(address, size, false, false, SITE());                             \
	}                                                                                          \
	void __tsan_write##size(void *address)                                                     \
	{                                                                                          \
		fl_memory_access(address, size, true, false, SITE());                              \
	}                                                                                          \
	void __tsan_unaligned_read##size(void *address)                                            \
	{                                                                                          \
		fl_memory_access(address, size, false, false, SITE());                             \
	}                                                                                          \
	void __tsan_unaligned_write##size(void *address)                                           \
	{                                                                                          \
		fl_memory_access(address, size, true, false, SITE());                              \
	}                                                                                          \
	void __tsan_volatile_read##size(void *address)                                             \
	{                                                                                          \
	}                                                                                          \
	void __tsan_volatile_write##size(void *address)                                            \
	{                                                                                          \
	}                                                                                          \
	void __tsan_unaligned_volatile_read##size(void *address)                                   \
	{                                                                                          \
	}                                                                                          \
	void __tsan_unaligned_volatile_write##size(void *address)                                  \
	{                                                                                          \
	}
DEFINE_ACCESS(1)
DEFINE_ACCESS(2)
DEFINE_ACCESS(4)
DEFINE_ACCESS(8)
DEFINE_ACCESS(16)

void __tsan_init(void)
{
}

/* Structures are copied and cleared in one access. */
void *__tsan_memcpy(void *to, const void *from, size_t size)
{
	fl_memory_access(from, size, false, false, SITE());
	fl_memory_access(to, size, true, false, SITE() + 1);
	return memcpy(to, from, size);
}

void *__tsan_memmove(void *to, const void *from, size_t size)
{
	fl_memory_access(from, size, false, false, SITE());
	fl_memory_access(to, size, true, false, SITE() + 1);
	return memmove(to, from, size);
}

void *__tsan_memset(void *to, int value, size_t size)
{
	fl_memory_access(to, size, true, false, SITE());
	return memset(to, value, size);
}
