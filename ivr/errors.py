"""What can go wrong, drawn as a tree.

ThirdRingError
├── WrongSettings          a setting is missing or wrong; every fault at once; exit status 2
├── NotAPhoneNumber        what was typed is no phone number (also a ValueError)
├── WrongLine              a line cannot be made or changed as asked; a sentence for each field
│   └── LineChanged        somebody else has changed the same thing meanwhile: nobody's change is lost
├── WrongGreeting          a recording cannot be used, or a greeting not be changed as asked
│   └── CannotFit          it may be good, but this machine cannot make it fit now: no ffmpeg, no room
├── WrongSegment           a segment cannot be understood, or is not there
├── WrongMember            somebody is not known to a line, or cannot be changed as asked
│   └── PersonChanged      somebody else has changed the same thing of a person meanwhile
├── WrongFile              a file of members cannot be read or written
├── WrongOperator          an operator cannot be made or changed as asked
├── SignInRefused          somebody may not sign in, now or so; carries why and how long to wait
├── NotSignedIn            a page is for operators, and nobody has signed in
├── LinkEnded              a personal link that never was, was replaced, or is too old
├── WrongQuestion          what was asked of the log cannot be understood
├── StoreUnavailable       the log cannot be read or written now: locked, full, gone, read-only
│   └── NothingKept        neither the database nor the spool file took it
├── AlreadyKept            a text's SID is kept already, with another sender
├── WrongSchema            the database is of another version of the program
├── BadWebhook             a webhook that is refused; carries the status to answer with
└── CarrierError           the carrier was asked and did not do it
    ├── CarrierRefused     it said no, for good; carries its code
    ├── CarrierBusy        it surely did nothing: no connection, 429, 401 or 403; safe to try again
    └── CarrierInDoubt     it may have done it: time-out, reset, 5xx; never repeat blindly
"""

from collections.abc import Mapping, Sequence


class ThirdRingError(Exception):
    """Anything Third Ring reports to a person in one sentence."""


class WrongSettings(ThirdRingError):
    """One or more settings are missing or wrong. `faults` lists each as a sentence."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        super().__init__("Wrong settings:\n" + "\n".join(f"  - {fault}" for fault in faults))


class NotAPhoneNumber(ThirdRingError, ValueError):
    """The text is no phone number that could be dialled."""


class WrongLine(ThirdRingError, ValueError):
    """A line cannot be made or changed as asked; the message says why.

    `faults` has a sentence for each field that is wrong, by its name; for words it is `reply.ar`.
    """

    def __init__(self, message: str, faults: Mapping[str, str] | None = None) -> None:
        self.faults = dict(faults or {})
        super().__init__(message)


class LineChanged(WrongLine):
    """Somebody has changed the same `fields` of a line since they were looked at: `by` whom, and when (`at`).

    `mine` are all that were to be changed now: the others of a form were left as they had been.
    """

    def __init__(self, fields: Sequence[str], by: str, at: str, mine: Sequence[str] = ()) -> None:
        self.fields, self.by, self.at, self.mine = tuple(fields), by, at, tuple(mine)
        super().__init__(f"{by} has changed {', '.join(fields)} meanwhile. Look again at what is there now.")


class WrongGreeting(ThirdRingError, ValueError):
    """A recording cannot be used, or a greeting cannot be changed as asked; the message says what to do."""


class CannotFit(WrongGreeting):
    """A recording cannot be made fit on this machine now. `status` is the HTTP status to answer with."""

    def __init__(self, status: int, message: str) -> None:
        self.status = status
        super().__init__(message)


class WrongSegment(ThirdRingError, ValueError):
    """What was asked of a line's people cannot be understood, or no such segment was saved; says what to write."""


class WrongMember(ThirdRingError, ValueError):
    """Somebody is not known to a line, or cannot be changed as asked; the message says why."""


class PersonChanged(WrongMember):
    """Somebody else, or the person, has changed meanwhile what was to be changed: look again."""


class WrongFile(ThirdRingError, ValueError):
    """A file of members cannot be read or written; the message says what to do."""


class WrongOperator(ThirdRingError, ValueError):
    """An operator cannot be made or changed as asked; the message says why."""


class SignInRefused(ThirdRingError):
    """Signing in is refused. `reason`: wrong, too many, code, used, clock or ended; `wait` in seconds, or 0."""

    def __init__(self, reason: str, wait: int = 0) -> None:
        self.reason, self.wait = reason, wait
        super().__init__(f"Signing in is refused: {reason}.")


class NotSignedIn(ThirdRingError):
    """A page is for operators, and nobody has signed in, or the session has ended."""


class LinkEnded(ThirdRingError):
    """A personal link never was one, has been replaced by a newer one, or is too old: one answer for all three."""


class WrongQuestion(ThirdRingError, ValueError):
    """What was asked of the log (a filter, a search, a place to go on from) cannot be understood; says why."""


class StoreUnavailable(ThirdRingError):
    """The database cannot be used now: locked by another program, full, gone or read-only."""


class NothingKept(StoreUnavailable):
    """Neither the database nor the spool file could take the contact: it must not be acknowledged."""


class AlreadyKept(ThirdRingError):
    """A text has the SID of another one. No carrier sends that; who cuts a captured request anew does."""


class WrongSchema(ThirdRingError):
    """The database was made by a newer version of the program, or is not a Third Ring database."""


class BadWebhook(ThirdRingError):
    """A webhook that is refused. `status` is the HTTP status, the message is shown to the carrier."""

    def __init__(self, status: int, reason: str) -> None:
        self.status, self.reason = status, reason
        super().__init__(reason)


class CarrierError(ThirdRingError):
    """The carrier was asked for something and did not do it. `code` is Twilio's error code, if any."""

    def __init__(self, message: str, code: int | None = None) -> None:
        self.code = code
        super().__init__(message)


class CarrierRefused(CarrierError):
    """The carrier said no, and would say no again: 4xx."""


class CarrierBusy(CarrierError):
    """The carrier surely did nothing: no connection, 429, or our own credentials (401, 403). Safe to repeat."""


class CarrierInDoubt(CarrierError):
    """The carrier may have acted: a time-out, a reset, a 5xx or an unreadable answer. Never repeat blindly."""
