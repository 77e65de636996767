#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The example of a user's own handler: built outside of the tree against the installed headers, loaded,
# searched, and its finding replayed. $1: the program, $2: the build folder, $3: the source tree.
set -eu
program=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
	echo "FAILED: $*" >&2
	exit 1
}

cmake --install "$2" --component subject --prefix "$work/prefix" >/dev/null
cp "$3"/docs/examples/own-handler/own-handler.c "$3"/docs/examples/own-handler/Makefile "$work"
make -C "$work" FAULTLINE="$work/prefix" CFLAGS="-O2 -Werror" >/dev/null

cd "$work"
status=0
"$program" explore --subject ./own-handler.so --profile mmu500-one-cpu --scenario fault-vs-runtime-suspend \
	--runs 20000 --jobs 1 --seed 1 --out out >table 2>err || status=$?
[ "$status" = 1 ] || { cat err >&2; fail "explore ended with $status, not 1"; }
grep -q 'irq-storm in own_context_fault' table || fail "no irq-storm in own_context_fault"
found=$(ls out/irq-storm-*.case | head -n 1)
status=0
"$program" replay --subject ./own-handler.so "$found" >timeline 2>err || status=$?
[ "$status" = 1 ] || { cat err >&2; fail "replay ended with $status, not 1"; }
grep -q 'irq-storm' timeline || fail "the replay does not break irq-storm"
# It is refused where it says that it does not run.
status=0
"$program" explore --subject ./own-handler.so --profile mmu500-no-pm-domain --runs 1 >table 2>err || status=$?
[ "$status" = 2 ] || fail "a profile that it does not support ended with $status, not 2"

# On real threads: refused as it is, and run once it is built for them; what is found replays on fibers.
status=0
"$program" stress --subject ./own-handler.so --rounds 1 >table 2>err || status=$?
[ "$status" = 2 ] || fail "stress of a subject that is not built for threads ended with $status, not 2"
grep -q "compile it with -include faultline/free.h" err || fail "it does not say how to build it: $(cat err)"
make -C "$work" FAULTLINE="$work/prefix" CFLAGS="-O2 -Werror" own-handler-threads.so >/dev/null
status=0
"$program" stress --subject ./own-handler-threads.so --invariants irq-storm,unclocked-access --until-failure --rounds 100000 \
	--search-seconds 0 --out threads --quiet >table 2>err || status=$?
[ "$status" = 1 ] || { cat err >&2; fail "stress ended with $status, not 1"; }
status=0
"$program" explore --subject ./own-handler-threads.so --from "$(ls threads/*.history | head -n 1)" --runs 100000 \
	>table 2>err || status=$?
[ "$status" = 1 ] || { cat err >&2; fail "the search of the history ended with $status, not 1"; }
