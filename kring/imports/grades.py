"""From the codes for years in a file to the Dutch groups 1 to 8. The school sees this table and may change it.

OneRoster uses the codes of CEDS "Entry Grade Level": PK, TK, KG, 01 … 13. A Dutch groep 1 to 8 is not such a grade,
so a file can mean either "01 is groep 1" or "KG is groep 2 and 01 is groep 3".
"""

from __future__ import annotations

from collections.abc import Iterable

DUTCH = {str(n): n for n in range(1, 9)}
INTERNATIONAL = {"PK": 1, "TK": 1, "KG": 2, **{str(n): n + 2 for n in range(1, 7)}}


def normal(code: str) -> str:
    """Return `code` in one spelling: "01", "1" and " 1 " are the same year, "kg" is "KG"."""
    code = code.strip().upper()
    return code.lstrip("0") or code if code.isdigit() else code


def default_levels(codes: Iterable[str]) -> dict[str, int | None]:
    """Return a year level (1 to 8) for each code, or None where only the school can say.

    When kindergarten (KG, PK or TK) stands beside grades up to 6 only, the file counts as the rest of the world does;
    else its numbers are the Dutch groups.
    """
    codes = sorted(set(codes))
    numbers = {int(code) for code in codes if code.isdigit()}
    is_international = bool({"KG", "PK", "TK"} & set(codes)) and bool(numbers) and max(numbers) <= 6
    table = INTERNATIONAL if is_international else {**DUTCH, "PK": 1, "TK": 1, "KG": 2}
    return {code: table.get(code) for code in codes}
