# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# The form of a subject for threads (faultline stress): everything once more, with the atomics and the barriers
# of a kernel for several CPUs (subjects/glue/threads.h). What is left plain would be found by nobody, so the
# objects are looked at: a tree where the header does not bite is refused.

THREADS_FLAGS="-DFAULTLINE_THREADS=1"

# compile_threads FOLDER VARIANT_SOURCES: all objects of the list, in FOLDER
compile_threads() {
	local folder=$1 sources=$2 object
	recompile "$folder" "$sources" "$THREADS_FLAGS" "" || build_failed "linux:$NAME for threads"
	printf '%s\n' "$(recorded_command drivers/iommu/arm/arm-smmu/arm-smmu-impl.o) $THREADS_FLAGS -c -o $folder/probe.o $HERE/threads_probe.c" \
		>"$folder/probe-command"
	(cd "$OBJECTS" && sh "$folder/probe-command") >>"$LOG" 2>&1 || build_failed "the probe of atomics for threads"
	check_probe "$folder/probe.o"
	for object in $(tree_objects driver) $(tree_objects core); do
		check_locked "$folder/$object"
	done
}

disassemble() {
	"$OBJDUMP" -d --no-show-raw-insn "$1" >"$1.dis" || die "$1 cannot be disassembled"
}

# Each function of the probe holds the instruction that its name begins with.
check_probe() {
	local object=$1 plain
	disassemble "$object"
	plain=$(awk '/^[0-9a-f]+ <.*>:$/ { name = $2; gsub(/[<>:]/, "", name); wanted = name; sub(/_.*/, "", wanted); left[name] = 1 }
		{ gsub(/<.*>/, "") }
		name != "" && index($0, wanted) { delete left[name] }
		END { for (name in left) print name }' "$object.dis" | LC_ALL=C sort | paste -sd' ')
	grep -q '<lock_atomic_inc>:' "$object.dis" || die "$object: the probe of atomics has no code"
	[ -z "$plain" ] ||
		die "$TREE cannot be built for threads: its atomics or barriers stay those of one CPU ($plain); 'faultline explore' searches it"
}

# No compare-and-exchange and no exchange-and-add on memory without the prefix, by whatever way it came in.
check_locked() {
	local object=$1 line
	disassemble "$object"
	line=$(awk '/^[0-9a-f]+ <.*>:$/ { name = $2; gsub(/[<>:]/, "", name) }
		{ gsub(/<.*>/, "") }
		/[ \t](cmpxchg|xadd)[a-z0-9]*[ \t]/ && /\(/ && !/lock/ && !locked { print name; exit }
		{ locked = /[ \t]lock[ \t]*$/ }' "$object.dis")
	rm -f "$object.dis"
	[ -z "$line" ] ||
		die "$TREE cannot be built for threads: $line() in $(basename "$object") has an atomic without a lock prefix; 'faultline explore' searches it"
}
