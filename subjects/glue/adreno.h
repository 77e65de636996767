/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The GPU's process page table, for the domain operations. */
#ifndef FAULTLINE_GLUE_ADRENO_H
#define FAULTLINE_GLUE_ADRENO_H

#include "glue.h"

struct io_pgtable_ops;

void glue_adreno_init(void);
/* domains.c: keep domain 0 while one of its hooks is called; false, and nothing to end, if it is not there. */
bool glue_hook_begin(void);
void glue_hook_end(void);
/* The GPU's domain goes: so do its process table and the driver's cookie. */
void glue_adreno_forget(void);
/* Does @iova of domain 0 belong to the process's half? */
bool glue_adreno_wants(uint64_t iova);
/* The process's table, made and installed at first use; NULL: no memory, or the driver refused it. */
struct io_pgtable_ops *glue_adreno_tables(void);

#endif
