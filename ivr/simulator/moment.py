"""One moment of a call as the caller lives it: the time line is made of them."""

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Moment:
    """`at`: seconds since the first ring began. `what`: one word for programs. `text`: the same for people.

    `detail`: what a program needs beside the word: the second of the answer, the number of a sound, the key.

    The words: `ring`, `ring-ends`, `answered`, `play`, `say`, `pause`, `gather`, `key`, `beep`, `record`,
    `waits`, `recorded`, `redirect`, `reject`, `hangup` (the line hangs up), `caller-hangs-up`, `error`, `ended`.
    """

    at: float
    what: str
    text: str
    detail: str = ""

    def as_line(self) -> str:
        """The moment as one line of JSON, newline included."""
        return json.dumps({name: value for name, value in asdict(self).items() if value != ""}) + "\n"

    @classmethod
    def from_line(cls, line: str | bytes) -> "Moment":
        """Reads what `as_line` wrote. Raises ValueError or KeyError on anything else."""
        fields = json.loads(line)
        return cls(float(fields["at"]), str(fields["what"]), str(fields["text"]), str(fields.get("detail", "")))
