"""What the log has of a crowd that the simulator sent: for the proof that nothing was lost and nothing done twice."""

from collections.abc import Sequence

from ivr.store.database import Connection

AT_ONCE = 500


def counted(db: Connection, sids: Sequence[str], since: str) -> tuple[int, int, int, int, int]:
    """Of the contacts of these SIDs: how many are in the log, how many of them more than once; how many texts of ours
    went to their numbers since then, how many numbers got more than one, and how many of the texts arrived.
    """
    totals = [0, 0, 0, 0, 0]
    for first in range(0, len(sids), AT_ONCE):
        chunk = sids[first : first + AT_ONCE]
        wanted = f"({', '.join('?' * len(chunk))})"
        contacts = db.execute(
            f"SELECT count(*), coalesce(sum(n > 1), 0) FROM"  # noqa: S608
            f" (SELECT count(*) AS n FROM contacts WHERE sid IN {wanted} GROUP BY sid)",
            chunk,
        ).fetchone()
        answers = db.execute(
            "SELECT coalesce(sum(n), 0), coalesce(sum(n > 1), 0), coalesce(sum(arrived), 0) FROM"  # noqa: S608
            " (SELECT count(*) AS n, sum(status = 'delivered') AS arrived FROM messages"
            f" WHERE number IN (SELECT number FROM contacts WHERE sid IN {wanted})"
            " AND direction = 'out' AND at >= ? GROUP BY line_id, number)",
            [*chunk, since],
        ).fetchone()
        totals = [total + more for total, more in zip(totals, (*contacts, *answers), strict=True)]
    there, twice, texts, several, arrived = totals
    return there, twice, texts, several, arrived
