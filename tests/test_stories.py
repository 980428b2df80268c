"""What callers, texters and operators live through, told end to end: gunicorn, SQLite and a carrier with phones."""


from running import Product

from ivr.simulator import Simulator

Pair = tuple[Product, Simulator]


def test_a_caller_hears_the_greeting_after_the_third_ring_and_is_in_the_log(pair: Pair, phone: str) -> None:
    product, carrier = pair
    moments = {}
    for moment in carrier.dial(phone, product.settings.phone_number):
        moments.setdefault(moment.what, moment)
    assert moments["answered"].at == 15.0
