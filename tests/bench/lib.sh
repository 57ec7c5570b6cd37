# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# What run and flows share: a small initramfs. Sourced; $out is a directory.

: "${out:?}"

die()
{
	echo "bench: $*" >&2
	exit 1
}

need()
{
	for tool in "$@"; do
		command -v "$tool" > /dev/null || die "$tool is missing"
	done
}

# root_begin INIT: a fresh root with busybox and INIT as the first process.
root_begin()
{
	root=$out/root
	rm -rf "$root"
	mkdir -p "$root/bin" "$root/bench" "$root/proc" "$root/sys" "$root/dev"
	cp "$(command -v busybox)" "$root/bin/busybox"
	for applet in $("$root/bin/busybox" --list); do
		[ "$applet" = busybox ] || ln -s busybox "$root/bin/$applet"
	done
	cp "$1" "$root/init"
}

# root_program FILE: copy a program and the libraries it needs.
root_program()
{
	cp "$1" "$root/bin/"
	for lib in $(ldd "$1" | grep -o '/[^ ]*'); do
		mkdir -p "$root$(dirname "$lib")"
		cp -L "$lib" "$root$lib"
	done
}

root_end()
{
	(cd "$root" && find . | cpio -o -H newc --quiet | gzip -1) \
		> "$out/initrd.gz"
}

# guest_log CONSOLE LOG: the lines of it; die unless the guest finished well.
guest_log()
{
	tr -d '\r' < "$1" > "$2"
	if grep -E 'WARNING:|BUG:|Oops|Call Trace|^FAIL' "$2" >&2; then
		die "the guest complained; see $1"
	fi
	if ! grep -qx END "$2"; then
		tail -n 20 "$2" >&2
		die "the guest did not finish; see $1"
	fi
}
