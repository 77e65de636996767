/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A fuzzing campaign: real engines on one target and one subject, sharing one corpus, and what they find
 * as cases. Everything is in one folder, from which a campaign goes on after any end:
 *
 *	campaign            which target and subject it is; locked while a campaign runs
 *	corpus/             the inputs that all engines share
 *	cases/NAME.case     a finding, by signature; NAME.input beside it: the smallest input that makes it
 *	libfuzzer/, afl/    what belongs to an engine: its log, its crash files, AFL++'s queues
 *
 * fuzz.c: the command; fuzz_options.c: what is asked for, checked; fuzz_folder.c: the folder;
 * fuzz_supervisor.c: the running campaign; fuzz_libfuzzer.c, fuzz_afl.c: the engines; fuzz_process.c: their
 * processes; fuzz_corpus.c: inputs; fuzz_crash.c, fuzz_replay.c: from crash files to cases; fuzz_report.c.
 */
#ifndef FAULTLINE_CLI_FUZZ_H
#define FAULTLINE_CLI_FUZZ_H

#include "cli.h"
#include "fuzz_process.h"

#include <case/case.h>
#include <case/target.h>
#include <check/check.h>
#include <triage/suppressions.h>

#include <stdio.h>

#define FUZZ_MAX_ENGINES  2
#define FUZZ_MAX_JOBS	  64
#define FUZZ_MAX_FINDINGS 256
#define FUZZ_REPLAYS	  10   /* how often a crash is tried again */
#define FUZZ_INPUT_LIMIT  25.0 /* seconds for one input; more is a hang */

struct fuzz_campaign;
struct fuzz_run;

/* A fuzzing engine. */
struct fuzz_engine {
	const char *name;
	const char *tool;    /* the program that drives it, or NULL if the target does itself */
	const char *counter; /* what its coverage counts */
	/* Start it for @seconds. 0, or -errno. */
	int (*start)(struct fuzz_campaign *campaign, struct fuzz_run *run, double seconds);
	/* Look how it is going: fills in @run's numbers, takes in what it left. Called a few times a second. */
	void (*watch)(struct fuzz_campaign *campaign, struct fuzz_run *run);
	/* End it. Returns when none of its processes is left. */
	void (*stop)(struct fuzz_campaign *campaign, struct fuzz_run *run);
	/* Call @see with each file in its folders of crashes; which of them are some, is_crash() says. */
	void (*each_kept)(const struct fuzz_campaign *campaign,
			  void (*see)(void *context, const char *path), void *context);
	bool (*is_crash)(const char *name);
	/*
	 * The inputs of the corpus that its coverage needs, into the new folder @into (a path from the
	 * campaign's). Returns as fuzz_process_run().
	 */
	int (*minimize)(struct fuzz_campaign *campaign, struct fuzz_run *run, const char *into);
};

extern const struct fuzz_engine fuzz_libfuzzer, fuzz_afl;
extern const struct fuzz_engine *const fuzz_engines[]; /* ended by NULL */

struct fuzz_options {
	const char *target_name;
	const struct fl_target *target; /* NULL: one whose inputs are no cases */
	const char *subject_name;
	const struct fl_subject *subject; /* NULL if the target has none */
	const char *invariant_list;	  /* NULL: all */
	uint32_t invariants;
	const char *suppressions_path; /* NULL: none */
	struct fl_suppressions known;
	const struct fuzz_engine *engines[FUZZ_MAX_ENGINES];
	unsigned int engine_count;
	char *programs[FUZZ_MAX_ENGINES]; /* the target, built for each engine; absolute */
	const char *sanitizer;		  /* NULL: none */
	unsigned int jobs;
	double seconds;
	unsigned int limit; /* stop at so many distinct findings; 0: no limit */
	const char *seeds;  /* folder, or NULL */
	const char *out;
	char default_out[256];
	bool minimize_only;
	bool minimize; /* at the end */
	bool json;
};

