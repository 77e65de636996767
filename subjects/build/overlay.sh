# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# The overlay: a folder of links to the files of the user's tree, which is never written. What a build in
# that tree left behind is left out, for the kernel refuses to build elsewhere from a tree with products
# in it. Files that a patch changes are real copies.

# Names of build products, when the tree has no git to tell them.
PRODUCT_NAMES='\.(o|a|ko|s|i|d|lst|mod|order|symvers|dtb|dtbo|gcno|gcda|su|so|elf|dwo|ll|rsi|rmeta)$|\.(mod\.c|o\.[^/]*|so\.dbg|lex\.c|tab\.[ch]|asn1\.[ch]|dtb\.S)$|(^|/)\.[^/]*\.(cmd|d)$|~$|\.orig$|\.rej$'
PRODUCT_PATHS='^(\.config(\.old)?|vmlinux.*|linux|System\.map|Module\.symvers|modules\..*|\.tmp_.*|\.version|\.missing-syscalls\.d)$|^include/(generated|config)/|^arch/[^/]*/include/generated/|^scripts/(mod/(elfconfig\.h|devicetable-offsets\.h)|kconfig/\.[^/]*)$'

# What the build of a few objects reads, of a tree of 90 thousand files: all of Kconfig and make, the
# headers, and the folders of the objects. If that is not enough for a tree, the build is tried again with
# the whole of it (WHOLE=1).
NEEDED_NAMES='Kconfig* Makefile* Kbuild* Build'
NEEDED_FOLDERS='arch/um arch/x86 include scripts kernel lib init drivers/iommu drivers/base drivers/firmware/qcom
	tools/include tools/scripts tools/build tools/objtool tools/lib/subcmd usr/include'
WHOLE=0

# The same as a regular expression for paths; files of the top folder are in.
needed_pattern() {
	if [ "$WHOLE" = 1 ]; then
		echo .
		return
	fi
	# shellcheck disable=SC2086
	printf '^[^/]*$|(^|/)(%s)$|^(%s)/' "$(printf '%s|' ${NEEDED_NAMES//\*/[^/]*} | sed 's/|$//')" \
		"$(echo $NEEDED_FOLDERS | tr ' ' '|')"
}

# unpack TARBALL FOLDER: the same of a package's tarball
unpack() {
	local tarball=$1 folder=$2 top patterns=() name
	rm -rf "$folder.new"
	mkdir -p "$folder.new"
	if [ "$WHOLE" = 0 ]; then
		top=$(tar -tf "$tarball" 2>/dev/null | head -n1 | cut -d/ -f1) || true
		set -f
		for name in $NEEDED_FOLDERS; do
			patterns+=("$top/$name")
		done
		for name in $NEEDED_NAMES; do
			patterns+=("$top/*/$name" "$top/$name")
		done
		set +f
	fi
	# A folder that this version does not have is no error.
	tar -xf "$tarball" -C "$folder.new" --strip-components=1 --wildcards "${patterns[@]}" 2>"$CACHE/unpack.log" ||
		grep -q 'Not found in archive' "$CACHE/unpack.log" || die "$tarball cannot be unpacked: $(tail -n1 "$CACHE/unpack.log")"
	[ -e "$folder.new/Makefile" ] || die "$tarball is no Linux tree"
	rm -rf "$folder"
	mv "$folder.new" "$folder"
}

list_sources() {
	local tree=$1
	if [ -e "$tree/.git" ] && command -v git >/dev/null &&
		git -C "$tree" rev-parse --is-inside-work-tree >/dev/null 2>&1; then
		git -C "$tree" ls-files -z --cached --others --exclude-standard | tr '\0' '\n'
	else
		(cd "$tree" && find . -name .git -prune -o \( -type f -o -type l \) -printf '%P\n') |
			grep -Ev "$PRODUCT_NAMES" | grep -Ev "$PRODUCT_PATHS"
	fi
}

# make_overlay TREE FOLDER: links in FOLDER, made beside and renamed.
make_overlay() {
	local tree=$1 overlay=$2
	rm -rf "$overlay.new"
	mkdir -p "$overlay.new"
	list_sources "$tree" | grep -E "$(needed_pattern)" | perl -e '
		my ($tree, $overlay) = @ARGV;
		my %made;
		while (my $path = <STDIN>) {
			chomp $path;
			my $folder = "";
			for my $part (split m{/}, $path =~ s{/?[^/]*$}{}r) {
				$folder .= "/$part";
				mkdir "$overlay$folder" unless $made{$folder}++;
			}
			my $from = "$tree/$path";
			next unless -e $from;		# deleted, and not committed yet
			# Host programs that a build left: the new build would take them for its own.
			if ($path =~ m{^(scripts|tools|usr|arch)/} && $path !~ m{\.[^/.]*$} && open my $f, "<", $from) {
				read $f, my $magic, 4;
				next if $magic eq "\x7fELF";
			}
			symlink $from, "$overlay/$path" or die "$path: $!\n";
		}' "$tree" "$overlay.new" || die "cannot make the overlay of $tree in $overlay"
	rm -rf "$overlay"
	mv "$overlay.new" "$overlay"
}

# Make FILE of the overlay a copy that may be changed.
own_file() {
	local overlay=$1 file=$2
	[ -L "$overlay/$file" ] || return 0
	cp --remove-destination --preserve=mode "$(readlink -f "$overlay/$file")" "$overlay/$file"
}

# apply_diff OVERLAY DIFF TITLE
apply_diff() {
	local overlay=$1 diff=$2 title=$3 file
	sed -n 's#^\(---\|+++\) [^/]*/\([^[:space:]]*\).*#\2#p' "$diff" | sort -u | while read -r file; do
		own_file "$overlay" "$file"
	done
	patch -d "$overlay" -p1 -N -s -f --no-backup-if-mismatch <"$diff" >"$diff.log" 2>&1 ||
		die "the patch does not apply: $title: $(grep -m1 -E 'FAILED|find file|malformed|saving' "$diff.log" || tail -n1 "$diff.log")"
}

# apply_patch OVERLAY MBOX SCRATCH: a diff, or a mailbox with a series, in order.
apply_patch() {
	local overlay=$1 mbox=$2 scratch=$3 mail
	rm -rf "$scratch"
	mkdir -p "$scratch"
	if ! grep -q '^From ' "$mbox"; then
		grep -q '^+++ ' "$mbox" || die "$mbox holds no patch"
		cp "$mbox" "$scratch/diff"
		apply_diff "$overlay" "$scratch/diff" "$(basename "$mbox")"
		return
	fi
	need git git
	git mailsplit -o"$scratch" "$mbox" >/dev/null || die "$mbox is not a mailbox"
	for mail in "$scratch"/[0-9]*; do
		git mailinfo "$mail.message" "$mail.diff" <"$mail" >"$mail.info" 2>/dev/null ||
			die "$mbox: mail $(basename "$mail") cannot be read"
		grep -q '^+++ ' "$mail.diff" || continue # a cover letter
		apply_diff "$overlay" "$mail.diff" "$(sed -n 's/^Subject: //p' "$mail.info")"
	done
}
