# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# The form of a subject for fuzz targets: one relocatable object with one global symbol, faultline_subject,
# compiled with the instrumentation that CFLAGS asks for. The program that links it says which memory is
# the subject's by __start_ and __stop_ of faultline_data and faultline_bss.

# What the kernel's own UBSan looks for, and what is undefined in any dialect of C. The kernel's is one in which
# integers wrap.
CHECKS="array-bounds,bool,builtin,enum,integer-divide-by-zero,null,return,shift,unreachable,vla-bound"

# What of $CFLAGS concerns instrumentation, in the form for the subject: a report is a finding of the run
# and not the end of the process (core/check/memory_error.c), so sanitizers recover.
# shellcheck disable=SC2086
instrumentation() {
	local word kind flags=()
	for word in ${CFLAGS:-}; do
		case $word in
		-fsanitize-coverage=* | -fprofile-instr-* | -fcoverage-mapping) flags+=("$word") ;;
		-fsanitize=*)
			for kind in $(tr , ' ' <<<"${word#*=}"); do
				case $kind in
				fuzzer-no-link | fuzzer) flags+=(-fsanitize=fuzzer-no-link) ;;
				address) # A fake stack for locals would be a second one, and um masks the stack pointer.
					flags+=(-fsanitize=address -fsanitize-address-use-after-return=never) ;;
				memory | thread | hwaddress | dataflow | realtime | kcfi | cfi*)
					die "a real driver cannot be built with -fsanitize=$kind: what the floor hands to it is not instrumented so; leave out --object for this sanitizer" ;;
				*) flags+=("-fsanitize=$CHECKS") ;;
				esac
			done ;;
		esac
	done
	# AFL++'s compiler adds what its runtime wants; it may be older than what the tree wants, so the tree's takes its place.
	[[ $(basename "${CC:-cc}") == *afl-* ]] && flags+=(-fsanitize-coverage=trace-pc-guard)
	[[ ${flags[*]:-} == *-fsanitize=address* || ${flags[*]:-} == *"$CHECKS"* ]] && flags+=(-fsanitize-recover=all)
	printf '%s\n' "${flags[@]}" | awk '!seen[$0]++' | paste -sd' '
}

# The compiler of the rest of the program if it can compile the tree as well, else the tree's own.
object_compiler() {
	local compiler=${CC:-$CLANG} version own
	version=$("$compiler" -dumpversion 2>/dev/null | cut -d. -f1)
	own=$("$CLANG" -dumpversion | cut -d. -f1)
	if [[ $(basename "$compiler") =~ ^clang(-[0-9]+)?$ && $version -ge $own ]]; then
		echo "$compiler"
	else
		echo "$CLANG"
	fi
}

# Writable sections of an object: name, type.
writable_sections() {
	"$READELF" -SW "$1" | sed -n 's/^ *\[ *[0-9]*\] //p' |
		awk '$2 ~ /BITS$/ { for (i = 3; i <= NF; i++) if ($i ~ /^[A-Z]+$/ && $i ~ /W/ && $i ~ /A/) print $1, $2 }' |
		LC_ALL=C sort -u
}

# link_object FOLDER OUTPUT: whatever is writable and not the toolchain's is the subject's. Counters and
# the like keep their names, for a reset must not touch them. All of a program must agree on whether
# AddressSanitizer knows its variables already.
link_object() {
	local folder=$1 output=$2 options=() section kind
	while read -r section kind; do
		case $section in
		.data.rel.ro* | .init_array* | .fini_array* | __sancov_* | asan_globals* | __llvm_*) ;;
		# Pointers for the kernel's own linker, which nobody writes.
		.discard* | .initcall* | .exitcall*) ;;
		*)
			if [ "$kind" = NOBITS ]; then
				options+=("--rename-section=$section=faultline_bss")
			else
				options+=("--rename-section=$section=faultline_data")
			fi ;;
		esac
	done < <(writable_sections "$folder/linked.o")
	"$OBJCOPY" "${options[@]}" --keep-global-symbol=faultline_subject \
		--keep-global-symbol=___asan_globals_registered "$folder/linked.o" "$folder/subject.o" || return
	mv "$folder/subject.o" "$output.new" && mv "$output.new" "$output"
}
