"""Where the ten million live: the lines, and for every thousandth of the people how their numbers go."""

from benchmarks.webhooks import LINE

LINES = ((LINE, "Ada Example", 600), ("+442071838750", "Sir Nobody", 300), ("+20223911234", "Nobody", 100))
"""The lines: number, name, and of a thousand people how many are theirs."""
PLACES = (
    *(
        ("+1" + area, 2_000_000, 9_999_999, 40, city, state, "US")
        for area, city, state in (
            *(("202", "WASHINGTON", "DC"), ("206", "SEATTLE", "WA"), ("212", "NEW YORK", "NY"), ("213", "LA", "CA")),
            *(("305", "MIAMI", "FL"), ("312", "CHICAGO", "IL"), ("404", "ATLANTA", "GA"), ("415", "SF", "CA")),
            *(
                ("504", "NEW ORLEANS", "LA"),
                ("617", "BOSTON", "MA"),
                ("713", "HOUSTON", "TX"),
                ("773", "CHICAGO", "IL"),
            ),
        )
    ),
    ("+1416", 2_000_000, 9_999_999, 40, "TORONTO", "ON", "CA"),
    ("+2010", 10_000_000, 99_999_999, 160, None, None, "EG"),
    ("+3361", 1_000_000, 9_999_999, 20, None, None, "FR"),
    ("+4474", 10_000_000, 99_999_999, 150, None, None, "GB"),
    ("+49151", 10_000_000, 99_999_999, 30, None, None, "DE"),
    ("+9198", 10_000_000, 99_999_999, 60, None, None, "IN"),
    ("+96650", 1_000_000, 9_999_999, 40, None, None, "SA"),
    ("+97150", 1_000_000, 9_999_999, 20, None, None, "AE"),
)
"""How numbers begin, from where to where they go on, of a thousand people how many, city, state, country."""


def thousandths() -> list[tuple[object, ...]]:
    """A row for each thousandth of the people: line, prefix, lowest number, room, city, state, country, Arabic.

    Ordered by line and number, as the people are: so their index grows at its end.
    """
    found: list[tuple[object, ...]] = []
    for line_id, (_, _, share) in enumerate(LINES, 1):
        for prefix, low, high, of_thousand, city, state, country in PLACES:
            count = of_thousand * share // 1000
            room = (high - low) // count
            for place in range(count):
                arabic = int(country in ("EG", "SA", "AE"))
                row = (line_id, prefix, low + place * room, room, city, state, country, arabic)
                found.append((len(found), *row))
    return found
