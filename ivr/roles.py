"""What an operator may do on a line: each role may all that the ones before it may."""

from enum import IntEnum


class Role(IntEnum):
    """A role on one line, or on all lines; the higher includes the lower."""

    VIEWER = 1
    """Reads."""
    WRITER = 2
    """Answers people, and takes the log out of the house."""
    SENDER = 3
    """Writes to many."""
    ADMIN = 4
    """Operators, lines and the audit."""

    @property
    def word(self) -> str:
        """The role as it is kept and typed: `viewer`."""
        return self.name.lower()


WORDS = tuple(role.word for role in Role)


def of_word(word: str) -> Role:
    """The role that `word` names. Raises KeyError."""
    return Role[word.upper()]
