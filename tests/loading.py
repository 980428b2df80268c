"""Settings made from given variables alone, and what is wrong with them."""

import pytest

from ivr.errors import WrongSettings
from ivr.settings import Settings


def load(**variables: str) -> Settings:
    """Settings from these variables alone."""
    return Settings.load(variables, env_file=None)


def faults_of(**variables: str) -> list[str]:
    """What is wrong with these variables."""
    with pytest.raises(WrongSettings) as raised:
        load(**variables)
    return raised.value.faults
