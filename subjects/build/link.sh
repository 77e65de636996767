# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# From objects to one shared object with one exported symbol.

# Calls of runtime PM by the driver, to the glue's bookkeeping (subjects/glue/pm_calls.c).
REDIRECTED="__pm_runtime_resume=glue_pm_resume __pm_runtime_suspend=glue_pm_suspend
	__pm_runtime_idle=glue_pm_idle pm_runtime_get_if_active=glue_pm_get_if_active
	pm_runtime_get_if_in_use=glue_pm_get_if_in_use pm_runtime_barrier=glue_pm_barrier
	__pm_runtime_disable=glue_pm_disable pm_runtime_force_suspend=glue_pm_force_suspend
	pm_runtime_force_resume=glue_pm_force_resume"

# collect FOLDER DRIVER_FOLDER: the tree's objects, the driver's redirected, as FOLDER/tree.o
collect() {
	local folder=$1 driver=$2 object options=() pair copies=()
	for pair in $REDIRECTED; do
		options+=(--redefine-sym "$pair")
	done
	mkdir -p "$folder/driver"
	for object in $(tree_objects driver); do
		"$OBJCOPY" "${options[@]}" "$driver/$(basename "$object")" "$folder/driver/$(basename "$object")" || return
		copies+=("$folder/driver/$(basename "$object")")
	done
	for object in $(tree_objects core); do
		copies+=("$CORE_OBJECTS/$object")
	done
	"$LLD" -r -o "$folder/all.o" "${copies[@]}" || return
	# Names that are unique can be made global, so that the table of names can point at them.
	"$NM" "$folder/all.o" | awk '$2 ~ /^[TtDdBb]$/ && $3 ~ /^[A-Za-z_][A-Za-z0-9_]*$/ { print $3 }' |
		grep -v '^__sancov_\|^___\?asan_\|^__odr_asan\|^__prof\|^__llvm_\|^__covrec' |
		LC_ALL=C sort | uniq -u >"$folder/names"
	"$OBJCOPY" --globalize-symbols="$folder/names" --remove-section=.export_symbol \
		--remove-section=.rela.export_symbol --remove-section='__ksymtab*' --remove-section='.rela__ksymtab*' \
		--wildcard "$folder/all.o" "$folder/tree.o"
}

# The table that subjects/glue/symbols.c searches: the tree's names, and the GPU driver's of the glue.
symbol_table() {
	local folder=$1
	"$NM" --defined-only --extern-only "$folder/glue/client.o" | awk '$2 == "T" { print $3 }' >>"$folder/names"
	awk 'BEGIN { print "\t.section .rodata\n\t.balign 4\n\t.globl glue_symbol_table\nglue_symbol_table:" }
	     { printf "\t.long %s - .\n\t.long .Lname%d - .\n", $1, NR; names[NR] = $1 }
	     END {
		printf "\t.globl glue_symbol_count\nglue_symbol_count:\n\t.long %d\n", NR
		for (i = 1; i <= NR; i++) printf ".Lname%d:\t.asciz \"%s\"\n", i, names[i]
		print "\t.section .note.GNU-stack,\"\",@progbits"
	     }' "$folder/names" >"$folder/names.s"
	"$CLANG" -c -o "$folder/names.o" "$folder/names.s"
}

# Whatever is still undefined must be the floor's or one of a few of libc.
check_undefined() {
	local folder=$1 symbol wants
	"$NM" -u "$folder/linked.o" | awk '{ print $2 }' | LC_ALL=C sort -u >"$folder/undefined"
	grep -v -x -F -f <(grep -v '^#' "$HERE/allowed-symbols") "$folder/undefined" | grep -v '^fl_' |
		grep -v '^__asan_\|^__ubsan_\|^__sanitizer_\|^__sancov_\|^__llvm_profile_\|^__start_\|^__stop_\|^__ehdr_start$' >"$folder/unknown" || return 0
	symbol=$(head -n1 "$folder/unknown")
	wants=$(for object in "$folder"/driver/*.o $(tree_objects core | sed "s#^#$CORE_OBJECTS/#") "$folder"/glue/*.o; do
		"$NM" -u "$object" | grep -qw "$symbol" && basename "$object" && break
	done)
	die "$TREE wants a symbol that the glue does not supply: $symbol (in $wants); $(wc -l <"$folder/unknown") in all, see $folder/unknown"
}

# join FOLDER: all of it as FOLDER/linked.o
join() {
	local folder=$1
	symbol_table "$folder" &&
		"$LLD" -r -o "$folder/linked.o" "$folder/tree.o" "$folder/names.o" "$folder"/glue/*.o
}

# link_subject FOLDER OUTPUT
link_subject() {
	local folder=$1 output=$2
	printf '{ global: faultline_subject; local: *; };\n' >"$folder/exported"
	# With the table by which the program finds the frames of the subject: for lines of accesses.
	"$LLD" -shared -Bsymbolic --build-id=none --hash-style=gnu --eh-frame-hdr -z now -z relro -z noexecstack \
		--version-script="$folder/exported" -o "$folder/subject.so" "$folder/linked.o" || return
	mv "$folder/subject.so" "$output.new" && mv "$output.new" "$output"
}
