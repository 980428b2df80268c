"""The ground floor of the phone network: the only twilio, and the only place that knows its wire.

`forms` and `signatures` let a webhook in, `inbound` says what it means in our words, `twiml` writes what we answer,
`rest` asks the carrier to do things.
"""
