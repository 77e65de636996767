# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# The tree's own build, for ARCH=um, out of tree. Options that would turn a call into nothing are on, for
# what vanishes from the object can never be observed.

CONFIG_OPTIONS="-e COMPILE_TEST -e EXPERT -e IOMMU_SUPPORT -e VIRTIO_UML -e UML_PCI_OVER_VIRTIO -e OF
	-e PM -e PM_SLEEP -e SUSPEND -e PM_GENERIC_DOMAINS -e COMMON_CLK -e INTERCONNECT -e ARM_SMMU
	-e DEBUG_KERNEL -e DEBUG_SPINLOCK -e DEBUG_MUTEXES -e DEBUG_ATOMIC_SLEEP
	-e DEBUG_INFO_NONE -d DEBUG_INFO_DWARF_TOOLCHAIN_DEFAULT -d WERROR -d MODULES
	--set-val KERNEL_STACK_ORDER 4"

# Options that Kconfig does not give to um, and that files only look at: Qualcomm's part belongs to an
# architecture, and the might_sleep() of old trees to one that can be preempted.
PREPROCESSOR_OPTIONS="-DCONFIG_ARM_SMMU_QCOM=1 -DCONFIG_ARM_SMMU_QCOM_DEBUG=1 -DCONFIG_DEBUG_ATOMIC_SLEEP=1"

kernel_make() {
	nice env -u CFLAGS -u CXXFLAGS -u CPPFLAGS -u LDFLAGS make -s -j2 -C "$OVERLAY" O="$OBJECTS" ARCH=um LLVM="${LLVM_SUFFIX:-1}" \
		KBUILD_BUILD_TIMESTAMP=0 KBUILD_BUILD_USER=faultline KBUILD_BUILD_HOST=faultline \
		"$@" >>"$LOG" 2>&1
}

build_failed() {
	die "$1 does not build: $(grep -m1 -E '(error|fatal error|ERROR):|^\*\*\*|Error [0-9]|not clean' "$LOG" | sed "s#$OVERLAY/##g" || true) (log: $LOG)"
}

# Did the build miss a file that the overlay left out?
may_lack_files() {
	grep -qE 'No such file|file not found|No rule to make target|cannot open|can.t open' "$LOG"
}

configure_tree() {
	local recipe
	recipe=$(printf '%s' "$CONFIG_OPTIONS" | digest)
	[ "$(cat "$OBJECTS/.faultline-config" 2>/dev/null)" = "$recipe" ] && return
	mkdir -p "$OBJECTS"
	kernel_make defconfig || return
	# shellcheck disable=SC2086
	"$OVERLAY/scripts/config" --file "$OBJECTS/.config" $CONFIG_OPTIONS >>"$LOG" 2>&1 || return
	kernel_make olddefconfig || return
	echo "$recipe" >"$OBJECTS/.faultline-config"
}

# Objects of the list that the tree has a source for: the debug file came in 6.2.
tree_objects() {
	local kind=$1 want object
	while read -r want object; do
		[ "$want" = "$kind" ] && [ -e "$OVERLAY/${object%.o}.c" ] && echo "$object"
	done < <(grep -v '^#' "$HERE/objects")
	return 0
}

# The flags go to the objects alone: what the build makes on its way stays as the tree wants it.
compile_tree() {
	local flags object arguments=()
	flags="$PREPROCESSOR_OPTIONS -include $GLUE/instrument.h -mcmodel=small -fPIE -Wno-macro-redefined"
	flags+=" -gline-tables-only -ffile-prefix-map=$OVERLAY/= -ffile-prefix-map=$ROOT/="
	for object in $(tree_objects driver); do
		arguments+=("CFLAGS_$(basename "$object")=$flags -include $GLUE/driver_calls.h")
	done
	for object in $(tree_objects core); do
		arguments+=("CFLAGS_$(basename "$object")=$flags")
	done
	# shellcheck disable=SC2046
	kernel_make "${arguments[@]}" $(tree_objects driver) $(tree_objects core)
}

# The command by which the tree compiled OBJECT, up to its output and source, by $COMPILER.
recorded_command() {
	local object=$1 record
	record="$OBJECTS/$(dirname "$object")/.$(basename "$object").cmd"
	sed -n 's/^\(saved\)\?cmd_[^:]*:= //p' "$record" | head -n1 |
		sed "s/ -c -o .*//; s/-Wp,-MM\?D,[^ ]*//g; s#^[^ ]*#$COMPILER#"
}
