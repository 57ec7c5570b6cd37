#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Per-function profile of one row of the bench, instructions per frame."""

import argparse
import bisect
import collections
import re
import sys


def read_symbols(path):
    """Addresses and names of the guest's functions, sorted."""
    symbols = []
    with open(path, encoding="ascii", errors="replace") as lines:
        for line in lines:
            part = line.split()
            if len(part) >= 3 and part[1] in "tTwW":
                symbols.append((int(part[0], 16), " ".join(part[2:])))
    symbols.sort()
    return [addr for addr, _ in symbols], [name for _, name in symbols]


def find_job(log, responder, kind):
    """Number of the marked job of a row, and its frames."""
    pattern = re.compile(rf"ROW {re.escape(responder)} {re.escape(kind)} "
                         r"marked=(\d+) sent=(\d+)")
    with open(log, encoding="utf-8", errors="replace") as lines:
        for line in lines:
            match = pattern.match(line)
            if match:
                return int(match[1]), int(match[2])
    sys.exit(f"prof: there is no row {responder} {kind}")


def profile(blocks, job, addrs, names):
    """Instructions and repeated iterations of each function."""
    insns, reps = collections.Counter(), collections.Counter()
    with open(blocks, encoding="ascii") as lines:
        for line in lines:
            part = line.split()
            if part[0] != "B" or int(part[1]) != job:
                continue
            addr, size, count = int(part[2], 16), int(part[3]), int(part[4])
            at = bisect.bisect_right(addrs, addr) - 1
            kernel = addr >= 1 << 63 and at >= 0
            name = names[at] if kernel else "(user)"
            if part[5] == "1":
                reps[name] += count
            else:
                insns[name] += size * count
    return insns, reps


def main():
    """Print the functions, dearest first."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--row", required=True, metavar="KIND[,RESPONDER]")
    parser.add_argument("directory")
    args = parser.parse_args()

    kind, responder = (args.row.split(",") + ["ours"])[:2]
    path = f"{args.directory}/{responder}"
    addrs, names = read_symbols(path + ".symbols")
    job, frames = find_job(path + ".log", responder, kind)
    insns, reps = profile(path + ".blocks", job, addrs, names)
    print(f"\n{responder}, {kind}: {sum(insns.values()) / frames:.0f} "
          f"instructions, {sum(reps.values()) / frames:.0f} repeated")
    for name in sorted(insns | reps, key=lambda n: -insns[n] - reps[n] / 1e6):
        if insns[name] + reps[name] >= 3 * frames:
            print(f"{insns[name] / frames:8.1f} {reps[name] / frames:8.1f}r  "
                  f"{name}")


if __name__ == "__main__":
    main()
