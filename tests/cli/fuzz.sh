#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Campaigns of real engines, short ones. $2: the folder of fuzz_build.sh, $3: the engine.
set -eu
. "$(dirname "$0")/lib.sh"

engine=$3
target=suspend_race_fuzzer
[ -x "${FAULTLINE_FUZZERS:-/nowhere}/$engine/bin/$target" ] || export FAULTLINE_FUZZERS="$2"
[ -x "$FAULTLINE_FUZZERS/$engine/bin/$target" ] || exit 77
common="--subject core:guard-v2 --engine $engine --jobs 1 --seeds none"

# From nothing to a case that replays. The time is for machines that are busy.
expect 1 "$faultline" fuzz $target $common --invariants irq-storm --seconds 300 --limit 1 --json --out found
[ "$(member out 'o["complete"]')" = true ] || fail "it does not say that it is complete"
[ "$(member out 'o["executions"] > 0')" = true ] || fail "no executions are told"
[ "$(member out 'len(o["findings"])')" -ge 1 ] || fail "nothing was found"
[ "$(member out 'o["findings"][0]["invariant"]')" = irq-storm ] || fail "it found something else"
[ "$(member out 'o["findings"][0]["crashed"] == o["findings"][0]["runs"] == o["findings"][0]["replayed"]')" = true ] ||
	fail "the finding does not always reproduce: $(cat out)"
[ "$(member out 'o["minimised"] and 0 < o["corpus_after"] <= o["corpus_before"]')" = true ] ||
	fail "the corpus was not minimised: $(cat out)"
[ "$(member out 'o["corpus_after"]')" = "$(ls found/corpus | wc -l)" ] || fail "the corpus has another size"
signature=$(member out 'o["findings"][0]["signature"]')
case=$(member out 'o["findings"][0]["case"]')
input=$(member out 'o["findings"][0]["input"]')
expect 1 "$faultline" replay --quiet "$case"
grep -qF "BROKEN at step" out || fail "the case breaks nothing"
grep -qF "$signature" out || fail "the case breaks something else than $signature"
! grep -q "did not happen" out || fail "the case does not replay as it says"
status=0
FAULTLINE_SUBJECT=core:guard-v2 FAULTLINE_INVARIANTS=irq-storm \
	"$FAULTLINE_FUZZERS/$engine/bin/$target" "$input" >out 2>&1 || status=$?
[ "$status" != 0 ] || fail "the input does not crash the target"
grep -qF "ASSERTION FAILED: $signature" out || fail "the input crashes the target with something else"

# It goes on: what was found stays found, what was learnt is there. What is known by now is no finding.
before=$(ls found/corpus | wc -l)
expect 1 "$faultline" fuzz $target $common --invariants irq-storm --seconds 1 --no-minimize --json --out found
member out '[f["signature"] for f in o["findings"]]' | grep -qF "'$signature'" || fail "the finding is gone"
[ "$(ls found/corpus | wc -l)" -ge "$before" ] || fail "the corpus shrank without being minimised"
printf 'irq-storm "*" reason "known"\n' >known
expect 0 "$faultline" fuzz $target $common --invariants irq-storm --suppressions known --seconds 1 \
	--no-minimize --json --out found
[ "$(member out 'len(o["findings"]), o["known_crash_files"] > 0')" = "(0, True)" ] ||
	fail "what is known is told as found: $(cat out)"
expect 0 "$faultline" fuzz $target $common --minimize --out found
grep -q "minimised to" out || fail "--minimize said '$(cat out)'"

# A crash file that does not crash.
case $engine in
libfuzzer) folder=libfuzzer/crashes name=crash-nothing ;;
afl) folder=afl/main/crashes name=id:000000,nothing ;;
esac
mkdir -p "found/$folder"
printf '\0\0' >"found/$folder/$name"
expect 1 "$faultline" fuzz $target $common --invariants irq-storm --seconds 1 --no-minimize --out found
grep -q "1 crash file does not reproduce, the first is found/.*nothing" out || fail "it said: $(cat out)"

# Seeds, cases among them.
mkdir seeds
cp "$case" seeds
expect 1 "$faultline" fuzz $target $common --invariants irq-storm --seeds seeds --seconds 60 --limit 1 --json \
	--no-minimize --out seeded
ls seeded/corpus | grep -q '^seed-' || fail "the seed was not taken"

# SIGINT and SIGTERM end it with what there is; killed outright it takes its engines along; and then it goes on.
for signal in INT TERM KILL; do
	rm -f "$work/left"
	status=0
	python3 - "$signal" "$work/left" "$faultline" fuzz $target --subject core:reference --engine "$engine" \
		--jobs 1 --seeds none --seconds 300 --json --out stopped <<'END' >out || status=$?
import os, signal, subprocess, sys, time

def below(pid):
    found = []
    try:
        for child in open("/proc/%d/task/%d/children" % (pid, pid)).read().split():
            found += [int(child)] + below(int(child))
    except FileNotFoundError:
        pass
    return found

def runs(pid):
    try:
        return open("/proc/%d/stat" % pid).read().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False

name, left, *command = sys.argv[1:]
# A shell without job control starts background commands with SIGINT ignored; python does not.
signal.signal(signal.SIGINT, signal.default_int_handler)
campaign = subprocess.Popen(command, stderr=subprocess.PIPE)
deadline = time.time() + 100
while len(below(campaign.pid)) < 3 or len(os.listdir("stopped/corpus")) < 10:
    assert time.time() < deadline, "the engine does not start"
    time.sleep(0.1)
processes = below(campaign.pid)
campaign.send_signal(getattr(signal, "SIG" + name))
campaign.stderr.read()
status = campaign.wait(timeout=100)
deadline = time.time() + 10
while any(runs(process) for process in processes):
    assert time.time() < deadline, "something outlived the campaign"
    time.sleep(0.05)
sys.exit(status if status >= 0 else 128 - status)
END
	[ "$signal" = KILL ] && wanted=137 || wanted=0
	[ "$status" = "$wanted" ] || fail "SIG$signal ended it with $status"
	[ "$signal" = KILL ] || [ "$(member out 'o["complete"]')" = false ] || fail "SIG$signal: it says that it is complete"
done
before=$(ls stopped/corpus | wc -l)
expect 0 "$faultline" fuzz $target --subject core:reference --engine "$engine" --jobs 1 --seeds none --seconds 2 --no-minimize \
	--json --out stopped
[ "$(member out 'o["complete"]')" = true ] || fail "it does not go on after it was killed"
[ "$(ls stopped/corpus | wc -l)" -ge "$before" ] || fail "the corpus is gone"
