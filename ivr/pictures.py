"""Pictures and files that people sent: fetched from the carrier when somebody looks, and passed on, not kept."""

from ivr.carrier.media import Media, fetch_media
from ivr.house import House, account_of
from ivr.store.log import story


def fetch(house: House, message_id: int, position: int) -> Media | None:
    """A picture of a text; None when there is none, or it was refused when it came.

    Raises `CarrierRefused` or `CarrierBusy`.
    """
    found = house.store.read(lambda db: story.pictures(db, message_id))
    picture = next((one for one in found if one.position == position and not one.refused), None)
    return fetch_media(account_of(house.settings), picture.url) if picture else None
