/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The store: what was found, in one SQLite file that outlives campaigns and machines.
 *
 * It holds facts that only grow: which input broke what on which subject and when that was seen first and
 * last; for each finding (a signature on a subject) its smallest case; what that case did when it was
 * tried again, on its own subject and on others; which histories of stress runs were searched for a case; and
 * which findings somebody chose to ignore. Whatever
 * else is said of a finding, its state above all, follows from these. Since each fact is joined by a least,
 * a greatest or a latest, it does not matter in which order stores are merged, or how often.
 *
 * Every function that returns int gives 0, or a negative errno with one line in the store's error
 * (fl_store_error()): -EINVAL for a file that is no store, is damaged or of a newer Faultline. What a
 * function records is recorded as one: after a kill -9 all of it is there, or nothing. Several processes
 * may use one file at once.
 */
#ifndef FAULTLINE_TRIAGE_STORE_H
#define FAULTLINE_TRIAGE_STORE_H

#include <triage/minimize.h>
#include <triage/suppressions.h>

struct fl_store;

/*
 * PRAGMA user_version, and application_id: "FLst". A store of an earlier version is brought to this one when it is
 * opened to be made or written (FL_STORE_CREATE); one that is read stays as it is. Version 2 added histories.
 */
#define FL_STORE_VERSION     2
#define FL_STORE_APPLICATION 0x464c7374

/* Seconds since 1970, UTC. */
typedef int64_t fl_time_t;
/* The day of it, as suppressions know days. */
fl_day_t fl_day_of(fl_time_t time);

enum fl_store_mode {
	FL_STORE_READ,	 /* must be there */
	FL_STORE_CREATE, /* made if it is missing */
};
/*
 * Open it. On failure *@store is still one to ask for its error and to close, and the file is as it was.
 */
int fl_store_open(struct fl_store **store, const char *path, enum fl_store_mode mode);
void fl_store_close(struct fl_store *store);
/* What went wrong, in one line that names the file; valid until the next call. */
const char *fl_store_error(const struct fl_store *store);

/* --- recording ----------------------------------------------------------------------------- */

/* One transaction around several calls; begin waits for other processes, up to a minute. */
int fl_store_begin(struct fl_store *store);
int fl_store_commit(struct fl_store *store);
void fl_store_rollback(struct fl_store *store);

/*
 * An input's identity: 64 bits of a hash over what it is (of @kind "case": its packed form; of "bytes":
 * target, subject and the bytes; of "history": its file).
 */
struct fl_store_hit {
	const char *subject, *signature;
	uint64_t input;
	const char *name; /* of the input's file, without folders */
	fl_time_t seen;
};
/* An input broke something. The same again only moves first and last. */
int fl_store_add_hit(struct fl_store *store, const struct fl_store_hit *hit);

/* A case that a finding may be shown by, and what its replays said. */
struct fl_store_case {
	const struct fl_case *found; /* signature, step and subject say whose it is */
	const char *detail;	     /* the sentence */
	unsigned int replays, identical;
	uint64_t trace; /* fl_trace_hash() of the first replay */
	fl_time_t tried;
};
/* Kept if it is smaller than what is there; *@kept says so. */
int fl_store_add_case(struct fl_store *store, const struct fl_store_case *added, bool *kept);
/* Would @found be kept? And is one *@there already? */
int fl_store_would_keep(struct fl_store *store, const struct fl_case *found, bool *keep,
			bool *there);

/* What the stored case of (@subject, @signature) did on @tried_on, perhaps another subject. */
struct fl_store_retest {
	const char *subject, *signature, *tried_on;
	const char *build;   /* which build of that: its version */
	const char *breaks;  /* signatures, one a line; "" for none */
	const char *refused; /* why it cannot be run there; "" if it was run */
	unsigned int replays, identical;
	fl_time_t tried;
};
int fl_store_add_retest(struct fl_store *store, const struct fl_store_retest *retest);

/*
 * A history of a run on threads. It is no finding by itself: it is one if a search gives a case, whose hit then has
 * the history as its input.
 */
struct fl_store_history {
	const char *subject, *signature; /* as it says itself */
	uint64_t input;			 /* as in struct fl_store_hit */
	const char *path, *profile, *detail;
	uint64_t seed, process, round; /* of the run that wrote it */
	uint64_t schedules; /* the most that a search ran without a case; 0: there was none */
	fl_time_t first_seen, last_seen;
	bool reproduced; /* there is a hit of it; not recorded but found out */
};
/* The same again only moves first and last, and @schedules up. */
int fl_store_add_history(struct fl_store *store, const struct fl_store_history *history);

/* Ignore the signature on all subjects; @reason NULL: no longer. */
int fl_store_ignore(struct fl_store *store, const char *signature, const char *reason,
		    fl_time_t when);

/*
 * Take over all that @other holds, in one transaction. In whatever order and however often stores are
 * merged, the same comes out.
 */
int fl_store_merge(struct fl_store *store, struct fl_store *other);

/* --- reading -------------------------------------------------------------------------------- */

enum fl_finding_state {
	FL_STATE_NEW,
	FL_STATE_KNOWN,	  /* the suppression file excuses it */
	FL_STATE_FIXED,	  /* its case breaks nothing any more, and nothing broke it since */
	FL_STATE_CHANGED, /* its case breaks something else instead */
	FL_STATE_IGNORED,
	FL_STATES
};
const char *fl_state_name(enum fl_finding_state state); /* "new", "known" ... */

struct fl_store_finding {
	const char *subject, *signature;
	char invariant[FL_NAME_SIZE]; /* the signature's first word */
	const char *profile, *detail;
	fl_time_t first_seen, last_seen;
	uint64_t inputs;	/* distinct ones that broke it */
	const char *input_name; /* the first by name */
	struct fl_case_size size;
	uint64_t step;
	const struct fl_case *smallest;
	const char *text;		 /* of the smallest case */
	unsigned int replays, identical; /* of them broke it with an equal trace */
	uint64_t trace;
	enum fl_finding_state state;
	const char *reason; /* of known and ignored; what it breaks instead if changed; else "" */
	fl_time_t retested; /* on its own subject; 0: never */
	unsigned int subjects_broken, subjects_tried; /* in retests, its own among them */
};

/* What states follow from, besides the store. */
struct fl_store_view {
	const struct fl_suppressions *known; /* may be NULL */
	fl_time_t now;
};

/*
 * Call @see with each finding, ordered by signature and subject; what it points to is valid during the
 * call. @see may call the functions for reading. A result other than 0 of @see ends it, and is returned.
 */
int fl_store_each_finding(struct fl_store *store, const struct fl_store_view *view,
			  int (*see)(void *context, const struct fl_store_finding *finding),
			  void *context);
/* The same for histories, of all findings, or of one if @signature is not NULL; ordered by signature, subject, path. */
int fl_store_each_history(struct fl_store *store, const char *subject, const char *signature,
			  int (*see)(void *context, const struct fl_store_history *history),
			  void *context);
/* The same for retests of a finding's case, ordered by the subject that it was tried on. */
int fl_store_each_retest(struct fl_store *store, const char *subject, const char *signature,
			 int (*see)(void *context, const struct fl_store_retest *retest),
			 void *context);

#endif
