# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# A commit of a git tree, as files. One folder holds one commit after the other, and only what differs is
# written anew: so the kernel is configured once, and make builds what a commit changed. Of the git tree
# nothing is touched, its index and its working files least of all.

# In the git tree whatever is set around a hook; nothing is refreshed there on the way.
git_in() {
	local tree=$1
	shift
	env -u GIT_DIR -u GIT_WORK_TREE -u GIT_INDEX_FILE -u GIT_PREFIX GIT_OPTIONAL_LOCKS=0 GIT_LITERAL_PATHSPECS=1 \
		git -C "$tree" "$@"
}

# full_commit TREE COMMIT: its whole hash
full_commit() {
	need git git
	git_in "$1" rev-parse --git-dir >/dev/null 2>&1 || die "$1 is no git tree; --commit wants one"
	[ -z "$(git_in "$1" rev-parse --show-prefix)" ] ||
		die "$1 is no git tree but a folder of one; give its top: $(git_in "$1" rev-parse --show-toplevel)"
	git_in "$1" rev-parse --verify --quiet --end-of-options "$2^{commit}" || die "$1 has no commit $2"
}

# Files named on standard input, each ended by NUL, of COMMIT into FOLDER; with the time of now, for make.
write_files() {
	local tree=$1 commit=$2 folder=$3
	# Several archives in a row, if the names are too many for one.
	xargs -0 -r bash -c 'tree=$1 commit=$2; shift 2; git -C "$tree" archive "$commit" -- "$@"' - "$tree" "$commit" |
		tar -x -m -i -C "$folder"
}

# take_commit TREE COMMIT FOLDER: of the whole of it if WHOLE=1, else what the build of a few objects reads
# Steps are checked one by one: where a function's status is looked at, the shell does not end by itself.
take_commit() (
	tree=$1 commit=$2 folder=$3
	unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE GIT_PREFIX
	export GIT_OPTIONAL_LOCKS=0 GIT_LITERAL_PATHSPECS=1
	before='' whole=''
	[ ! -r "$folder/.commit" ] || read -r before whole <"$folder/.commit"
	[ "$before $whole" != "$commit $WHOLE" ] || return 0
	rm -f "$folder/.commit"
	if [ -n "$before" ] && [ "$whole" = "$WHOLE" ] && git_in "$tree" cat-file -e "$before" 2>/dev/null; then
		git_in "$tree" diff-tree -r -z --name-only --no-renames "$before" "$commit" |
			{ grep -zE "$(needed_pattern)" || true; } >"$folder.changed" || exit
		# What is gone goes; so does what is about to be written, for it may have become a link.
		(cd "$folder" && xargs -0 -r rm -rf --) <"$folder.changed" || exit
		git_in "$tree" diff-tree -r -z --name-only --no-renames --diff-filter=d "$before" "$commit" |
			{ grep -zE "$(needed_pattern)" || true; } >"$folder.changed" || exit
	else
		rm -rf "$folder"
		mkdir -p "$folder" || exit
		git_in "$tree" ls-tree -r -z --name-only --full-tree "$commit" |
			{ grep -zE "$(needed_pattern)" || true; } >"$folder.changed" || exit
	fi
	write_files "$tree" "$commit" "$folder" <"$folder.changed" || exit
	rm -f "$folder.changed"
	echo "$commit $WHOLE" >"$folder/.commit"
)
