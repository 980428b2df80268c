"""Operators: who uses the console, their roles on lines, and what lets them in once (links, recovery codes)."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

from ivr.roles import Role, of_word
from ivr.store.database import Connection, changed

ALL_LINES = None


@dataclass(frozen=True)
class Operator:
    """One operator. `password_hash` None: was invited and has not begun; times are text, None: never.

    `factor_since` tells since when a second factor is asked for; its secret is derived from `factor_counter`, and
    `factor_step` is the last code's time step, so that no code is taken twice.
    """

    id: int
    name: str
    language: str
    zone: str
    password_hash: str | None
    factor_since: str | None
    factor_counter: int
    factor_step: int
    invited_at: str
    disabled_at: str | None


@dataclass(frozen=True)
class Grant:
    """A role of an operator on one line, or (`line_id` None) on every line, those to come included."""

    line_id: int | None
    role: Role

    def covers(self, role: Role, line_id: int | None = None) -> bool:
        """Whether it is this role, or a higher one, on the line; without a line: on every line."""
        return self.role >= role and self.line_id in (None, line_id)


_COLUMNS = ", ".join(field.name for field in fields(Operator))
_SELECT = f"SELECT {_COLUMNS} FROM operators"  # noqa: S608


def key_of(name: str) -> str:
    """What makes two names the same: case and spaces around do not."""
    return name.strip().casefold()


def add(db: Connection, name: str, language: str, zone: str, at: str) -> int | None:
    """Add an operator who is invited; returns the id, or None when the name is taken."""
    row = db.execute(
        "INSERT INTO operators (name, key, language, zone, invited_at) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (key) DO NOTHING RETURNING id",
        (name.strip(), key_of(name), language, zone, at),
    ).fetchone()
    return row[0] if row else None


def find(db: Connection, name: str) -> Operator | None:
    """The operator of this name, or None."""
    row = db.execute(_SELECT + " WHERE key = ?", (key_of(name),)).fetchone()
    return Operator(*row) if row else None


def of_id(db: Connection, operator_id: int) -> Operator | None:
    """The operator of this id, or None."""
    row = db.execute(_SELECT + " WHERE id = ?", (operator_id,)).fetchone()
    return Operator(*row) if row else None


def everyone(db: Connection) -> list[Operator]:
    """All operators, in the order in which they were invited."""
    return [Operator(*row) for row in db.execute(_SELECT + " ORDER BY id").fetchall()]


def grants(db: Connection, operator_id: int) -> list[Grant]:
    """The roles of an operator, that on all lines first."""
    rows = db.execute(
        "SELECT line_id, role FROM operator_roles WHERE operator_id = ? ORDER BY coalesce(line_id, 0)", (operator_id,)
    )
    return [Grant(line_id, of_word(role)) for line_id, role in rows.fetchall()]


def set_grants(db: Connection, operator_id: int, given: Sequence[Grant]) -> None:
    """Give an operator exactly these roles."""
    db.execute("DELETE FROM operator_roles WHERE operator_id = ?", (operator_id,))
    db.executemany(
        "INSERT INTO operator_roles (operator_id, line_id, role) VALUES (?, ?, ?)",
        [(operator_id, grant.line_id, grant.role.word) for grant in given],
    )


def set_password(db: Connection, operator_id: int, password_hash: str | None) -> None:
    """Keep the hash of a new password; with None there is none, and nobody can sign in."""
    db.execute("UPDATE operators SET password_hash = ? WHERE id = ?", (password_hash, operator_id))


def set_disabled(db: Connection, operator_id: int, at: str | None) -> None:
    """Disable an operator since `at`, or with None enable again."""
    db.execute("UPDATE operators SET disabled_at = ? WHERE id = ?", (at, operator_id))


def set_form(db: Connection, operator_id: int, language: str, zone: str) -> None:
    """Keep in which language and time zone the operator reads."""
    db.execute("UPDATE operators SET language = ?, zone = ? WHERE id = ?", (language, zone, operator_id))


def use_step(db: Connection, operator_id: int, step: int) -> bool:
    """Use up the second factor's code of a time step; False when that or a later one was used before."""
    return bool(
        changed(
            db,
            "UPDATE operators SET factor_step = :step WHERE id = :id AND factor_step < :step",
            {"id": operator_id, "step": step},
        )
    )


def set_factor(db: Connection, operator_id: int, since: str | None) -> None:
    """Ask for a second factor since then; with None no more, and its secret will be another one next time."""
    db.execute(
        "UPDATE operators SET factor_since = :since, factor_counter = factor_counter + (:since IS NULL),"
        " factor_step = CASE WHEN :since IS NULL THEN 0 ELSE factor_step END WHERE id = :id",
        {"since": since, "id": operator_id},
    )


def set_recovery_codes(db: Connection, operator_id: int, hashes: Sequence[bytes]) -> None:
    """Replace the recovery codes of an operator."""
    db.execute("DELETE FROM recovery_codes WHERE operator_id = ?", (operator_id,))
    db.executemany("INSERT INTO recovery_codes (operator_id, hash) VALUES (?, ?)", [(operator_id, h) for h in hashes])


def use_recovery_code(db: Connection, operator_id: int, code_hash: bytes, at: str) -> bool:
    """Use up a recovery code; False when there is no such code or it was used before."""
    return bool(
        changed(
            db,
            "UPDATE recovery_codes SET used_at = ? WHERE operator_id = ? AND hash = ? AND used_at IS NULL",
            (at, operator_id, code_hash),
        )
    )


def recovery_codes_left(db: Connection, operator_id: int) -> int:
    """How many recovery codes are unused."""
    return int(
        db.execute(
            "SELECT count(*) FROM recovery_codes WHERE operator_id = ? AND used_at IS NULL", (operator_id,)
        ).fetchone()[0]
    )


def add_link(db: Connection, operator_id: int, link_hash: bytes, at: str, ends_at: str) -> None:
    """Keep a one-time link; the operator's earlier ones end."""
    end_links(db, operator_id, at)
    db.execute(
        "INSERT INTO one_time_links (hash, operator_id, made_at, ends_at) VALUES (?, ?, ?, ?)",
        (link_hash, operator_id, at, ends_at),
    )


def end_links(db: Connection, operator_id: int, at: str) -> None:
    """End the one-time links of an operator."""
    db.execute("UPDATE one_time_links SET used_at = ? WHERE operator_id = ? AND used_at IS NULL", (at, operator_id))


def owner_of_link(db: Connection, link_hash: bytes, at: str) -> Operator | None:
    """Whose one-time link this is, if it is unused and alive and they are not disabled."""
    row = db.execute(
        "SELECT operator_id FROM one_time_links WHERE hash = ? AND used_at IS NULL AND ends_at > ?", (link_hash, at)
    ).fetchone()
    operator = of_id(db, row[0]) if row else None
    return operator if operator and not operator.disabled_at else None


def use_link(db: Connection, link_hash: bytes, at: str) -> bool:
    """Use up a one-time link; False when it was used before or has ended."""
    return bool(
        changed(
            db,
            "UPDATE one_time_links SET used_at = :at WHERE hash = :hash AND used_at IS NULL AND ends_at > :at",
            {"at": at, "hash": link_hash},
        )
    )
