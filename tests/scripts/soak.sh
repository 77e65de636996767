#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# scripts/soak as it is meant to run: what it writes down, its table, its bound on disk use, its refusals, and
# what it makes of a faultline that dies. Slices are so many rounds, never so many seconds. $1 the program,
# $2 the source folder.
set -eu
# shellcheck source=../cli/lib.sh
. "$2/tests/cli/lib.sh"
soak=$2/scripts/soak
table=$2/scripts/soak-table
tab=$(printf '\t')
if command -v shellcheck >/dev/null; then
	shellcheck "$soak" "$table"
fi

# lines KIND: how many the ledger of ./kept has
lines() { grep -c "^[^$tab]*$tab$1$tab.*$tab\.\$" kept/ledger || true; }

# --- found ---
expect 1 "$soak" --program "$faultline" --subject core:guard-v2 --profile mmu500 --threads 4 --rounds 200 --slices 2 \
	--search-seconds 0 --seed 5 --out kept
grep -q "^soak: core:guard-v2, seed 5; kept in kept$" err || fail "the seed is not told: $(head -n 1 err)"
grep -q "^soak: found: .*, core:guard-v2 on mmu500, seed [0-9]*: kept/" err || fail "nothing was announced: $(cat err)"
[ "$(lines begin)" = 2 ] && [ "$(lines end)" = 2 ] || fail "the ledger has not two slices: $(cat kept/ledger)"
grep -q '^this run: *2 slices, 0 interrupted, 0 failed; 400 rounds, [1-9]' out || fail "the table does not sum up: $(cat out)"
grep -q '^core:guard-v2 on mmu500  *2  *400  *[1-9]' out || fail "the table does not tell what was stressed: $(cat out)"
grep -v '^this run\|^in all' out >first
"$table" kept | grep -v '^this run\|^in all' | cmp - first || fail "soak-table says something else"
# Each announcement, each line of the ledger and each history in a folder are the same ones.
sed -n 's/^soak: \(found\|again\): .*: kept\///p' err | sort >announced
cut -f 2,3 kept/ledger | sed -n "s/^\(found\|again\)$tab//p" | sort >recorded
(cd kept && find . -name '*.history' | sed 's/^\.\///' | sort) >histories
cmp announced recorded && cmp announced histories || fail "announced, recorded and kept differ"
# A signature is found once; then it is known.
cut -f 2,8 kept/ledger | grep ^found | sort | uniq -d | grep . && fail "a signature was found twice"
for folder in kept/*/*/; do
	grep -q "^'.*' stress --subject 'core:guard-v2' --profile 'mmu500' --threads 4 --seed [0-9]* --rounds 200 " \
		"$folder/command" || fail "$folder has no command: $(cat "$folder/command")"
	[ "$(member "$folder/result.json" 'o["rounds"]')" = 200 ] || fail "$folder has no result"
	[ "$(grep -c '^found: ' "$folder/log")" = "$(find "$folder" -name '*.history' | wc -l)" ] ||
		fail "$folder has not its log"
done
# The table's paths are readable.
sed -n 's/^  *\(kept\/.*\.history\)$/\1/p' out >paths
[ "$(wc -l <paths)" = "$(lines found)" ] || fail "the table does not list each finding: $(cat out)"
while read -r path; do
	"$faultline" explore --from "$path" --runs 1 --quiet --out cases >/dev/null || [ $? = 1 ] || fail "$path cannot be read"
done <paths

# --- the same seed makes the same choices, and another run goes on ---
# A line that was cut off says nothing, and does not spoil the next one.
printf '2026-01-01T00:00:00+0000\tfound\tcut/off.history\tcore:guard-v2\tmmu500\t4\t1\tcut o' >>kept/ledger
expect 1 "$soak" --program "$faultline" --subject core:guard-v2 --profile mmu500 --threads 4 --rounds 200 --slices 2 \
	--search-seconds 0 --seed 5 --out kept
[ "$(cut -f 2,4- kept/ledger | grep ^begin | sort | uniq -c | awk '{ print $1 }' | sort -u)" = 2 ] ||
	fail "seed 5 chose something else: $(cut -f 2,4- kept/ledger | grep ^begin)"
grep -q '^this run: *2 slices' out && grep -q '^in all: *4 slices' out || fail "the table does not go on: $(cat out)"
! grep -q "cut o" out || fail "a line that was cut off is believed: $(cat out)"
[ "$(grep -c "cut o$" kept/ledger)" = 1 ] || fail "a line that was cut off spoilt the next one: $(cat kept/ledger)"

# --- the bound: repeats go, the first history of each signature stays ---
# What a large core would take.
newest=$(find kept -mindepth 2 -maxdepth 2 -type d | sort | tail -n 1)
oldest=$(find kept -mindepth 2 -maxdepth 2 -type d | sort | head -n 1)
for folder in "$newest" "$oldest"; do
	head -c 2000000 /dev/zero >"$folder/core"
done
expect 1 "$soak" --program "$faultline" --subject core:guard-v2 --profile mmu500 --threads 4 --rounds 20 --slices 1 \
	--search-seconds 0 --keep-mib 1 --out kept
[ "$(du -sk kept | cut -f 1)" -le 1024 ] || fail "more than a MiB was kept: $(du -ak kept)"
[ "$(lines dropped)" -ge 1 ] || fail "what was dropped is not in the ledger"
while read -r path; do
	[ -s "$path" ] || fail "$path was dropped, and is the first of its signature"
done <paths

