"""How many message segments a text takes on the air.

Source: 3GPP TS 23.038; twilio.com/docs/glossary/what-sms-character-limit
"""

_ONE = frozenset(
    "\n\r !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
    "¡£¤¥§¿ÄÅÆÇÉÑÖØÜßàäåæèéìñòöøùüΓΔΘΛΞΠΣΦΨΩ"
)
_TWO = frozenset("\f[\\]^{|}~€")


def segments(body: str) -> int:
    """The number of segments of `body`, at least 1.

    160 letters of the GSM alphabet fit in one, 153 in each of several; any other letter makes the
    whole text UCS-2: 70, or 67 in each. A pair (escape or surrogate) is never split across two.
    """
    if all(letter in _ONE or letter in _TWO for letter in body):
        return _parts([2 if letter in _TWO else 1 for letter in body], 160, 153)
    return _parts([len(letter.encode("utf-16-le", "surrogatepass")) // 2 for letter in body], 70, 67)


def _parts(costs: list[int], single: int, several: int) -> int:
    if sum(costs) <= single:
        return 1
    parts, room = 1, several
    for cost in costs:
        if cost > room:
            parts, room = parts + 1, several
        room -= cost
    return parts
