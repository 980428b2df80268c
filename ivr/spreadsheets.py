"""Cells of a CSV that a spreadsheet opens: nothing that somebody wrote is run, and all can be read back."""

A_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n", "\0", "'")
"""How a cell begins that a spreadsheet would run or change, and the mark itself (OWASP, "CSV Injection")."""


def safe(value: object) -> object:
    """A cell that no spreadsheet runs: what begins like a formula, or with the mark itself, gets an apostrophe first.

    So whoever reads it back drops one leading apostrophe and has what was kept.
    """
    return f"'{value}" if isinstance(value, str) and value.startswith(A_FORMULA) else value


def plain(cell: str) -> str:
    """What `safe` was given. A cell of another program that begins with an apostrophe, as in 't Hooft, stays so."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(A_FORMULA) else cell