# --- clean slices leave lines, not folders ---
expect 0 "$soak" --program "$faultline" --subject core:reference --threads 2 --rounds 5 --slices 3 --out clean
grep -q '^nothing found$' out || fail "the table of a clean run: $(cat out)"
[ -z "$(find clean -mindepth 2 -maxdepth 2)" ] || fail "folders of clean slices stay: $(find clean)"
[ "$(cut -f 2,6 clean/ledger | grep -c "^end${tab}clean$")" = 3 ] || fail "the ledger: $(cat clean/ledger)"

# --- many threads, of which none ran before the first violation: there are histories nonetheless ---
expect 1 "$soak" --program "$faultline" --subject core:guard-v2 --profile mmu500-recorded --threads 16 --rounds 10 \
	--slices 1 --search-seconds 0 --out early

# --- a case of a new finding: this one shows at once ---
expect 1 "$soak" --program "$faultline" --subject core:guard-v2 --profile mmu500 --threads 4 --rounds 30 --slices 1 \
	--search-seconds 1 --seed 5 --out cases
cut -f 2,3 cases/ledger | sed -n "s/^case$tab/cases\//p" >found
[ -s found ] || fail "no case was found: $(cat cases/*/*/log)"
while read -r path; do
	expect 1 "$faultline" replay "$path"
done <found

# --- a faultline that dies ---
cat >dies <<END
#!/bin/sh
case "\$*" in
*/dev/null*) exec '$faultline' "\$@" ;;
stress*) echo "faultline: process 3 died with signal 11 in round 7 (seed 1)" >&2; kill -SEGV \$\$ ;;
esac
exec '$faultline' "\$@"
END
chmod +x dies
expect 3 "$soak" --program ./dies --subject core:reference --rounds 1 --slices 2 --out dead
grep -q '^soak: found: Faultline failed: a process died with signal 11' err || fail "its death was not told: $(cat err)"
grep -q '^soak: again: Faultline failed: a process died with signal 11' err || fail "two deaths are not one: $(cat err)"
grep -q '^this run: *2 slices, 0 interrupted, 2 failed' out || fail "the table: $(cat out)"
for folder in dead/*/*/; do
	find "$folder" -name 'core*' | grep -q . || grep -q 'soak: no core' "$folder/log" ||
		fail "$folder has neither a core nor a word about it"
done

# Killed before it could be told: the next run tells.
cat >cut-off <<END
#!/bin/sh
case "\$*" in
*/dev/null*) exec '$faultline' "\$@" ;;
stress*) echo "process 3 died with signal 11 in round 7 (seed 1)" >&2; exec sleep 1000 ;;
esac
exec '$faultline' "\$@"
END
chmod +x cut-off
"$soak" --program ./cut-off --subject core:reference --rounds 1 --slices 1 --out cut >out 2>err &
pid=$!
until grep -q "died with" cut/*/*/log 2>/dev/null; do
	kill -0 $pid || fail "soak ended by itself: $(cat err)"
	sleep 0.1
done
kill -KILL $pid
wait $pid 2>/dev/null || true
expect 3 "$soak" --program "$faultline" --subject core:reference --threads 2 --rounds 1 --slices 1 --out cut
grep -q "^soak: found: Faultline failed: a process died with signal 11, .*/log$" err || fail "the death was not told: $(cat err)"
grep -q '^this run: *2 slices, 1 interrupted, 0 failed; 1 rounds' out || fail "the table: $(cat out)"

sed -i 's/^stress.*/stress*) echo "found: x in y, but its history is lost: cannot write .\/x.history: disk full" >\&2; exit 3 ;;/' dies
expect 3 "$soak" --program ./dies --subject core:reference --rounds 1 --slices 1 --out lost
grep -q '^soak: found: Faultline failed: a history is lost: disk full, ' err || fail "the loss was not told: $(cat err)"

# --- refusals: one line, exit 2, no folder ---
soak_refused() {
	text=$1
	shift
	expect 2 "$soak" --program "$faultline" --out refused "$@"
	[ ! -s out ] && [ "$(wc -l <err)" = 1 ] && grep -qF -- "$text" err || fail "'soak $*' says '$(cat err)'"
	[ ! -e refused ] || fail "'soak $*' made a folder"
}
soak_refused "unknown subject 'core:referense'" --subject core:referense
soak_refused "profile mmu500-one-cpu has one CPU" --profile mmu500-one-cpu
soak_refused "unknown profile 'nope'" --profile mmu500 --profile nope
soak_refused "give a name without spaces" --subject 'core:reference core:legacy'
soak_refused "there is no such program" --program /no/such
soak_refused "this is no faultline" --program true

# --- two soaks in one folder ---
(
	flock 9
	expect 2 "$soak" --program "$faultline" --out clean --slices 1 --rounds 1
) 9>>clean/ledger
grep -qF "another soak writes to clean" err || fail "two soaks in one folder: $(cat err)"

# --- a signal ends it with its table ---
"$soak" --program "$faultline" --subject core:guard-v2 --threads 4 --seconds 100000 --slice 50000 --search-seconds 0 \
	--out ended >out 2>err &
pid=$!
until grep -q "^soak: found: " err; do
	kill -0 $pid || fail "soak ended by itself: $(cat err)"
	sleep 0.1
done
kill -TERM $pid
status=0
wait $pid || status=$?
[ $status = 1 ] || fail "a soak that was told to end ended with $status: $(cat err)"
grep -q '^this run: *1 slice, 0 interrupted, 0 failed; [1-9]' out || fail "its table: $(cat out)"
