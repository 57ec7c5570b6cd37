# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
#
# Fail each allocation of an operation once; sourced by faults-guest.sh, which sets
# $only. Slab objects (number sN) and pages (pN) are counted apart: when a slab
# needs a new page is chance, and would shift the numbers.
#
# For each point one line
#
#   POINT operation number outcome
#
# with as outcome
#
#   refused  a sentence, and everything is as it was
#   without  the kernel has done without; the operation has its full effect
#   unknown  no memory for the answer, and the sentence says that; all or nothing
#   WRONG    anything else; the next line says what
#
# then a trace, for origin.awk: the stack of each allocation of an undisturbed run
# (RECORD), and of each that failed (POINT). Lines with "operation-pages", and a
# budget instead of the number, are of runs in which no page is to be had from
# some point on.
#
# The emulated machine starts few programs a second: the shell does what it can.
FAULT=/sys/kernel/debug
TRACE=/sys/kernel/tracing
PROBE=$TRACE/events/kprobes/fault
UNKNOWN='no answer from the kernel: what was asked may have been done'
TIMES=1000000

settings()
{
	for attr in "$FAULT"/failslab "$FAULT"/fail_page_alloc; do
		echo N >"$attr/ignore-gfp-wait"
		echo 0 >"$attr/verbose"
		echo 1 >"$attr/interval"
	done
	# the caches of the checkers have no such mark, by the command line
	echo Y >"$FAULT/failslab/cache-filter"
	echo N >"$FAULT/fail_page_alloc/ignore-gfp-highmem"
	echo Y >"$FAULT/fail_page_alloc/task-filter"
}

# A return probe tells who asks; it prints nothing on the console.
probe()
{
	echo "r:fault should_fail_ex failed=\$retval:u8" >"$TRACE/kprobe_events"
	echo 1 >"$TRACE/options/sym-offset"
	trace_failed
	echo 1 >"$PROBE/enable"
}

unprobe()
{
	echo 0 >"$PROBE/enable"
	echo '!stacktrace' >"$PROBE/trigger"
	echo >"$TRACE/kprobe_events"
}

trace_failed()
{
	echo 'failed != 0' >"$PROBE/filter"
	echo 'stacktrace if failed != 0' >"$PROBE/trigger"
}

trace_all()
{
	echo '!stacktrace' >"$PROBE/trigger"
	echo 0 >"$PROBE/filter"
	echo stacktrace >"$PROBE/trigger"
}

count_slab()
{
	kind=s
	echo N >"$FAULT/failslab/ignore-gfp-wait"
	echo 99 >"$FAULT/fail_page_alloc/min-order"
}

count_pages()
{
	kind=p
	echo Y >"$FAULT/failslab/ignore-gfp-wait"
	echo 0 >"$FAULT/fail_page_alloc/min-order"
}

