# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# The same sources once more by the recorded commands, with other flags.

# recompile FOLDER VARIANT_SOURCES FLAGS PLAIN: all objects of the list, in FOLDER; those that match the
# pattern PLAIN are taken as they are.
recompile() {
	local folder=$1 sources=$2 flags=$3 plain=$4 object source command
	mkdir -p "$folder"
	for object in $(tree_objects driver) $(tree_objects core); do
		mkdir -p "$folder/$(dirname "$object")"
		# shellcheck disable=SC2053
		if [[ $object == $plain ]]; then
			cp "$OBJECTS/$object" "$folder/$object"
			continue
		fi
		source=$OVERLAY/${object%.o}.c
		command=$(recorded_command "$object")
		if [ "$sources" != "$OVERLAY/drivers/iommu/arm/arm-smmu" ] && [ -e "$sources/$(basename "$source")" ]; then
			source=$sources/$(basename "$source")
			command+=" -iquote $sources -ffile-prefix-map=$sources/=drivers/iommu/arm/arm-smmu/"
		fi
		printf '%s\n' "$command $flags -c -o $folder/$object $source"
	done >"$folder/commands"
	(cd "$OBJECTS" && xargs -d '\n' -P2 -n1 sh -c <"$folder/commands") >>"$LOG" 2>&1
}