/* One engine of a campaign. */
struct fuzz_run {
	const struct fuzz_engine *engine;
	const char *program; /* the target */
	char *log;	     /* path from the campaign's folder */
	unsigned int jobs;
	struct fuzz_process processes[FUZZ_MAX_JOBS];
	unsigned int process_count;
	double started, deadline; /* as cli_now() */
	bool failed;		  /* it ended when it should not have */
	/* This time. */
	uint64_t executions;
	uint64_t corpus, coverage;
	uint64_t crash_files;
	double stability; /* per cent; less than 0 if the engine does not say */
	/* The engine's own. */
	uint64_t base;			  /* executions of rounds before, or before this time */
	long log_offset;		  /* how far its log was read */
	uint64_t seen_ids[FUZZ_MAX_JOBS]; /* how far each queue was taken over */
	uint64_t seen_executions[FUZZ_MAX_JOBS]; /* what they said of executions */
	double next_look;
	unsigned int rounds;
};

/* What may crash the target: what did so, and inputs of which that is not known. */
enum fuzz_origin {
	FUZZ_CRASH_FILE, /* an engine's */
	FUZZ_KEPT_INPUT, /* in cases/, of a run before */
	FUZZ_SEED,	 /* engines pass by seeds that crash */
};

struct fuzz_crash {
	char *path;
	struct fuzz_run *run;
	enum fuzz_origin origin;
};

enum fuzz_kind {
	FUZZ_VIOLATION, /* the case breaks an invariant in this program too */
	FUZZ_CRASH,	/* the target ends each time, and this program sees nothing */
};

struct fuzz_finding {
	enum fuzz_kind kind;
	unsigned int invariant;		   /* of a violation */
	char signature[FL_SIGNATURE_SIZE]; /* of a violation; else the target's own words */
	char detail[256];
	uint64_t step;
	char *path;		    /* of the case; NULL if the input makes none */
	char *input;		    /* the smallest input */
	size_t size;		    /* of it, in bytes */
	const struct fuzz_run *run; /* which engine had that */
	uint64_t files;		    /* crash files that had it */
	unsigned int crashed;	    /* of FUZZ_REPLAYS runs of the input on the target */
	unsigned int replayed;	    /* of FUZZ_REPLAYS replays of the case */
	bool stale;		    /* crashed is of a larger input */
};

struct fuzz_campaign {
	struct fuzz_options options;
	char *folder;
	int lock;
	struct fuzz_run runs[FUZZ_MAX_ENGINES];
	double started, ended;
	bool complete;
	bool failed;		    /* of itself, and it was said */
	void *seen;		    /* tsearch() tree of the crash files that were looked at */
	struct fuzz_crash *waiting; /* crash files that were not looked at yet */
	size_t waiting_count, waiting_room;
	unsigned int finding_count;
	struct fuzz_finding findings[FUZZ_MAX_FINDINGS];
	uint64_t known_files;	 /* crash files of findings that are suppressed by now */
	uint64_t unexamined;	 /* crash files that nobody had time to try */
	uint64_t unreproduced;	 /* crash files that crash no more */
	char *unreproduced_path; /* the first */
	uint64_t corpus_before, corpus_after; /* the minimisation */
};

/* --- fuzz_options.c ------------------------------------------------------------------------ */

/* From the command line, all of it checked; ends the program with one line if it is wrong. */
void fuzz_parse(struct fuzz_options *options, int argc, char **argv);

/* --- fuzz_folder.c ------------------------------------------------------------------------- */

/*
 * Open the campaign's folder and make what is missing. Ends the program with one line, nothing written,
 * if it is another campaign's, in use, no campaign's at all, or cannot be written.
 */
