# SPDX-License-Identifier: GPL-2.0-or-later
# Completion for bash: commands, options, and the names that the program itself lists.
_faultline_names() {
	"$1" "$2" 2>/dev/null | awk '/^[a-z]/ { print $1 }'
}

_faultline() {
	local program=${COMP_WORDS[0]} word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
	local words=

	# bash splits words at colons, which names of subjects have.
	if declare -F _get_comp_words_by_ref >/dev/null; then
		local cur prev
		_get_comp_words_by_ref -n : cur prev
		word=$cur before=$prev
	fi
	case $before in
	--subject | --against) words=$(_faultline_names "$program" subjects) ;;
	--profile) words=$(_faultline_names "$program" profiles) ;;
	--scenario) words=$(_faultline_names "$program" scenarios) ;;
	--invariants) words=$(_faultline_names "$program" invariants) ;;
	--strategy) words="portfolio random pct pos rf dfs por" ;;
	--stressors) words=$("$program" stress --stressors list 2>/dev/null | awk '/^[a-z]/ { print $1 }') ;;
	--from) COMPREPLY=($(compgen -f -X '!*.history' -- "$word") $(compgen -d -- "$word")); return ;;
	--fail-on) words="any new none" ;;
	--granularity) words="call memory" ;;
	--engine) words="libfuzzer afl libfuzzer,afl" ;;
	--sanitizer) words="address undefined memory" ;;
	fuzz) words=$("$program" fuzz --help 2>/dev/null | grep -o '[a-z_]*_fuzzer' | sort -u) ;;
	--out | --seeds | --linux) COMPREPLY=($(compgen -d -- "$word")); return ;;
	*)
		if [ "$COMP_CWORD" = 1 ]; then
			words=$("$program" --help 2>/dev/null | awk '/^  [a-z]/ { print $1 }')
		elif [[ $word == -* ]]; then
			words=$("$program" "${COMP_WORDS[1]}" --help 2>/dev/null | grep -o -- '--[a-z-]*')
		else
			COMPREPLY=($(compgen -f -- "$word"))
			return
		fi
		;;
	esac
	COMPREPLY=($(compgen -W "$words" -- "$word"))
	if declare -F __ltrim_colon_completions >/dev/null; then
		__ltrim_colon_completions "$word"
	fi
}
complete -F _faultline faultline
