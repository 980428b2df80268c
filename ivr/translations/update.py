"""Brings every catalogue up to date with the code: `python -m ivr.translations.update`.

New sentences come in without a translation, those that are said no more go. What is there stays.
"""

import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

FOLDER = Path(__file__).parent
METHODS = [("**.py", "python"), ("web/templates/*.html", "jinja2.ext:babel_extract")]
KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2)}


def extracted() -> Catalog:
    """Every sentence that the code and the public templates say, with where."""
    found = Catalog(fuzzy=False)
    for path, line, message, comments, context in extract_from_dir(
        FOLDER.parent, METHODS, keywords=KEYWORDS, comment_tags=("For translators:",)
    ):
        found.add(message, None, [(path, line)], auto_comments=comments, context=context)
    return found


def catalogue(path: Path) -> Catalog:
    """A catalogue as it is kept."""
    with path.open("rb") as source:
        return read_po(source, locale=path.stem)


def missing(kept: Catalog) -> list[str]:
    """The sentences that a catalogue has no translation of, in each plural form."""
    return [str(one.id) for one in kept if one.id and not all(one.string if one.pluralizable else [one.string])]


def main() -> int:
    """Update all catalogues; exit status 1 while something is not translated."""
    template, untranslated = extracted(), 0
    for path in sorted(FOLDER.glob("*.po")):
        kept = catalogue(path)
        template.creation_date = kept.creation_date  # else every run would change every file
        kept.update(template, no_fuzzy_matching=True)
        kept.obsolete.clear()
        with path.open("wb") as target:
            write_po(target, kept, width=120, sort_output=True, no_location=True, omit_header=False)
        left = missing(kept)
        untranslated += len(left)
        print(f"{path.name}: {len(kept) - len(left)} of {len(kept)} sentences")
        for sentence in left:
            print(f"  without a translation: {sentence}")
    return int(untranslated > 0)


if __name__ == "__main__":
    sys.exit(main())