void fuzz_folder_open(struct fuzz_campaign *campaign);
/* Allocated path below the campaign's folder. */
char *fuzz_path(const struct fuzz_campaign *campaign, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* As asprintf(), or the program ends. */
char *fuzz_format(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Make a folder below the campaign's; ends the program with one line if that cannot be. */
void fuzz_make_folder(const struct fuzz_campaign *campaign, const char *name);
/* Remove it and what is in it, if it is there. */
void fuzz_remove_folder(const char *path);
/* Call @see with the path of each file in a folder, in no order; hidden ones left out. */
void fuzz_each_file(const char *folder, void (*see)(void *context, const char *path),
		    void *context);
/* The same for the folders in it. */
void fuzz_each_folder(const char *folder, void (*see)(void *context, const char *path),
		      void *context);
/* Make @path a symbolic link to @target, whatever it was; ends the program with one line if it cannot. */
void fuzz_link(const char *target, const char *path);
/* How many files those are. */
uint64_t fuzz_count_files(const char *folder);

/* --- fuzz_shipped.c ------------------------------------------------------------------------ */

/* A setting of a target's .options file, of its section [libfuzzer]. */
struct fuzz_setting {
	char name[64], value[64];
};

#define FUZZ_MAX_SETTINGS 16

/* Allocated path of @name in a folder above this program; NULL if none has it. */
char *fuzz_above(const char *name);
/* Allocated path of TARGET@suffix, beside the target's @program or in fuzzers/ above this one; or NULL. */
char *fuzz_shipped(const char *program, const char *suffix);
/* The target's settings, up to @room; how many. */
unsigned int fuzz_shipped_options(const char *program, struct fuzz_setting *settings,
				  unsigned int room);

/* --- fuzz_corpus.c ------------------------------------------------------------------------- */

/*
 * The usable files of the seed folder, counted. Ends the program with one line if there is no such folder
 * or nothing in it can be an input; says what is left out.
 */
void fuzz_seeds_check(const struct fuzz_options *options);
/* Copy them into the corpus. */
void fuzz_seeds_take(struct fuzz_campaign *campaign);
/* Take a file over into the corpus, under a name made of @prefix and its content. True if it is new. */
bool fuzz_corpus_add(struct fuzz_campaign *campaign, const char *prefix, const char *path);
/* Minimise the corpus with each engine, and keep what any of them needs. False if that failed; it is said. */
bool fuzz_corpus_minimize(struct fuzz_campaign *campaign);
/* Finish a minimisation that was cut short. */
void fuzz_corpus_recover(const struct fuzz_campaign *campaign);
/* At most FL_RAW_SIZE + 1 bytes of a file, allocated; NULL with errno. */
uint8_t *fuzz_read(const char *path, size_t *size);
/* Write a file beside its place and put it there. 0 or -errno. */
int fuzz_write(const char *path, const uint8_t *data, size_t size);

/* --- fuzz_supervisor.c --------------------------------------------------------------------- */

/* Run the engines until the time is over or a signal comes. */
void fuzz_supervise(struct fuzz_campaign *campaign);
/* The environment of targets; ended by NULL, kept. @first goes before the common ones, and may be NULL. */
char **fuzz_environment(const struct fuzz_options *options, char *const *first);

/* --- fuzz_crash.c -------------------------------------------------------------------------- */

/* An input of the corpus that no engine has found, and that may be a finding as it is. */
void fuzz_crashes_add_seed(struct fuzz_campaign *campaign, const char *path);
/*
 * Look for crash files that are new, and make findings of them. While the engines run, those that take
 * long are left for later; @last: now, and what is left after half a minute stays.
 */
void fuzz_crashes_take(struct fuzz_campaign *campaign, bool last);

/* --- fuzz_replay.c ------------------------------------------------------------------------- */

enum fuzz_verdict {
	FUZZ_BREAKS = 1, /* an invariant */
	FUZZ_KNOWN,	 /* only what the suppression file excuses, or what is not judged */
	FUZZ_QUIET,	 /* nothing */
	FUZZ_DIES,	 /* the process that ran it died */
};

/* What a crash file's bytes do in this program. */
struct fuzz_answer {
	int verdict; /* enum fuzz_verdict; 0: not looked at */
	unsigned int invariant;
	char detail[256];
	size_t size;
	unsigned int replayed; /* of FUZZ_REPLAYS */
	struct fl_case recorded;
};

#define FUZZ_BATCH 32
/* For each of @count (up to FUZZ_BATCH) files, in processes of their own. Answers are valid until the next. */
const struct fuzz_answer *fuzz_replay(const struct fuzz_campaign *campaign, char *const *paths,
				      size_t count);
/*
 * Run the bytes at @path on the target of @run, @times times; how often it crashed or hung. What it said of
 * the first crash goes to @title, if that is not NULL.
 */
unsigned int fuzz_rerun(struct fuzz_campaign *campaign, const struct fuzz_run *run,
			const char *path, unsigned int times, char *title, size_t title_size);

/* --- fuzz_report.c ------------------------------------------------------------------------- */

void fuzz_show_status(const struct fuzz_campaign *campaign);
void fuzz_print(const struct fuzz_campaign *campaign, FILE *out);
void fuzz_print_json(const struct fuzz_campaign *campaign, FILE *out);

#endif