# What an operation may change but for the configurations, as text.
devices()
{
	for dev in v0 v2; do
		read -r line <"/sys/class/net/$dev/flags"
		echo "$line"
	done
	while read -r line; do
		echo "$line"
	done </proc/net/dev_mcast
	echo "$TRACE"/instances/*
}

# The rest of it, which only programs print.
filters()
{
	ip -d link show
	bridge fdb show
}

loaded()
{
	[ -e /sys/module/kmasscanned ]
}

# With what grows at each change, which tells that there was none.
state()
{
	! loaded || msdctl -j show
	devices
}

# With all that is configured.
effect()
{
	! loaded || msdctl dump
	devices
}

# ---- points ----

wanted()
{
	case " ${only:-$1} " in *" $1 "*) ;; *) return 1 ;; esac
}

undo()
{
	$undo
	before=
}

# A sentence, with -j as an object.
has_words()
{
	[ -s /tmp/err ] || grep -q '^{ "error": "..*" }$' /tmp/out
}

# settle STATUS BEFORE: set $outcome, and $why if it is WRONG.
settle()
{
	outcome=WRONG why=
	if [ "$1" -eq 0 ]; then
		done_without
	elif ! has_words; then
		why='refused without a word'
	elif read -r line </tmp/err && [ "${line#*"$UNKNOWN"}" != "$line" ]; then
		all_or_nothing "$2"
	elif [ "$(state)" != "$2" ]; then
		why='refused, but something has changed'
	else
		outcome=refused
	fi
}

same_output()
{
	if [ -s /tmp/goal ]; then
		cmp -s /tmp/out /tmp/goal
	else
		! [ -s /tmp/out ]
	fi
}

done_without()
{
	if [ "$(effect)" != "$goal" ] || ! same_output; then
		why='done, but not as without a fault'
	else
		outcome=without
	fi
	undo
}

all_or_nothing()
{
	if [ "$(state)" = "$1" ]; then
		outcome=unknown
	elif [ "$(effect)" = "$goal" ]; then
		outcome=unknown
		undo
	else
		why='no answer, and neither done nor left alone'
	fi
}

tell()
{
	echo "POINT $1 $2 $outcome"
	[ "$outcome" != WRONG ] || {
		echo "  $why"
		head -n 3 /tmp/err
	}
}

# once COMMAND...: run it, the failure is set up. Tells the point, unless all
# was past the last allocation; false then.
once()
{
	: "${before:=$(state)}"
	LD_PRELOAD=/lab/failnth.so "$@" >/tmp/out 2>/tmp/err
	status=$?
	"$failed" || {
		[ $status -eq 0 ] || echo "WRONG $name: it fails without a fault"
		undo
		return 1
	}
	settle $status "$before"
}

nth_failed()
{
	read -r left </tmp/left
	[ "$left" = 0 ]
}

pages_failed()
{
	read -r left <"$FAULT/fail_page_alloc/times"
	[ "$left" != $TIMES ]
}

# start NAME UNDO COMMAND...: once without a fault
start()
{
	name=$1 undo=$2 n=0
	shift 2
	idle=$(filters)
	"$@" >/tmp/goal 2>/tmp/err || echo "WRONG $name: it fails without a fault"
	goal=$(effect)
	undo
}

finish()
{
	[ "$(filters)" = "$idle" ] || echo "WRONG $1: filters of a device are left"
	echo "END $1"
}

# record COMMAND...: which allocations are there?
record()
{
	echo >"$TRACE/trace"
	trace_all
	echo "RECORD $name $kind" >"$TRACE/trace_marker"
	FAILNTH=$TIMES FAILNTH_MARK=$TRACE/trace_marker FAILNTH_LEFT=/tmp/left \
		LD_PRELOAD=/lab/failnth.so "$@" >/dev/null 2>&1
	echo '!stacktrace' >"$PROBE/trigger"
	trace_failed
	undo
}

# Of the allocations recorded, but those of checkers and for files.
numbers()
{
	awk -v list=all -f /lab/origin.awk "$TRACE/trace"
}

# Of those of the module that did not fail yet: allocations by chance before them,
# as vmalloc() and radix trees make for their next use, shift the numbers, in one
# run so and in the next run otherwise.
missed()
{
	awk -v list=missed -f /lab/origin.awk "$TRACE/trace"
}

catch_up()
{
	for shift in 1 -1 0 2 1 3 -2 0 2 1; do
		for missed in $(missed); do
			n=$((missed + shift))
			fail_nth "$@" || true
		done
	done
	cat "$TRACE/trace"
}

# fail_nth COMMAND...: false when there are not as many
fail_nth()
{
	echo "POINT $name $kind$n" >"$TRACE/trace_marker"
	FAILNTH=$n FAILNTH_LEFT=/tmp/left once "$@" || return
	tell "$name" "$kind$n"
}

# points NAME UNDO COMMAND...: run the command once for each of its allocations,
# which fails; UNDO takes its effect back.
points()
{
	wanted "$1" || return 0
	start "$@"
	shift 2
	failed=nth_failed
	count_slab
	record "$@"
	for n in $(numbers); do
		fail_nth "$@" || true
	done
	catch_up "$@"
	count_pages
	record "$@"
	n=1
	while fail_nth "$@"; do
		n=$((n + 1))
	done
	catch_up "$@"
	finish "$name"
}

# budgets NAME UNDO COMMAND...: the same, with pages for only the first N.
budgets()
{
	wanted "$1" || return 0
	start "$@"
	shift 2
	failed=pages_failed
	count_pages
	echo 0 >"$PROBE/enable"
	echo 100 >"$FAULT/fail_page_alloc/probability"
	while n=$((n + 1 + n / 3)); do
		echo $n >"$FAULT/fail_page_alloc/space"
		echo $TIMES >"$FAULT/fail_page_alloc/times"
		FAILNTH_ALL=1 once "$@" || break
		tell "$name-pages" $n
	done
	echo 1 >"$PROBE/enable"
	echo 0 >"$FAULT/fail_page_alloc/probability"
	finish "$name-pages"
}

# both NAME UNDO COMMAND...
both()
{
	points "$@"
	budgets "$@"
}
