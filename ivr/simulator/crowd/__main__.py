"""The program of a crowd: a plan comes as a line, and a line of JSON goes out every second, the last with all of it.

It ends by itself, or soon after its input does: a crowd never outlives who started it.
"""

import signal
import sys
from threading import Event, Thread

from ivr.simulator.crowd.counting import as_line
from ivr.simulator.crowd.generator import Generator
from ivr.simulator.crowd.plan import Plan


def main() -> None:
    """Carry out the plan that is read."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for who started it
    plan = Plan.from_json(sys.stdin.readline())
    stopped = Event()
    Thread(target=_wait_for_the_end, args=(stopped,), daemon=True).start()
    counted = Generator(plan, lambda second: print(as_line(second), flush=True), stopped.is_set).run()
    print(as_line(counted), flush=True)


def _wait_for_the_end(stopped: Event) -> None:
    sys.stdin.read()
    stopped.set()


if __name__ == "__main__":
    main()
