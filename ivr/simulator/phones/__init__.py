"""The phones: they dial, listen, press keys and text, and obey the TwiML they are given."""
