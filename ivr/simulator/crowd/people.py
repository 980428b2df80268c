"""Who is in a crowd: numbers that could be real, each once; and what each of them writes. One seed, one crowd."""

import random
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import md5
from itertools import islice

from ivr.simulator.crowd.plan import Plan, WrongCrowd
from ivr.simulator.crowd.sayings import ASKS, EMOJI, NAMES, ODD, PLAIN, STOPS
from ivr.simulator.delivery import FATES

LONGEST = 1_500
TEXT, CALL = 0, 1
_PREFIX = {TEXT: "SM", CALL: "CA"}


@dataclass(frozen=True)
class Country:
    """Mobile numbers of a country: how they begin, how many digits follow, and the languages of who has them."""

    begins: tuple[str, ...]
    digits: int
    languages: tuple[str, ...]


COUNTRIES = {
    "US": Country(
        tuple(
            f"+1{area}{exchange}"
            for area in (202, 206, 212, 213, 215, 303, 305, 312, 313, 404, 415, 504, 512, 617, 713, 773)
            for exchange in (2, 3, 4, 7, 8)
        ),
        6,
        ("en", "en", "en", "en", "es"),
    ),
    "CA": Country(("+14162", "+14163", "+16042", "+15142"), 6, ("en", "en", "fr")),
    "GB": Country(("+44740", "+44741", "+44742", "+44772", "+44787"), 7, ("en",)),
    "IE": Country(("+35385", "+35386", "+35387"), 7, ("en",)),
    "FR": Country(("+3361", "+3362", "+3366"), 7, ("fr",)),
    "DE": Country(("+491511", "+491512", "+49160"), 7, ("de",)),
    "ES": Country(("+3461", "+3462", "+3465"), 7, ("es",)),
    "MX": Country(("+5255",), 8, ("es",)),
    "BR": Country(("+55119", "+55219"), 8, ("pt",)),
    "EG": Country(("+2010", "+2011", "+2012"), 8, ("ar", "ar", "ar", "ar", "en")),
    "SA": Country(("+96650", "+96653", "+96655"), 7, ("ar", "ar", "ar", "en")),
    "AE": Country(("+97150", "+97155"), 7, ("ar", "en")),
    "MA": Country(("+21261", "+21266"), 7, ("ar", "fr")),
    "IN": Country(("+9198", "+9199"), 8, ("en", "hi")),
    "NG": Country(("+234803", "+234805"), 7, ("en",)),
    "JP": Country(("+81902", "+81903", "+81804", "+81805"), 7, ("ja",)),
}


@dataclass(frozen=True)
class Person:
    """Somebody: `kind` is TEXT or CALL, `body` what they text."""

    sid: str
    kind: int
    number: str
    country: str
    body: str


def chosen(names: str) -> tuple[str, ...]:
    """Countries as they are typed, `us,gb,eg`. Raises WrongCrowd."""
    found = tuple(dict.fromkeys(name.strip().upper() for name in names.split(",") if name.strip()))
    unknown = [name for name in found if name not in COUNTRIES]
    if unknown or not found:
        known = ", ".join(name.lower() for name in COUNTRIES)
        raise WrongCrowd(f"Nobody lives in {', '.join(unknown) or 'no country'} here; the crowd knows {known}.")
    return found


def kinds(plan: Plan) -> bytearray:
    """Who texts and who calls, in the order in which they come."""
    kinds = bytearray([TEXT]) * plan.texts + bytearray([CALL]) * plan.calls
    random.Random(plan.seed).shuffle(kinds)  # noqa: S311
    return kinds


def sids(plan: Plan, count: int) -> list[str]:
    """The SIDs of the first `count` contacts."""
    return [_sid(plan, kind, place) for place, kind in enumerate(kinds(plan)[:count])]


def sent_twice(plan: Plan, count: int, recipients: Iterable[str]) -> int:
    """How many of the first `count` people are more than once among the recipients of texts."""
    numbers = {person.number for person in islice(people(plan), count)}
    return sum(times > 1 for number, times in Counter(recipients).items() if number in numbers)


def people(plan: Plan) -> Iterator[Person]:
    """Everybody, in the order in which they come. Raises WrongCrowd when the countries have no numbers left."""
    chance = random.Random(f"people {plan.seed}")  # noqa: S311
    given: set[str] = set()
    for place, kind in enumerate(kinds(plan)):
        name = chance.choice(plan.countries)
        number = _number(COUNTRIES[name], given, chance)
        body = _body(chance.choice(COUNTRIES[name].languages), chance) if kind == TEXT else ""
        yield Person(_sid(plan, kind, place), kind, number, name, body)


def _sid(plan: Plan, kind: int, place: int) -> str:
    return _PREFIX[kind] + md5(f"{plan.run} {place}".encode(), usedforsecurity=False).hexdigest()


def _number(country: Country, given: set[str], chance: random.Random) -> str:
    """A number that nobody has yet, and at which texts do not fail by the simulator's rule."""
    for _ in range(1_000):
        number = chance.choice(country.begins) + str(chance.randrange(10**country.digits)).zfill(country.digits)
        if number not in given and number[-4:] not in FATES:
            given.add(number)
            return number
    raise WrongCrowd("There are not enough numbers in these countries.")


def _body(language: str, chance: random.Random) -> str:
    lot = chance.random()
    if lot < 0.03:
        return chance.choice(STOPS.get(language, STOPS["en"]))
    if lot < 0.08:
        return chance.choice(ASKS.get(language, ASKS["en"]))
    if lot < 0.11:
        return chance.choice(ODD)
    said = chance.choice(PLAIN[language]).format(name=chance.choice(NAMES[language]))
    if lot < 0.19:
        return f"{said} {chance.choice(EMOJI)}"
    if lot < 0.22:
        return (f"{said} " * chance.randint(5, 60))[:LONGEST].strip()
    return said
