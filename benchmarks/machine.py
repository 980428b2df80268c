"""On what machine the figures were measured."""

import os
import platform
from importlib.metadata import version
from pathlib import Path

from ivr.store.database import SQLITE_VERSION


def described(folder: Path) -> str:
    """Cores, processor, versions, and the file system of `folder`, where the databases are."""
    cores = len(os.sched_getaffinity(0))
    programs = ", ".join(f"{name} {version(name)}" for name in ("gunicorn", "flask", "twilio"))
    return (
        f"{cores} cores ({_processor()}), {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}, SQLite {SQLITE_VERSION}, {programs}; "
        f"{_file_system(folder)} under {folder}"
    )


def resident_bytes(pid: int) -> int:
    """The memory of a process that is in RAM (VmRSS)."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    raise RuntimeError(f"process {pid} has no memory")


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _file_system(folder: Path) -> str:
    """The type of the mount that `folder` lies on: the longest mount point above it."""
    best, kind = "", "an unknown file system"
    for line in Path("/proc/self/mounts").read_text().splitlines():
        _, point, found, *_ = line.split()
        if len(point) >= len(best) and folder.resolve().is_relative_to(point):
            best, kind = point, found
    return kind


def busy_seconds() -> float:
    """What all processes of the machine have used so far, of all cores together."""
    names = ["user", "nice", "system", "idle", "waiting", "interrupts", "soft"]
    first = Path("/proc/stat").read_text().splitlines()[0].split()[1:]
    ticks = dict(zip(names, map(int, first), strict=False))
    return (sum(ticks.values()) - ticks["idle"] - ticks["waiting"]) / os.sysconf("SC_CLK_TCK")


def cpu_milliseconds(pid: int) -> float:
    """What the threads of a process have used so far, to the nanosecond: waiting for others does not count."""
    return sum(int(one.read_text().split()[0]) for one in Path(f"/proc/{pid}/task").glob("*/schedstat")) / 1e6
