"""A recording goes in, a file fit for the telephone comes out.

`wav` reads and writes WAV files, `level` says how loud speech is and makes it as loud as it should be,
`telephone` (the only home of pydub) makes a recording fit for a call, and `library` holds the recordings the
product plays. `greetings/` is what it ships with: the words of every clip, and their recordings. Nothing here
knows of `ivr`; only `telephone` and `greetings.make` need pydub, so playing does not load it.
"""
