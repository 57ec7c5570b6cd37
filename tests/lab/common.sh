# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What the lab's scripts share; sourced, with $here set to tests/lab.

say()
{
	echo "lab: $*" >&2
}

# Sentence to standard error, exit status 125: the lab failed, not the command in it.
fail()
{
	say "$@"
	exit 125
}

# Shared libraries that programs name, as paths; nothing for any other file.
libraries()
{
	{ ldd "$@" 2>/dev/null || true; } | sed -n 's|.*[[:space:]]\(/[^ ]*\) (0x.*|\1|p' | sort -u
}

# copy_to ROOT FILE...: below ROOT, at the path without symbolic links in its
# directory part, for /lib and the like are links in the guest as well.
copy_to()
{
	local root=$1 f path
	shift
	for f; do
		path=$root$(readlink -f "${f%/*}")/${f##*/}
		[ -e "$path" ] || install -D "$f" "$path"
	done
}

# copy_libraries ROOT PROGRAM...
copy_libraries()
{
	local root=$1 list
	shift
	mapfile -t list < <(libraries "$@")
	copy_to "$root" "${list[@]}"
}
