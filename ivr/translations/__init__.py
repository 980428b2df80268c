"""The catalogues: what we write to people, in every language but English, one file of gettext's for each.

English is in the code and the templates. To add a language, add an empty `xx.po`, run
`python -m ivr.translations.update`, and translate what it has put there; `make test` tells what is missing.
"""
