#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
#
# The guest's side of faults: the operations, or only those named, and the frames.
set -u

only=$*
# shellcheck source=faults-points.sh
. /lab/faults-points.sh
V0="v0 address 198.51.100.128/25 2001:db8:1::8000/113"

detach()
{
	msdctl detach v0 >/dev/null
}

# shellcheck disable=SC2086 # a list of words
attach()
{
	msdctl attach $V0 >/dev/null
}

again()
{
	detach
	attach
}

# As it is before a load: v0 attached, v2 not.
unload_two()
{
	again
	msdctl detach v2
}

unload()
{
	rmmod kmasscanned
}

# A frame now and then, so that a capture of one comes to an end. Making the
# tracing instance is not counted: thousands of files, all of them the tracer's.
points_capture()
{
	wanted capture || return 0
	(while :; do
		ip netns exec peer /lab/frames v1 1 </lab/arp.frames
		sleep 0.2
	done) >/dev/null &
	client=$!
	points capture true msdctl capture /tmp/captured v0 --count 1 --buffer 8
	kill $client
	wait $client
}

# shellcheck disable=SC2086 # lists of words
operations()
{
	unload
	both insmod unload /lab/loadko /lab/kmasscanned.ko
	insmod /lab/kmasscanned.ko
	both attach detach msdctl attach $V0 deny-file /tmp/deny
	points attach-ingress detach msdctl attach $V0 mac 02:00:00:00:00:77 via ingress
	attach
	both set again msdctl set v0 mac 02:00:00:00:00:78 address-file /tmp/own \
		deny-file /tmp/deny ssh-banner SSH-2.0-x proto http off
	points show true msdctl -j show
	points show-addresses true msdctl -j show v0 addresses
	points dump true msdctl dump
	points stats true msdctl -j -a stats v0
	points stats-reset true msdctl stats --reset
	points proto-list true msdctl -j proto list
	points version true msdctl version
	points_capture
	both load unload_two msdctl load /tmp/two.json
	points detach attach msdctl detach v0
}

# ---- frames ----

# counters: frames answered, dropped for want of memory, all; and what came back
counters()
{
	msdctl -a stats v0 | awk '
		$1 ~ /^(answer|drop|pass)-/ { all += $2 }
		$1 ~ /^answer-/ { answered += $2 }
		$1 == "drop-memory" { memory += $2 }
		END { printf "%d %d %d ", answered, memory, all }'
	ip netns exec peer cat /sys/class/net/v1/statistics/rx_packets
}

# Every second allocation that may not wait fails, in softirq as well.
fail_atomic()
{
	for attr in "$FAULT"/failslab "$FAULT"/fail_page_alloc; do
		echo Y >"$attr/ignore-gfp-wait"
		echo N >"$attr/task-filter"
		echo 0 >"$attr/space"
		echo -1 >"$attr/times"
		echo "$1" >"$attr/probability"
	done
}

# frames NAME FILE TIMES
frames()
{
	# shellcheck disable=SC2046 # four numbers
	set -- "$1" "$2" "$3" $(counters)
	fail_atomic 50
	sent=$(ip netns exec peer /lab/frames v1 "$3" <"$2")
	fail_atomic 0
	# shellcheck disable=SC2046
	set -- "$@" $(counters)
	echo "FRAMES $1 $sent $(($8 - $4)) $(($9 - $5)) $((${10} - $6)) $((${11} - $7))"
}

# frames_by_kind NAME TIMES: a run for each kind. Memory comes in pages of many
# replies, and a quarter of those fail: of a thousand frames some three.
frames_by_kind()
{
	for file in /lab/*.frames; do
		kind=${file##*/}
		frames "$1-${kind%.frames}" "$file" "$2"
	done
}

frame_path()
{
	echo 0 >"$PROBE/enable"
	echo 0 >"$FAULT/fail_page_alloc/min-order"
	again
	# Alone, a small reply is written over its request; when somebody holds that,
	# and for what does not fit, there has to be new memory.
	frames_by_kind alone 1000
	mkfifo /tmp/hold
	/lab/frames v0 0 </tmp/hold >/dev/null &
	exec 9>/tmp/hold
	until grep -q ' 3 *0003 ' /proc/net/packet; do
		sleep 0.1
	done
	frames_by_kind held 4000
	exec 9>&-
	wait
}

settings
probe
ip netns add peer
ip link add v0 address 02:00:00:00:00:10 type veth peer name v1 netns peer
ip link add v2 address 02:00:00:00:00:20 type veth peer name v3 netns peer
for dev in v0 v2; do
	echo 1 >/proc/sys/net/ipv6/conf/$dev/disable_ipv6
	ip link set $dev up
done
ip netns exec peer sh -c 'echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6'
ip -n peer link set v1 up
seq 0 2 2000 | awk '{ printf "2001:db8:1::%x\n", $1 }' >/tmp/own
seq 0 2 2000 | awk '{ printf "2001:db8:2::%x\n", $1 }' >/tmp/deny
cat >/tmp/two.json <<EOF
{ "interfaces": { "v0": { "own": ["198.51.100.0/25"], "proto": { "dns": false } },
                  "v2": { "own": ["2001:db8:2::/64"], "via": "ingress" } } }
EOF
operations
! wanted frames || frame_path
msdctl detach v0
ip link del v0
ip link del v2
ip netns del peer
rmmod kmasscanned
unprobe
echo END
