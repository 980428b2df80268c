"""A recording goes in, a file fit for the telephone comes out.

`fitting` is the whole way: `recording` decodes whatever somebody gave, by `ffmpeg` (which runs within limits, by
`confined`), `listening` says what is heard in it, `telephone` (the only home of pydub) trims and levels it, and
`waveform` draws it. `wav` reads and writes WAV files, `level` says how loud speech is and makes it as loud as it should
be. `library` holds the recordings the product plays; `greetings/` is what it ships with: the words of every clip, and
their recordings. Nothing here knows of `ivr`.
"""
