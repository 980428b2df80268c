"""Pictures that people sent: fetched when somebody looks, never where the carrier's name is only claimed."""

from dataclasses import replace
from datetime import datetime

import pytest
from inside import received, rows
from running import NUMBER, PHONE, Product

from ivr import pictures
from ivr.carrier.inbound import Attachment, IncomingText
from ivr.errors import CarrierBusy, CarrierRefused
from ivr.house import House
from ivr.simulator import Simulator
from ivr.simulator.phones.pictures import png


def texted(house: House, at: datetime, *urls: str) -> int:
    """Somebody sends pictures; the id of their text."""
    attached = tuple(Attachment(url, "image/png") for url in urls)
    received(house, IncomingText("MM" + "1" * 32, PHONE, NUMBER, "look", attachments=attached), at)
    return int(rows(house.store, "SELECT id FROM messages WHERE direction = 'in'")[0][0])


def test_a_picture_comes_from_the_carrier_and_nothing_is_kept(pair: tuple[Product, Simulator], phone: str) -> None:
    product, carrier = pair
    sid = carrier.text(phone, NUMBER, "look", ["picture"]).sid
    opened = House.open(product.settings)
    ((message_id,),) = rows(opened.store, f"SELECT id FROM messages WHERE sid = '{sid}'")
    found = pictures.fetch(opened, message_id, 0)
    assert found is not None and found.content_type == "image/png"
    assert b"".join(found) == png()
    assert pictures.fetch(opened, message_id, 1) is None
    opened.store.close()


def test_what_was_refused_when_it_came_is_never_fetched(house: House, now: datetime) -> None:
    message_id = texted(house, now, "http://169.254.169.254/latest/meta-data/")
    assert pictures.fetch(house, message_id, 0) is None


def test_what_was_let_in_under_other_settings_is_checked_again(house: House, now: datetime) -> None:
    message_id = texted(house, now, f"{house.settings.api_url}/picture")
    moved = replace(house, settings=replace(house.settings, api_url="https://api.twilio.com"))
    with pytest.raises(CarrierRefused):
        pictures.fetch(moved, message_id, 0)


def test_while_the_carrier_does_not_answer_trying_again_may_help(house: House, now: datetime) -> None:
    with pytest.raises(CarrierBusy):
        pictures.fetch(house, texted(house, now, f"{house.settings.api_url}/picture"), 0)


def test_there_is_no_picture_of_a_text_that_is_not_there(house: House) -> None:
    assert pictures.fetch(house, 1, 0) is None
