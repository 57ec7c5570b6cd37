#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# usage: tests/deps.sh GROUP...
#
#   build   to build the module and msdctl
#   lab     to boot the VM lab, and the clients that run against it
#   demo    both
#   clients the lab, and a client of each protocol
#   check   what "make check" and the other tests need, build and lab included
#   kernel  to build the test kernels of tests/kernel
#   matrix  that, and compilers for the machines of tests/kernel/matrix
#
# Installs with apt what is missing on this Debian 12 machine, after saying what
# and why; says nothing when all is there. No kernel is installed.
set -eu

build='gcc libc6-dev make kmod pkg-config libmnl-dev libjson-c-dev libtracefs-dev
	libtraceevent-dev linux-headers-cloud-amd64'
lab='qemu-system-x86 busybox-static cpio dash iproute2 ethtool tcpdump iptables
	nftables procps linux-headers-amd64 arping iputils-ping ndisc6 curl
	openssh-client netcat-openbsd nmap masscan stun-client python3-scapy xz-utils'
clients='bind9-dnsutils bind9-host smbclient redis-tools postgresql-client
	mosquitto-clients openssl snmp ntpsec-ntpdate sipsak adb libmemcached-tools
	libtirpc3 python3-pytest python3-pymongo tshark jq arp-scan systemd rsyslog prometheus-node-exporter trace-cmd linux-perf'
check='git g++ sparse clang-14 libclang-rt-14-dev llvm-14 linux-source-6.1 xz-utils
	codespell shellcheck python3 python3-yaml python3-jsonschema
	python3-prometheus-client man-db bash-completion
	gcc-s390x-linux-gnu libc6-dev-s390x-cross gcc-i686-linux-gnu libc6-dev-i386-cross
	qemu-user coccinelle cppcheck clang-tidy-14 valgrind'
matrix='gcc-aarch64-linux-gnu libc6-dev-arm64-cross gcc-arm-linux-gnueabihf libc6-dev-armhf-cross
	gcc-i686-linux-gnu libc6-dev-i386-cross'
kernel='bc bison flex libelf-dev libssl-dev linux-source-6.1 xz-utils'

fail()
{
	echo "deps: $*" >&2
	exit 1
}

usage()
{
	sed -n '/^# usage/,/^# *matrix/s/^# \{0,1\}//p' "$0" >&2
	exit 2
}

packages()
{
	case $1 in
	build) echo "$build" ;;
	lab) echo "$lab" ;;
	demo) echo "$build $lab" ;;
	clients) echo "$lab $clients" ;;
	check) echo "$build $lab $clients $check $kernel" ;;
	kernel) echo "$build $kernel" ;;
	matrix) echo "$build $kernel $matrix" ;;
	*) return 1 ;;
	esac
}

missing()
{
	for p; do
		dpkg-query -W -f '${Status}' "$p" 2>/dev/null | grep -q 'ok installed' ||
			echo "$p"
	done
}

apt()
{
	DEBIAN_FRONTEND=noninteractive apt-get -qq -o Acquire::Retries=3 \
		-o DPkg::Lock::Timeout=300 "$@"
}

borrow()
{
	"${0%/*}/functional/borrow" --fetch "$1" "$2" >/dev/null ||
		fail "apt-get cannot fetch $1, which has $2; its reason is above"
}

[ $# -gt 0 ] || usage
wanted=
for group; do
	wanted="$wanted $(packages "$group")" || usage
done
. /etc/os-release
[ "${ID:-}${VERSION_ID:-}" = debian12 ] ||
	fail "this knows the packages of Debian 12, and this is ${PRETTY_NAME:-something else}"
# shellcheck disable=SC2086 # lists of words
todo=$(missing $wanted | sort -u | tr '\n' ' ')
if [ -n "$todo" ]; then
	echo "deps: installing for $*: $todo"
	[ "$(id -u)" = 0 ] || fail "only root can install packages"
	apt update || fail "apt-get update has failed: no network, or no package source?"
	# shellcheck disable=SC2086
	apt install -y --no-install-recommends $todo >/dev/null ||
		fail "apt-get cannot install these packages; its reason is above"
fi
case " $wanted " in
*[[:space:]]libtirpc3[[:space:]]*)
	borrow rpcbind rpcinfo
	;;
esac
case " $wanted " in
*[[:space:]]python3-prometheus-client[[:space:]]*)
	borrow prometheus promtool
	;;
esac
