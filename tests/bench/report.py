#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Turn a run's console log and instruction counts into the bench's table."""

import argparse
import json
import os
import re
import subprocess
import sys

import prof

KINDS = ("arp", "echo", "syn", "http", "stun")

# The automaton that picks responders by content: of a payload that is no
# protocol, its instructions are compared, and not those of the whole way.
MATCH = ("msd_match_run",)

# name, kind, dividend, divisor, least required, most required, goal
RATIOS = (
    ("SYN: syncookie socket / ours", "syn", "syncookies", "ours", 3.0, None, 3.5),
    ("SYN: AF_PACKET one by one / ours", "syn", "afpacket-select", "ours",
     3.5, None, 4.1),
    ("SYN: AF_PACKET recv+send / ours", "syn", "afpacket-plain", "ours",
     None, None, None),
    ("echo: kernel / ours", "echo", "kernel", "ours", 2.6, None, 3.0),
    ("echo: AF_PACKET one by one / ours", "echo", "afpacket-select", "ours",
     None, None, None),
    ("ARP: kernel / ours", "arp", "kernel", "ours", None, None, None),
    *((f"{kind}: 20000 ranges / 1 range", kind, "ours-20000", "ours",
       0.95, 1.05, 1.0) for kind in KINDS),
    *((f"{kind}: nobody listens / no events", kind, "ours", "ours-notrace",
       0.98, 1.02, 1.0) for kind in KINDS),
    ("automaton: all responders / three", "payload", "ours", "ours-three",
     None, 1.2, 1.0),
)


def read_counts(path):
    """Instructions and repeated iterations of each marked job."""
    counts = {}
    with open(path, encoding="ascii") as lines:
        for line in lines:
            if line.startswith("T "):
                seq, insns, reps = map(int, line.split()[1:])
                counts[seq] = (insns, reps)
    return counts


def matching(path, seq):
    """Instructions the automaton took in a marked job."""
    insns, _ = prof.profile(path + ".blocks", seq,
                            *prof.read_symbols(path + ".symbols"))
    return sum(count for name, count in insns.items()
               if name.split()[0].split(".")[0] in MATCH)


def read_rows(path):
    """Rows of one responder; a row with a reply missing is void."""
    counts = read_counts(path + ".blocks")
    rows = {}
    pattern = re.compile(r"ROW (\S+) (\S+) marked=(\d+) sent=(\d+) "
                         r"answered=(\d+) other=(\d+)")
    void = {}
    with open(path + ".log", encoding="utf-8", errors="replace") as lines:
        for line in lines:
            if line.startswith("MISSING "):
                void[tuple(line.split()[1:3])] = True
            match = pattern.match(line)
            if not match:
                continue
            responder, kind = match[1], match[2]
            seq, sent, answered, other = map(int, match.groups()[2:])
            silent = responder == "floor" or kind == "payload"
            expected = 0 if silent else sent
            row = {"sent": sent, "answered": answered, "other": other,
                   "void": (responder, kind) in void or answered != expected
                   or other != 0 or seq not in counts}
            if not row["void"]:
                row["insns"] = counts[seq][0] / sent
                row["reps"] = counts[seq][1] / sent
                if kind == "payload" and os.path.exists(path + ".symbols"):
                    row["match"] = matching(path, seq) / sent
            rows[responder, kind] = row
    return rows


def net(rows, responder, kind):
    """Instructions above the floor, or None."""
    row, floor = rows[responder, kind], rows.get(("floor", kind))
    if row["void"] or not floor or floor["void"]:
        return None
    return row["insns"] - floor["insns"]


def print_table(rows):
    """One line a row: total, net of the floor, repeated iterations."""
    print(f"{'responder':<16} {'request':<8} {'insns':>8} {'net':>8} "
          f"{'reps':>8} {'sent':>8} {'answered':>8}")
    for (responder, kind), row in rows.items():
        if row["void"]:
            numbers = f"{'void':>8} {'':>8} {'':>8}"
        else:
            above = net(rows, responder, kind)
            above = "" if above is None else f"{above:.0f}"
            numbers = f"{row['insns']:8.0f} {above:>8} {row['reps']:8.0f}"
        print(f"{responder:<16} {kind:<8} {numbers} {row['sent']:8} "
              f"{row['answered']:8}")


