"""Tries of things that may be tried so often only, counted by bucket: signing in, asking for a link."""

from collections.abc import Sequence

from ivr.store.database import Connection


def since(db: Connection, bucket: str, moment: str) -> list[str]:
    """When it was tried in a bucket since then, oldest first."""
    rows = db.execute("SELECT at FROM tries WHERE bucket = ? AND at > ? ORDER BY at", (bucket, moment))
    return [at for (at,) in rows.fetchall()]


def note(db: Connection, buckets: Sequence[str], at: str, forget_before: str) -> None:
    """Count a try in each bucket, and forget those of long ago."""
    db.execute("DELETE FROM tries WHERE at < ?", (forget_before,))
    db.executemany("INSERT INTO tries (bucket, at) VALUES (?, ?)", [(bucket, at) for bucket in buckets])


def forget(db: Connection, buckets: Sequence[str]) -> None:
    """Forget the tries of these buckets: it went well."""
    db.executemany("DELETE FROM tries WHERE bucket = ?", [(bucket,) for bucket in buckets])
