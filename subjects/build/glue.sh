# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# The glue is compiled as the tree compiles the driver, against the same headers.

# has MACRO FILE PATTERN: a line of probed.h if the tree's header says so
has() {
	if grep -Eqz "$3" "$SOURCE/$2" 2>/dev/null; then
		echo "#define GLUE_HAVE_$1 1"
	fi
}

# All differences between trees that the preprocessor cannot see; subjects/glue/compat.h uses them.
probe_tree() {
	local SOURCE=$OVERLAY
	echo '/* Made by subjects/build/glue.sh: what this tree declares. */'
	has GET_IF_ACTIVE_2 include/linux/pm_runtime.h 'int pm_runtime_get_if_active\(struct device \*dev, bool'
	has ALLOC_PAGING include/linux/iommu.h '\(\*domain_alloc_paging\)'
	has ALLOC_BY_TYPE include/linux/iommu.h '\(\*domain_alloc\)\(unsigned'
	has IDENTITY_DOMAIN include/linux/iommu.h 'struct iommu_domain \*identity_domain;'
	has DOMAIN_OWNER include/linux/iommu.h 'const struct iommu_ops \*owner;'
	has FWSPEC_OPS include/linux/iommu.h 'struct iommu_fwspec \{[[:space:]]*const struct iommu_ops'
	has RESUME_TRANSLATION include/linux/adreno-smmu-priv.h '\(\*resume_translation\)'
	has REMOVE_NEW include/linux/platform_device.h '\(\*remove_new\)'
	has QCOM_SCM_FOLDER include/linux/firmware/qcom/qcom_scm.h 'qcom_scm_io_readl'
}

tree_version() {
	sed -n 's/^\(VERSION\|PATCHLEVEL\|SUBLEVEL\|EXTRAVERSION\) *= *\(.*\)/\2/p' "$OVERLAY/Makefile" |
		head -n4 | paste -sd. | sed 's/\.\([^.0-9]\)/\1/; s/\.$//'
}

# What the subject says of itself. SOURCES: where the driver that was compiled lies.
identity() {
	local sources=$1 features=0 tbu=0 free="" init
	# module_platform_driver(x) makes x_init, module_init() names it.
	init=$(sed -n 's/^module_init(\(.*\));/\1/p' "$sources/arm-smmu.c")
	grep -q 'resume_translation *=' "$sources/arm-smmu-qcom.c" && features+=" | FL_SUBJECT_CLIENT_RESUME"
	grep -qs 'qcom_tbu_probe\|qcom_smmu_tbu' "$sources/arm-smmu-qcom.c" && tbu=1 && features+=" | FL_SUBJECT_TBU"
	[ "$MEMORY" = 1 ] && features+=" | FL_SUBJECT_MEMORY"
	[ "$THREADS" = 1 ] && free=" | FL_HOST_FREE"
	[[ $VARIANT == *guard-v3* || $VARIANT == *guard-v4* ]] && features+=" | FL_SUBJECT_MASKS_IN_SUSPEND"
	cat <<-END
	/* Made by subjects/build/glue.sh: who this subject is. */
	#define IDENTITY_NAME "linux:$NAME"
	#define IDENTITY_HELP "$HELP"
	#define IDENTITY_VERSION "$(tree_version)"
	#define IDENTITY_FEATURES ($features)
	#define IDENTITY_HOST_ABI (FL_HOST_ABI$free)
	#define IDENTITY_TBU $tbu
	#define IDENTITY_INIT ${init:-arm_smmu_driver_init}
	END
}

# compile_glue FOLDER SOURCES FLAGS: objects of the glue in FOLDER
compile_glue() {
	local folder=$1 sources=$2 flags=$3 command file jobs=()
	mkdir -p "$folder"
	probe_tree >"$folder/probed.h"
	identity "$sources" >"$folder/identity.h"
	command=$(recorded_command drivers/iommu/arm/arm-smmu/arm-smmu-impl.o |
		sed 's/-include [^ ]*\(instrument\|driver_calls\)\.h//g')
	command+=" -Wno-missing-prototypes -Wno-missing-declarations -Wno-incompatible-library-redeclaration"
	command+=" -Wno-null-pointer-arithmetic -Wno-unused-const-variable -I$folder -I$GLUE/libc -I$GLUE"
	command+=" -iquote $sources -I$ROOT/include $flags"
	# The headers of a kernel are most of the work: they are read once.
	(cd "$OBJECTS" && sh -c "$command -x c-header -o $folder/glue.pch $GLUE/glue.h") >>"$LOG" 2>&1 ||
		build_failed "the glue for $TREE"
	for file in "$GLUE"/*.c; do
		printf '%s\n' "$command -include-pch $folder/glue.pch -c -o $folder/$(basename "$file" .c).o $file"
	done >"$folder/commands"
	(cd "$OBJECTS" && xargs -d '\n' -P2 -n1 sh -c <"$folder/commands") >>"$LOG" 2>&1 || build_failed "the glue for $TREE"
}