def print_match(rows):
    """What the automaton takes for a payload of 64 bytes."""
    for (responder, _), row in rows.items():
        if "match" in row:
            print(f"{responder}: the automaton takes {row['match']:.1f} "
                  "instructions per payload of 64 bytes")


def judge(rows, everything):
    """The ratios of the rows that are there, or else must be there."""
    results = []
    for name, kind, above, below, least, most, goal in RATIOS:
        what = "match" if kind == "payload" else "insns"
        pair = rows.get((above, kind)), rows.get((below, kind))
        if not all(pair) or any(row["void"] for row in pair):
            if (least or most) and (everything or all(pair)):
                results.append({"name": name, "ratio": None, "least": least,
                                "most": most, "goal": goal, "holds": False})
            continue
        ratio = pair[0][what] / pair[1][what]
        results.append({
            "name": name, "ratio": ratio, "least": least, "most": most,
            "goal": goal,
            "holds": (least is None or ratio >= least) and
                     (most is None or ratio <= most)})
    return results


def print_ratios(results):
    """One line a ratio, with what is required and what is aimed at."""
    print(f"\n{'ratio of totals':<36} {'value':>6}  {'required':<14} "
          f"{'goal':>5}")
    for result in results:
        if result["most"] is not None and result["least"] is None:
            required = f"<= {result['most']}"
        elif result["most"] is not None:
            required = f"{result['least']}..{result['most']}"
        elif result["least"] is not None:
            required = f">= {result['least']}"
        else:
            required = ""
        goal = "" if result["goal"] is None else result["goal"]
        value = "-" if result["ratio"] is None else f"{result['ratio']:.2f}"
        verdict = ""
        if required:
            verdict = "holds" if result["holds"] else "FAILS"
        print(f"{result['name']:<36} {value:>6}  {required:<14} {goal!s:>5}  "
              f"{verdict}")


def first_line(*command):
    """First line a tool prints about its version."""
    text = subprocess.run(command, check=True, capture_output=True, text=True)
    return text.stdout.splitlines()[0]


def main():
    """Print the table and the ratios; exit 1 when the gate is shut."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kernel", required=True)
    parser.add_argument("--json")
    parser.add_argument("--gate", action="store_true")
    parser.add_argument("directory")
    parser.add_argument("responder", nargs="+")
    args = parser.parse_args()

    about = {
        "kernel": args.kernel,
        "qemu": first_line("qemu-system-x86_64", "--version"),
        "compiler": first_line("cc", "--version"),
        "method": "guest instructions per frame between two markers, counted "
                  "by a TCG plugin (-cpu max, one CPU, -icount, nokaslr); veth pair, "
                  "generator and sink included; repeated string iterations "
                  "(reps) apart; net = above the floor",
    }
    rows = {}
    for responder in args.responder:
        rows.update(read_rows(f"{args.directory}/{responder}"))
    results = judge(rows, args.gate)
    for key, value in about.items():
        print(f"{key}: {value}")
    print()
    print_table(rows)
    print_match(rows)
    print_ratios(results)
    if args.json:
        table = [{"responder": responder, "request": kind, **row,
                  "net": net(rows, responder, kind)}
                 for (responder, kind), row in rows.items()]
        with open(args.json, "w", encoding="utf-8") as file:
            json.dump({**about, "rows": table, "ratios": results}, file,
                      indent=1)
            file.write("\n")
    if not rows or any(row["void"] for row in rows.values()):
        sys.exit("bench: a row is void: not every request was answered")
    if args.gate and not all(result["holds"] for result in results):
        sys.exit("bench: a required ratio does not hold")


if __name__ == "__main__":
    main()
