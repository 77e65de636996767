/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The small kernel API: interconnect bandwidth votes. May sleep. */
#ifndef FAULTLINE_LINUX_INTERCONNECT_H
#define FAULTLINE_LINUX_INTERCONNECT_H

#include <faultline/host.h>

struct icc_path {
	unsigned int path;
};

/* @average and @peak in kB/s; only the peak counts here. 0 or a negative errno. */
static inline int icc_set_bw(struct icc_path *path, uint32_t average, uint32_t peak)
{
	(void)average;
	return fl_icc_set(path->path, peak);
}

#endif
