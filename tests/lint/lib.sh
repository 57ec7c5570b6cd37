# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# What several checks share. Sourced in the top folder.

# need COMMAND PACKAGE
need() {
	command -v "$1" >/dev/null && return
	echo "$1 is not installed: apt-get install $2"
	exit 1
}

# headers: KDIR, or the newest that are installed
headers() {
	if [ ! -d "${KDIR:-}" ]; then
		KDIR=$(find /lib/modules/*/build -maxdepth 0 2>/dev/null |
			sort -V | tail -n 1)
	fi
	[ -d "$KDIR" ] && return
	echo 'no kernel headers: apt-get install linux-headers-amd64, or set KDIR'
	exit 1
}

# copy_module DIR: a fresh copy of what the module is made of
copy_module() {
	rm -rf "$1"
	mkdir -p "$1"
	cp -r Kbuild dkms.conf kmod uapi "$1/"
	find "$1" -name '*.o' -delete
}

# unpack DIR STRIP FILE...: files of Debian's kernel source, without the first
# STRIP parts of their paths; all or nothing
unpack() {
	dest=$1
	strip=$2
	shift 2
	tarball=/usr/src/linux-source-6.1.tar.xz
	[ -e "$tarball" ] || {
		echo "$tarball is missing: apt-get install linux-source-6.1"
		exit 1
	}
	rm -rf "$dest" "$dest.new"
	mkdir -p "$dest.new"
	tar -xJf "$tarball" -C "$dest.new" --strip-components="$strip" \
		--occurrence=1 "$@"
	mv "$dest.new" "$dest"
}

# same FILE FILE: what is loaded of two programs is equal to the byte, but for the
# number of the build, which is made of what debuggers read
same() {
	for object in "$1" "$2"; do
		objcopy --strip-debug --remove-section=.note.gnu.build-id \
			"$object" "$object.loaded"
	done
	cmp "$1.loaded" "$2.loaded" && return
	echo "$1 and $2 differ: something is said of the folder that they were built in"
	exit 1
}
