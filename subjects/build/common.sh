# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Messages, tools, locks: what the other files of this folder use. Sourced by scripts/add-linux.

say() {
	printf '%s\n' "$*" >&2
}

# One line, exit 2: bad usage or bad input.
die() {
	printf 'add-linux: %s\n' "$*" >&2
	exit 2
}

# LLVM's tools by the number that Debian gives them, or without one.
tool() {
	local name=$1
	if command -v "$name-19" >/dev/null; then
		echo "$name-19"
	elif command -v "$name" >/dev/null; then
		echo "$name"
	else
		return 1
	fi
}

# package of a program that is missing
need() {
	local program=$1 package=$2
	command -v "$program" >/dev/null ||
		die "$program is missing; install it: sudo apt install $package"
}

need_tools() {
	CLANG=$(tool clang) || die "clang is missing; install it: sudo apt install clang-19"
	LLD=$(tool ld.lld) || die "ld.lld is missing; install it: sudo apt install lld-19"
	NM=$(tool llvm-nm) || die "llvm-nm is missing; install it: sudo apt install llvm-19"
	OBJCOPY=$(tool llvm-objcopy) || die "llvm-objcopy is missing; install it: sudo apt install llvm-19"
	OBJDUMP=$(tool llvm-objdump) || die "llvm-objdump is missing; install it: sudo apt install llvm-19"
	READELF=$(tool llvm-readelf) || die "llvm-readelf is missing; install it: sudo apt install llvm-19"
	LLVM_SUFFIX=${CLANG#clang}
	COMPILER=$CLANG
	need make make
	need flex flex
	need bison bison
	need bc bc
	need perl perl
	need patch patch
}

# What identifies the state of a folder: names, sizes and times of its files.
fingerprint_tree() {
	find "$1" -name .git -prune -o -type f -printf '%P %s %T@\n' | LC_ALL=C sort | digest
}

digest() {
	sha256sum | cut -c1-12
}
