"""`python -m benchmarks`: measure, and print every figure with its target.

Ends with 1 when something was lost, doubled or not answered. A ratio that misses its target only says so: it may be
the machine.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks.arrivals import arrivals
from benchmarks.greeting import greeting
from benchmarks.kills import kills
from benchmarks.machine import described
from benchmarks.memory import memory
from benchmarks.recordings import recordings
from benchmarks.report import Part, tell
from benchmarks.rounds import Plan
from benchmarks.segments import counting
from benchmarks.signing_up import signing_up
from benchmarks.the_console import console
from benchmarks.the_crowd import crowd
from benchmarks.throughput import throughput

PARTS = "ABCDEFGHIJ"
_OTHERS = {"C": kills, "D": memory, "E": greeting, "G": recordings, "H": crowd, "I": counting, "J": signing_up}
MANY, FEW = 10_000_000, 300_000


def main() -> int:
    """Measure what the options ask for; returns the exit status."""
    options = _options()
    if not Path("/proc/self/status").exists():
        print("The benchmarks need Linux: they read /proc.", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="third-ring-", dir=options.folder) as folder:
        plan = _plan(options, Path(folder))
        print(f"Third Ring, measured on {described(plan.folder)}.")
        print(f"Median of {plan.rounds} rounds of {plan.seconds:g} s in turn (least–most); all on this machine.")
        parts = _measure(plan, options)
    return int(any(figure.fatal and not figure.met for part in parts for figure in part.figures))


def _measure(plan: Plan, options: argparse.Namespace) -> list[Part]:
    parts: list[Part] = []
    our_rate: float | None = None
    for letter in (letter for letter in PARTS if letter in options.only):
        if letter == "A":
            part, our_rate = throughput(plan)
        elif letter == "B":
            part = arrivals(plan, our_rate)
        elif letter == "F":
            contacts = options.contacts or (FEW if options.quick else MANY)
            part = console(plan, contacts, kept=Path(options.folder) if options.folder else None)
        else:
            part = _OTHERS[letter](plan)
        tell(part)
        parts.append(part)
    return parts


def _plan(options: argparse.Namespace, folder: Path) -> Plan:
    seconds = options.seconds or (1.5 if options.quick else 4.0)
    return Plan(folder, seconds, rounds=2 if options.quick else 5, quick=options.quick)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser("benchmarks", description="Figures of Third Ring, as ratios in one run.")
    parser.add_argument("--only", type=_letters, default=PARTS, metavar="A,B", help=f"parts, out of {PARTS}")
    parser.add_argument("--seconds", type=float, help="length of a round")
    parser.add_argument("--quick", action="store_true", help="a short look: few and short rounds")
    parser.add_argument("--contacts", type=int, help="how many the log of part F has (default: ten million)")
    parser.add_argument(
        "--folder",
        help="where the databases are made (default: the system's temporary folder); the log of part F is kept there",
    )
    return parser.parse_args()


def _letters(text: str) -> str:
    letters = text.upper().replace(",", "").replace(" ", "")
    if not letters or set(letters) - set(PARTS):
        raise argparse.ArgumentTypeError(f"parts are {PARTS}, such as A,B")
    return letters


if __name__ == "__main__":
    sys.exit(main())
