"""What people read of the lens: one sentence per photo, and who can see it.

Which children have no consent is told only to who may read the consents (P4). Who may not hears that the photo cannot
go: no name, and no number either.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kring.photos import rules
from kring.photos.rules import Finding, Towards, Verdict


def verdict_sentence(finding: Finding, purpose: str, *, whole_school: bool, may_read: bool) -> str:
    """Return the sentence for one photo. `may_read`: she may know of whom consent does not stand."""
    if finding.verdict == Verdict.FINE:
        return _("Fine")
    if finding.verdict == Verdict.CHECK:
        return _("Say who is in it. Or look at the school's list: may every child in this photo be shown to the group?")
    if finding.verdict == Verdict.SAY_WHO:
        if purpose == rules.OWN_GUARDIANS:
            return _("First say who is in it.")
        return _("First say who is in it: this photo goes to more than its own group.")
    number = len(finding.children)
    if finding.verdict == Verdict.NOT_ALONE:
        return ngettext(
            "Another child is in it too, so it cannot go to one child's parents alone.",
            "%(n)d other children are in it too, so it cannot go to one child's parents alone.",
            number,
        ) % {"n": number}
    return _no_consent(number if may_read else 0, purpose, whole_school=whole_school)


def _no_consent(number: int, purpose: str, *, whole_school: bool) -> str:
    """Return that a photo may not be shown; with how many children that is about, unless `number` is 0."""
    words = {"n": number}
    if purpose == rules.APP_GROUP:
        if not number:
            return _("This photo may not be shown to the group.")
        told = ngettext(
            "%(n)d child may not be shown to the group.", "%(n)d children may not be shown to the group.", number
        )
        return told % words
    if whole_school:
        if not number:
            return _("This photo may not be shown to the whole school.")
        return (
            ngettext(
                "%(n)d child may not be shown to the whole school.",
                "%(n)d children may not be shown to the whole school.",
                number,
            )
            % words
        )
    if not number:
        return _("This photo may not be shown beyond its own group.")
    return (
        ngettext(
            "%(n)d child may not be shown beyond the own group.",
            "%(n)d children may not be shown beyond the own group.",
            number,
        )
        % words
    )


def elsewhere_sentence(finding: Finding, place: str, *, may_read: bool) -> str:
    """Return why a photo may not be used outside Kring, in `place` ("Website")."""
    if finding.verdict == Verdict.SAY_WHO:
        return _("First say who is in it: outside Kring everybody in a photo must have consent.")
    number = len(finding.children)
    if not may_read:
        return _("%(place)s: this photo may not be used there.") % {"place": place}
    return ngettext(
        "%(place)s: %(n)d child may not be shown there.", "%(place)s: %(n)d children may not be shown there.", number
    ) % {"place": place, "n": number}


def whom(towards: Towards, *, school: str, groups: Sequence[str], layers: Sequence[str]) -> str:
    """Return whose parents something is for: "parents of Groep 5 and Groep 6", "all parents of De Beuk"."""
    if towards.whole_school:
        return _("all parents of %(school)s") % {"school": school}
    names = [*layers, *groups]
    if not names:
        return _("those for whom it was placed")
    return _("parents of %(groups)s") % {"groups": listed(names)}


def listed(names: Sequence[str]) -> str:
    """Return names in one breath: "Joep", "Joep and Mila", "Joep, Mila and Noor"."""
    *first, last = names
    return _("%(first)s and %(last)s") % {"first": ", ".join(first), "last": last} if first else last


def families(number: int, *, is_exact: bool) -> str:
    """Return a number of families: exactly for the team, in fives for everybody else (see seen_by.py)."""
    if is_exact:
        return ngettext("%(n)d family", "%(n)d families", number) % {"n": number}
    if not rules.about(number):
        return _("a few families")
    return _("about %(n)d families") % {"n": rules.about(number)}


def kept_back_sentence(code: str, names: Sequence[str]) -> str:
    """Return why a photo that was placed is kept back, for the consent `code` that does not stand.

    With names, or without any for who may not know whose consent that is.
    """
    if code == rules.OWN_GUARDIANS:
        return _("It was for the parents of one child, and another child is in it too.")
    number, words = len(names) or 1, {"names": listed(names) if names else _("Somebody in this photo")}
    if code == rules.APP_GROUP:
        told = ngettext("%(names)s may not be shown to the group.", "%(names)s may not be shown to the group.", number)
    elif code == rules.APP_SCHOOL:
        told = ngettext(
            "%(names)s may not be shown beyond the own group.",
            "%(names)s may not be shown beyond the own group.",
            number,
        )
    else:
        told = ngettext("%(names)s may not be shown there.", "%(names)s may not be shown there.", number)
    return told % words


def lapsed_sentence(names: Sequence[str]) -> str:
    """Return that a yes of before counts no more: who said it does not answer for these children now."""
    return _("The yes for %(names)s does not count any more: of those with authority nobody has answered yet.") % {
        "names": listed(names)
    }
