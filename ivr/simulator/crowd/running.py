"""Starting a crowd, and hearing from it."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from types import TracebackType

from ivr.errors import ThirdRingError
from ivr.simulator.crowd.counting import Counted, Second, from_line
from ivr.simulator.crowd.plan import Plan

PROGRAM = [sys.executable, "-m", "ivr.simulator.crowd"]


class CrowdFailed(ThirdRingError):
    """The crowd's program ended before its time."""


class RunningCrowd:
    """A crowd under way, in a program of its own; leaving the context ends it."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._program = subprocess.Popen(  # noqa: S603
            PROGRAM, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._say(plan.as_json() + "\n")

    def heard(self) -> Iterator[Second | Counted]:
        """What it tells: a second at a time, and all of it in the end. Raises CrowdFailed when it breaks off."""
        told: Second | Counted | None = None
        for line in self._program.stdout or ():
            told = from_line(line)
            yield told
        if not isinstance(told, Counted):
            raise CrowdFailed("The crowd broke off; what its program said stands above.")

    def stop(self) -> None:
        """Nobody comes any more; what is under way is heard to its end."""
        if self._program.stdin:
            with suppress(OSError):
                self._program.stdin.close()

    def _say(self, line: str) -> None:
        if self._program.stdin:
            with suppress(OSError):  # it has ended: that shows when it is heard
                self._program.stdin.write(line)
                self._program.stdin.flush()

    def __enter__(self) -> "RunningCrowd":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        if error is not None:
            self._program.kill()
        self._program.wait()
        if self._program.stdout:
            self._program.stdout.close()
