/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef FAULTLINE_CLI_PAGE_H
#define FAULTLINE_CLI_PAGE_H

/*
 * The page of core/cli/page/ as one text, made by cmake/embed.cmake. A line "@data@" in it is the place of
 * what is shown.
 */
extern const char page_source[];

#endif
