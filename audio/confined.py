"""Run a program within limits: a script of its own, started by `ffmpeg.convert` in place of the program.

    python -I -S confined.py MEMORY CPU FILE PROGRAM ARGUMENT...

Limits are in bytes, seconds and bytes. They are set here, in the child, because setting them between fork and exec in
a process with threads can lock it up (docs.python.org, subprocess, `preexec_fn`).
"""

import os
import resource
import sys
from contextlib import suppress

NICENESS = 10
"""Calls and texts go first."""

if __name__ == "__main__":
    memory, cpu, file_size = map(int, sys.argv[1:4])
    for kind, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, cpu),
        (resource.RLIMIT_FSIZE, file_size),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 32),
    ):
        try:
            resource.setrlimit(kind, (most, most))
        except (OSError, ValueError):  # macOS has no limit of the address space; a hard limit may be lower already
            continue
    os.nice(NICENESS)
    with suppress(AttributeError, OSError):  # macOS has none; a web worker stays on one core, which its callers need
        os.sched_setaffinity(0, range(os.cpu_count() or 1))
    os.execv(sys.argv[4], sys.argv[4:])  # noqa: S606
