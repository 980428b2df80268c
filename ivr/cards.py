"""A line's contact card: what a phone saves, so that the next text comes from somebody it knows.

vCard 3.0 (RFC 2426), which every phone reads; lines are folded at 75 bytes and end with CRLF.
"""

from ivr.store.lines import Line

ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": ""})
LONGEST_LINE = 75


def card(line: Line, name: str, note: str) -> str:
    """The card of a line, by the name that its figure has in a language."""
    escaped = name.translate(ESCAPED)
    rows = (
        "BEGIN:VCARD",
        "VERSION:3.0",
        f"FN:{escaped}",
        f"N:;{escaped};;;",
        f"TEL;TYPE=CELL,VOICE,MSG:{line.number}",
        f"NOTE:{note.translate(ESCAPED)}",
        "END:VCARD",
    )
    return "".join(f"{_folded(row)}\r\n" for row in rows)


def _folded(row: str) -> str:
    """A row in pieces of at most 75 bytes, none of which splits a letter (RFC 2425, 5.8.1)."""
    pieces, size = [""], 0
    for letter in row:
        length = len(letter.encode())
        if size + length > LONGEST_LINE:
            pieces.append(" ")
            size = 1
        pieces[-1] += letter
        size += length
    return "\r\n".join(pieces)
