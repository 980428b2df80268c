"""The clips that Third Ring ships with: their words, their recordings, and how these are made.

A words file has one entry per clip: `{"say": "...", "spoken": "..."}`. `say` is what is shown and what <Say>
speaks when there is no recording; `spoken`, where it differs, is the same sentence spelled for the
synthesiser (Arabic is fully vowelled there, because an engine misreads bare text).
"""
