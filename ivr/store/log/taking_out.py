"""Taking words out of the search index, so that they are in its file no more.

FTS5 keeps no texts here, so it must be told the words that it was fed. Told the wrong ones it would be broken: so a
text is only taken out when it is there. (sqlite.org/fts5.html, "The 'delete' Command", "The 'secure-delete'
Configuration Option".)
"""

from collections.abc import Iterable, Sequence

from ivr.folding import folded
from ivr.store.database import Connection, DatabaseError
from ivr.store.forgetting import Forgotten


def delete_securely(db: Connection) -> None:
    """Let FTS5 take words out of their places instead of noting that they do not count; SQLite 3.42 and newer can."""
    try:
        db.execute("INSERT INTO said (said, rank) VALUES ('secure-delete', 1)")
    except DatabaseError:  # older: the words are found no more, and leave the file when FTS5 next merges their pages
        return


def take_out(db: Connection, gone: Sequence[Forgotten]) -> None:
    """Take texts and numbers out, in the caller's transaction."""
    texts = [(one.message_id, folded(one.body)) for one in gone if one.message_id is not None and one.body]
    words = {word for message_id, said in texts if _take_out_text(db, message_id, said) for word in said}
    _forget_words(db, sorted(words))
    _forget_endings(db, [one for one in gone if one.number])


def _take_out_text(db: Connection, message_id: int, said: list[str]) -> bool:
    """Whether a text was there: one of ours never is, nor one that has not been fed yet."""
    if not said or db.execute("SELECT rowid FROM said WHERE rowid = ?", (message_id,)).fetchone() is None:
        return False
    db.execute("INSERT INTO said (said, rowid, words) VALUES ('delete', ?, ?)", (message_id, " ".join(said)))
    return True


def _forget_words(db: Connection, words: Iterable[str]) -> None:
    """Take those out of the vocabulary that no text has any more."""
    for word in words:
        if db.execute("SELECT rowid FROM said WHERE said MATCH ? LIMIT 1", (f'"{word}"',)).fetchone() is None:
            db.execute("DELETE FROM vocabulary WHERE word = ?", (word,))


def _forget_endings(db: Connection, gone: Sequence[Forgotten]) -> None:
    db.executemany(
        "DELETE FROM endings WHERE last_four = substr(:number, -4) AND number = :number"
        " AND ((kind = 'text' AND id = :message) OR (kind = 'call' AND id = :call))",
        [{"number": one.number, "message": one.message_id, "call": one.call_id} for one in gone],
    )
