"""How gunicorn runs: the config that `ivr serve` starts it with (`gunicorn -c python:ivr.serving wsgi:app`).

Threads, because a webhook mostly waits for the disk; few workers, each on a core of its own, because that measured a
fifth faster than letting them wander. The application is loaded by each worker after the fork, so that no connection
and no lock is ever shared between processes.
"""

import contextlib
import ctypes
import gc
import logging
import os
import re
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from gunicorn.glogging import Logger

from ivr.settings import Settings
from ivr.working import Work

settings = Settings.load(needs_carrier=True)

bind = f"{settings.host}:{settings.port}" if ":" not in settings.host else f"[{settings.host}]:{settings.port}"
workers = settings.web_concurrency
worker_class = "gthread"
threads = 32
backlog = 2048
keepalive = 75  # longer than a proxy keeps its idle connections (nginx: 60 s), so that it is the proxy who closes
timeout = 30
graceful_timeout = 20
preload_app = False
control_socket_disable = True
forwarded_allow_ips = ""  # nothing is taken from a proxy's headers: PUBLIC_URL says who we are
limit_request_line = 4094
limit_request_fields = 100
proc_name = "third-ring"
accesslog = None if settings.access_log == "none" else settings.access_log
errorlog = "-"
loglevel = "info"
access_log_format = "%(t)s %(m)s %(U)s %(s)s %(B)s bytes %(M)s ms"

_TOKEN = re.compile(r"/(j|me|console/begin)/.*", re.DOTALL | re.IGNORECASE)
_NUMBER = re.compile(r"(?:\+|%2B)?[0-9]{7,}", re.IGNORECASE)
_work: dict[int, Work] = {}
M_ARENA_MAX = -8  # malloc.h


class AccessLog(Logger):  # type: ignore[misc]
    """One line a request, without query strings, tokens or whole numbers; no tokens in what is reported either.

    What we report ourselves goes where gunicorn's reports go.
    """

    def setup(self, cfg: Any) -> None:
        """Open the logs."""
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.addFilter(_without_tokens)
        ours = logging.getLogger("ivr")
        ours.handlers = list(self.error_log.handlers)
        ours.setLevel(logging.INFO)

    def atoms(self, resp: Any, req: Any, environ: dict[str, Any], request_time: Any) -> dict[str, Any]:
        """What a line may show, by gunicorn's letters, and no more: it would offer every header of each request."""
        return {
            "t": self.now(),
            "m": environ["REQUEST_METHOD"],
            "U": without_secrets(environ.get("PATH_INFO") or ""),
            "s": str(resp.status).partition(" ")[0],
            "B": resp.sent,
            "M": int(request_time.total_seconds() * 1000),
        }


logger_class = AccessLog


def _without_tokens(record: logging.LogRecord) -> bool:
    """A malformed request is reported with its first line, and a personal link may stand in it."""
    record.msg, record.args = _TOKEN.sub(r"/\1/…", record.getMessage()), ()
    return True


def without_secrets(path: str) -> str:
    """A path for the log: `/j/…` for a personal link, `…` for a whole number, nothing unprintable."""
    path = _NUMBER.sub("…", _TOKEN.sub(r"/\1/…", path))
    return "".join(char if char.isprintable() and char != " " else "�" for char in path[:200])


def share_heaps() -> None:
    """Have all threads of a worker share two of glibc's heaps instead of up to sixteen, each of which grows by itself.

    Done in the first process, before any thread is made: the workers inherit it. Measured over 100,000 webhooks, a
    worker grew by a quarter of what it grows without. Elsewhere than with glibc it does nothing.
    """
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, 2)


share_heaps()


def post_fork(server: Any, worker: Any) -> None:
    """Keep each worker on a core of its own, where the system lets us."""
    if not hasattr(os, "sched_setaffinity"):
        return
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {cores[worker.age % len(cores)]})


def post_worker_init(worker: Any) -> None:
    """Spare the garbage collector what lives as long as the worker, then try for the background work.

    A webhook makes many small objects and no cycles: with a collection for every 700 of them, as is the default, it
    cost 5 to 8 % more.

    Ctrl-C in a terminal reaches the workers, too, while the first process tells them to end: gunicorn's threaded worker
    that is told twice at once waits for itself (`handle_quit`), until it is killed. So only the first process listens.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    start_threads(worker.tpool)
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)
    if settings.work_in_serve:
        work = _work[worker.pid] = Work(worker.wsgi.extensions["house"])
        work.start()


def start_threads(pool: ThreadPoolExecutor) -> None:
    """Start every thread of a pool now: a burst's first moments are the wrong time for it."""
    all_here = threading.Barrier(threads + 1)
    for _ in range(threads):
        pool.submit(all_here.wait)
    all_here.wait()


def worker_exit(server: Any, worker: Any) -> None:
    """Let another worker take the background work over, and write what is only counted yet."""
    work = _work.get(worker.pid)
    if work:
        work.stop()
    application = getattr(worker, "wsgi", None)
    if application:
        application.extensions["house"].refusals.write()
