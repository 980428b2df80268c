"""Leaving nothing of what was deleted in the files of the installation."""

from datetime import datetime

from ivr.house import House


def cut_logs(house: House, now: datetime) -> int:
    """Let nothing deleted stand in the write-ahead logs any more; returns how many were cut.

    Who reads what was before keeps one from it: then it is for the next time. Raises `StoreUnavailable`.
    """
    return house.store.truncate_log() + house.search_index.truncate_log()
