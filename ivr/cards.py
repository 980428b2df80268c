"""A line's contact card: what a phone saves, so that the next text comes from somebody it knows.

vCard 3.0 (RFC 2426), which every phone reads; lines are folded at 75 bytes and end with CRLF.
"""

from base64 import b64encode
from datetime import datetime
from pathlib import Path

from ivr import clock, lines
from ivr.errors import WrongLine
from ivr.house import House
from ivr.phone_numbers import parse
from ivr.store import Connection, Store, audit, photos
from ivr.store.audit import COMMAND_LINE, Actor
from ivr.store.lines import Line
from ivr.store.people import Person
from ivr.store.photos import Photo
from ivr.translating import N_, said
from ivr.wording import name_of

ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": ""})
LONGEST_LINE = 75
LARGEST_PHOTO = 200 * 1024
"""Bytes. The carrier shrinks nothing but what is larger than 600 kB with all that goes along (docs messaging/mms)."""
NO_PHOTO = "A photo is a JPEG or PNG file."
TOO_LARGE = "A photo has at most 200 kB: make it smaller, 400 pixels wide do well."
KINDS = {b"\xff\xd8\xff": "JPEG", b"\x89PNG\r\n\x1a\n": "PNG"}
"""How files begin that phones show on a card."""
MMS_COUNTRIES = frozenset({"US", "CA"})
"""Where a text with a file goes from number to number (docs messaging/guides/accepted-mime-types)."""
NOTE = N_("Text STOP to stop, HELP for help. Msg & data rates may apply.")


def card(line: Line, language: str, photo: Photo | None = None) -> str:
    """The card of a line, with the name that its figure has in a language."""
    escaped = name_of(line, language).translate(ESCAPED)
    rows = [
        "BEGIN:VCARD",
        "VERSION:3.0",
        f"FN:{escaped}",
        f"N:;{escaped};;;",
        f"TEL;TYPE=CELL,VOICE,MSG:{line.number}",
        f"NOTE:{said(language, NOTE).translate(ESCAPED)}",
        *([f"PHOTO;ENCODING=b;TYPE={photo.kind}:{b64encode(photo.content).decode()}"] if photo else []),
        "END:VCARD",
    ]
    return "".join(f"{_folded(row)}\r\n" for row in rows)


def address_of(house: House, line: Line, language: str) -> str:
    """Where everybody finds a line's card, in a language."""
    return house.url(f"/card/{line.number}.vcf?language={language}")


def with_address(house: House, line: Line, language: str, body: str) -> str:
    """A text that names where the card is, for phones to which it cannot go along."""
    return f"{body}\n{address_of(house, line, language)}"


def goes_as_mms(line: Line, person: Person) -> bool:
    """Whether the card can go along with a text to a person; else the text names its address."""
    return {line.country, person.country} <= MMS_COUNTRIES


def set_photo(
    store: Store, number: str, content: bytes | None, at: datetime, by: Actor = COMMAND_LINE, seen: int | None = None
) -> None:
    """Put a picture on a line's card, or with None none. Raises `WrongLine`; `seen` as in `lines.change`."""
    number, photo, moment = parse(number), _photo(content) if content is not None else None, clock.written(at)

    def work(db: Connection) -> None:
        if photo:
            photos.keep(db, lines.existing(db, number).id, photo, moment)
        lines.change_in(db, number, by, moment, seen, photo=photo.digest if photo else "")
        audit.append(db, by, "photo changed", number, {"bytes": len(photo.content) if photo else 0}, moment)

    store.write(work)


def read_photo(path: Path) -> bytes:
    """What is in the file of a photo, as far as it could be one. Raises `WrongLine`."""
    try:
        with path.open("rb") as file:
            return file.read(LARGEST_PHOTO + 1)
    except OSError as error:
        raise WrongLine(f"{path} cannot be read: {error.strerror}.") from error


def _photo(content: bytes) -> Photo:
    kind = next((kind for start, kind in KINDS.items() if content.startswith(start)), None)
    fault = NO_PHOTO if kind is None else TOO_LARGE if len(content) > LARGEST_PHOTO else ""
    if kind is None or fault:
        raise WrongLine(fault, {"photo": fault})
    return Photo(kind, content)


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
