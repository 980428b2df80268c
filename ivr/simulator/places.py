"""Where a number is from, as far as Twilio would tell: the city, state, zip code and country in webhooks.

Twilio adds them only where it knows them (twilio.com/docs/voice/twiml#request-parameters). The simulator
knows every country that `ivr.phone_numbers` knows, and the cities of a few North American area codes.
"""

from ivr.phone_numbers import country_of

_CITIES = {
    "202": ("WASHINGTON", "DC", "20001"),
    "206": ("SEATTLE", "WA", "98101"),
    "212": ("NEW YORK", "NY", "10001"),
    "213": ("LOS ANGELES", "CA", "90012"),
    "215": ("PHILADELPHIA", "PA", "19107"),
    "303": ("DENVER", "CO", "80202"),
    "305": ("MIAMI", "FL", "33131"),
    "313": ("DETROIT", "MI", "48226"),
    "404": ("ATLANTA", "GA", "30303"),
    "415": ("SAN FRANCISCO", "CA", "94103"),
    "504": ("NEW ORLEANS", "LA", "70112"),
    "512": ("AUSTIN", "TX", "78701"),
    "617": ("BOSTON", "MA", "02108"),
    "713": ("HOUSTON", "TX", "77002"),
    "773": ("CHICAGO", "IL", "60614"),
}


def place_fields(side: str, number: str) -> dict[str, str]:
    """The form fields that say where `number` is, each name beginning with `side` (`From`, `To`, …).

    Empty when nothing is known, as for `anonymous`.
    """
    country = country_of(number)
    if country is None:
        return {}
    area = number[2:5] if number.startswith("+1") else ""
    city, state, zip_code = _CITIES.get(area, ("", "", ""))
    return {
        f"{side}City": city,
        f"{side}State": state,
        f"{side}Zip": zip_code,
        f"{side}Country": country,
    }
