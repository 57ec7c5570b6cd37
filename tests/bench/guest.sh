#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The guest's side of the bench; busybox's shell runs it as the first process.
#
#	msd0 (generator and sink) ---- veth ---- msd1 (what is measured)
#
# /bench/settings sets FRAMES (per row), RESPONDER (whose rows) and SYMBOLS
# (yes: write the symbol table to the second serial port). Prints a line
# "ROW responder kind RESULT" for each row and "END" after the last.

export PATH=/bin
mount -t proc none /proc
mount -t sysfs none /sys
mount -t devtmpfs none /dev
. /bench/settings

OWN=192.0.2.129
CLIENTS=198.51.100.0/24
GATEWAY=192.0.2.1
MAC0=02:00:00:00:00:01
MAC1=02:00:00:00:00:02
STRANGER=02:00:00:00:00:03
KEY=000102030405060708090a0b0c0d0e0f

die()
{
	echo "FAIL $*"
	poweroff -f
}

# must COMMAND...: run it, give up when it fails.
must()
{
	"$@" || die "$*"
}

# A row: one short job to fill caches, then the one that is counted.
row()
{
	responder=$1 kind=$2 dmac=$3 more=$4
	job="dev=msd0 dmac=$dmac kind=$kind $more"

	echo "$job n=1000" > /proc/msd_gen &&
		echo "$job n=$FRAMES mark=1" > /proc/msd_gen ||
		echo "MISSING $responder $kind"
	echo "ROW $responder $kind $(cat /proc/msd_gen)"
}

# Start a program of the bench and wait until it says that it is ready.
start()
{
	rm -f /ready
	mkfifo /ready
	"$@" > /ready &
	pid=$!
	read -r line < /ready
	[ "$line" = ready ] || die "$*"
}

stop()
{
	kill $pid
	wait $pid 2> /dev/null
}

veth()
{
	# busybox's ip cannot name the peer; it becomes veth0.
	must ip link add msd0 type veth
	must ip link set veth0 name msd1
	for dev in msd0 msd1; do
		echo 1 > /proc/sys/net/ipv6/conf/$dev/disable_ipv6
		echo 0 > /proc/sys/net/ipv4/conf/$dev/rp_filter
	done
	must ip link set msd0 address $MAC0 up
	must ip link set msd1 address $MAC1 up
}

floor()
{
	must insmod /bench/msd_floor.ko device=msd1
	for kind in arp echo syn http stun; do
		row floor $kind $MAC1 replies=0
	done
	must rmmod msd_floor
}

# The route is there so that replies to the clients cost no ARP.
host_up()
{
	must ip addr add $OWN/24 dev msd1
	must ip route add $CLIENTS via $GATEWAY dev msd1
	must arp -i msd1 -s $GATEWAY $MAC0
}

host_down()
{
	must arp -i msd1 -d $GATEWAY
	must ip addr flush dev msd1
}

kernel()
{
	host_up
	row kernel arp $MAC1
	row kernel echo $MAC1
	host_down
}

syncookies()
{
	host_up
	echo 2 > /proc/sys/net/ipv4/tcp_syncookies
	start /bench/listener 80
	row syncookies syn $MAC1
	stop
	host_down
}

# A destination that is not the device's own keeps the host's stack silent.
afpacket()
{
	start /bench/afpacket msd1 "$1"
	for kind in arp echo syn; do
		row "afpacket-$1" $kind $STRANGER
	done
	stop
}

ours()
{
	responder=$1
	shift
	must msdctl attach msd1 key $KEY "$@"
	for kind in arp echo syn http stun; do
		row "$responder" $kind $MAC1
	done
	row "$responder" payload $MAC1 replies=0
	must msdctl detach msd1
}

# All responders off but these.
ours_three()
{
	off=
	for name in $(msdctl proto list | awk 'NR > 1 { print $1 }'); do
		case $name in
		http|ssh|stun) ;;
		*) off="$off proto $name off" ;;
		esac
	done
	# shellcheck disable=SC2086 # a list of words
	must msdctl attach msd1 key $KEY address $OWN $off
	row ours-three payload $MAC1 replies=0
	must msdctl detach msd1
}

symbols()
{
	must stty -F /dev/ttyS1 raw
	grep -i ' [tw] ' /proc/kallsyms > /dev/ttyS1
	echo END > /dev/ttyS1
}

must insmod /bench/veth.ko
must insmod /bench/msd_gen.ko
case $RESPONDER in
ours-notrace) must insmod /bench/notrace.ko ;;
ours*) must insmod /bench/kmasscanned.ko ;;
esac
veth
case $RESPONDER in
ours) ours ours address $OWN ;;
ours-notrace) ours ours-notrace address $OWN ;;
ours-20000) ours ours-20000 address-file /bench/ranges ;;
ours-three) ours_three ;;
afpacket-select) afpacket select ;;
afpacket-plain) afpacket plain ;;
*) $RESPONDER ;;
esac
[ "$SYMBOLS" != yes ] || symbols
echo END
poweroff -f
