# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What the tests of this folder share; sourced, with $here set to it. Each boots
# a lab of its own, LAB=$lab_name unless LAB is set.

top=$(readlink -f "$here/../..")
lab=$top/tests/lab/lab
export LAB=${LAB:-${lab_name:?}}
tmp=$(mktemp -d)
passed=0 failed=0
trap 'debug_end' EXIT
trap 'exit 130' INT TERM HUP

debug_end()
{
	[ ! -d "/run/msd-lab-$LAB" ] || "$lab" down 2>/dev/null || true
	rm -rf "$tmp"
}

# t NAME FUNCTION [ARGUMENT]...: one test; what it printed is shown if it fails.
t()
{
	local name=$1
	shift
	if "$@" >"$tmp/log" 2>&1; then
		passed=$((passed + 1))
		echo "ok $((passed + failed)) - $name"
	else
		failed=$((failed + 1))
		echo "not ok $((passed + failed)) - $name"
		head -n 60 "$tmp/log" | tr -d '\0\r' | sed 's/^/# /'
	fi
}

# relay COMMAND...: show its output without its sum, and add that to ours.
relay()
{
	local p f line
	"$@" 2>&1 | tee "$tmp/relay" | grep --line-buffered -vE '^[0-9]+ passed, [0-9]+ failed$'
	line=$(grep -E '^[0-9]+ passed, [0-9]+ failed$' "$tmp/relay" | tail -n 1)
	if [ -z "$line" ]; then
		failed=$((failed + 1))
		echo "not ok - $* came to no end"
		return
	fi
	read -r p _ f _ <<<"$line"
	passed=$((passed + p))
	failed=$((failed + f))
}

# The last line, and the exit status.
summary()
{
	echo "$passed passed, $failed failed"
	[ "$failed" -eq 0 ]
}

# What the boot itself has lost is none of ours.
forget_leaks()
{
	"$lab" exec sh -c 'echo clear >/sys/kernel/debug/kmemleak' </dev/null
}

# no_leak: two scans find no object that nothing points to. An object has to be
# five seconds old to count.
no_leak()
{
	local report
	# the status of exec is that of the lab: the second scan is a complaint
	report=$("$lab" exec sh -c 'cd /sys/kernel/debug && sleep 6 && echo scan >kmemleak &&
		sleep 6 && echo scan >kmemleak && cat kmemleak && echo scanned' </dev/null) ||
		return 1
	[ "$report" = scanned ] || {
		echo "$report"
		return 1
	}
}

# The console has no complaint; the lab goes down.
clean_console()
{
	"$lab" down
}
