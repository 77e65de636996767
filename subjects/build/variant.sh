# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Variants: semantic patches (subjects/variants) on a copy of the driver's files.

VARIANTS=$ROOT/subjects/variants

variant_names() {
	grep -v '^#' "$VARIANTS/variants" | cut -d' ' -f1
}

check_variant() {
	variant_names | grep -qx -F -e "$VARIANT" ||
		die "unknown variant $VARIANT; there are: $(variant_names | paste -sd' ')"
	need spatch coccinelle
}

# The rules of a variant in order; a word @name stands for another variant's.
variant_rules() {
	local rule rules
	rules=$(grep -v '^#' "$VARIANTS/variants" | awk -v name="$1" '$1 == name { $1 = ""; print }')
	for rule in $rules; do
		if [[ $rule == @* ]]; then
			variant_rules "${rule#@}"
		else
			echo "$rule"
		fi
	done
}

# apply_variant FOLDER: the driver's sources, changed, in FOLDER. Each rule must change its file.
apply_variant() {
	local folder=$1 rule file before
	mkdir -p "$folder"
	cp -L "$OVERLAY"/drivers/iommu/arm/arm-smmu/*.[ch] "$folder/"
	for rule in $(variant_rules "$VARIANT"); do
		file=$folder/$(sed -n 's#^// File: ##p' "$VARIANTS/$rule.cocci")
		[ -e "$file" ] ||
			die "variant $VARIANT: rule $rule does not apply: $TREE has no $(basename "$file")"
		before=$(digest <"$file")
		spatch --very-quiet --no-includes --in-place --sp-file "$VARIANTS/$rule.cocci" "$file" \
			>"$folder/$rule.log" 2>&1 ||
			die "variant $VARIANT: rule $rule fails: $(grep -m1 -i error "$folder/$rule.log" || tail -n1 "$folder/$rule.log")"
		[ "$(digest <"$file")" != "$before" ] ||
			die "variant $VARIANT: rule $rule does not apply to $TREE (the variants are made for Linux 6.12)"
	done
}

compile_variant() {
	local folder=$1 object name
	for object in $(tree_objects driver); do
		name=$(basename "$object" .o)
		printf '%s\n' "$(recorded_command "$object") -iquote $folder -ffile-prefix-map=$folder/=drivers/iommu/arm/arm-smmu/ -c -o $folder/$name.o $folder/$name.c"
	done >"$folder/commands"
	(cd "$OBJECTS" && xargs -d '\n' -P2 -n1 sh -c <"$folder/commands") >>"$LOG" 2>&1 || build_failed "variant $VARIANT"
}
