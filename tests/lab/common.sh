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

# Shared libraries a program names, as paths; nothing for a static one.
libraries()
{
	ldd "$@" 2>/dev/null | sed -n 's|.*[[:space:]]\(/[^ ]*\) (0x.*|\1|p' | sort -u
}

# copy_with_libraries ROOT FILE...: to the same paths below ROOT.
copy_with_libraries()
{
	local root=$1 f
	shift
	{
		printf '%s\n' "$@"
		libraries "$@"
	} | while read -r f; do
		[ -e "$root$f" ] || install -D "$f" "$root$f"
	done
}
