"""The carrier floor: signatures, forms, what webhooks mean, TwiML, REST against the simulator."""
