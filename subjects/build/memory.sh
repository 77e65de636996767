# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# The form of a subject for memory granularity: each plain access of the driver, of io-pgtable and of the
# PM core is a call (subjects/glue/tsan.c), compiled from the same sources by the same commands.

INSTRUMENTATION="-fsanitize=thread -mllvm -tsan-distinguish-volatile=1 -mllvm -tsan-instrument-func-entry-exit=0"

# The libraries below are not worth the steps: they work on their callers' memory.
instrumented() {
	case $1 in
	lib/*) return 1 ;;
	esac
}

# compile_memory FOLDER VARIANT_SOURCES: all objects of the list, in FOLDER
compile_memory() {
	local folder=$1 sources=$2 object source command
	mkdir -p "$folder"
	for object in $(tree_objects driver) $(tree_objects core); do
		mkdir -p "$folder/$(dirname "$object")"
		if ! instrumented "$object"; then
			cp "$OBJECTS/$object" "$folder/$object"
			continue
		fi
		source=$OVERLAY/${object%.o}.c
		command=$(recorded_command "$object")
		if [ "$sources" != "$OVERLAY/drivers/iommu/arm/arm-smmu" ] && [ -e "$sources/$(basename "$source")" ]; then
			source=$sources/$(basename "$source")
			command+=" -iquote $sources -ffile-prefix-map=$sources/=drivers/iommu/arm/arm-smmu/"
		fi
		printf '%s\n' "$command $INSTRUMENTATION -c -o $folder/$object $source"
	done >"$folder/commands"
	(cd "$OBJECTS" && xargs -d '\n' -P2 -n1 sh -c <"$folder/commands") >>"$LOG" 2>&1 ||
		build_failed "linux:$NAME for memory granularity"
}
