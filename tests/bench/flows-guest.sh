#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The guest's side of flows: attach, settle, run FLOWS flows (set in
# /bench/settings) and print a line "MEMORY when key=kB ..." before and after.

export PATH=/bin
mount -t proc none /proc
mount -t sysfs none /sys
mount -t devtmpfs none /dev
. /bench/settings

OWN=192.0.2.129
MAC1=02:00:00:00:00:02
SETTLE=200000

must()
{
	"$@" && return
	echo "FAIL $*"
	poweroff -f
}

flows()
{
	if echo "dev=msd0 dmac=$MAC1 kind=flow n=$1" > /proc/msd_gen; then
		echo "FLOWS $1 $(cat /proc/msd_gen)"
	else
		echo "MISSING $1 $(cat /proc/msd_gen)"
		return 1
	fi
}

memory()
{
	sync
	echo 3 > /proc/sys/vm/drop_caches
	sleep 1
	echo "MEMORY $1 $(awk '
		$1 ~ /^(MemFree|Slab|VmallocUsed|Percpu):$/ {
			printf "%s=%d ", substr($1, 1, length($1) - 1), $2
		}' /proc/meminfo)module=$(awk '
		$1 == "kmasscanned" { print int($2 / 1024) }' /proc/modules)"
}

must insmod /bench/veth.ko
must insmod /bench/msd_gen.ko
must insmod /bench/kmasscanned.ko
must ip link add msd0 type veth
must ip link set veth0 name msd1
echo 1 > /proc/sys/net/ipv6/conf/msd0/disable_ipv6
echo 1 > /proc/sys/net/ipv6/conf/msd1/disable_ipv6
must ip link set msd0 up
must ip link set msd1 address $MAC1 up
must msdctl attach msd1 address $OWN
must flows $SETTLE
memory before
must flows "$FLOWS"
memory after
msdctl stats msd1
echo END
poweroff -f
