"""Sentences of the pages: what is said beside a purpose, who sees it, when a choice can change."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.dates import MONTHS
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kring.agreements.clauses.clause import capital, listed, teachers, who
from kring.agreements.policy import Policy
from kring.consents.listing import Listing
from kring.consents.rules import Stand
from kring.consents.sheet import Line, Sheet


def beside(line: Line, sheet: Sheet, *, apart: bool) -> list[str]:
    """Return what her page says beside this purpose, in one or two short sentences; often nothing.

    When she is kept apart from another guardian (`apart`) it is about her own answers alone: what counts would tell
    her what the other chose.
    """
    if line.is_dropped:
        return [_("The school does not ask this any more. Your yes still stands; you can withdraw it.")]
    found = []
    if line.own is None:
        if apart:
            found.append(_("You have not chosen yet."))
        elif line.stand == Stand.YES:
            found.append(_("You have not chosen yet. Somebody with a say did, so now it is: yes."))
        else:
            found.append(_("You have not chosen yet, so now it is: no."))
    elif line.own and line.stand == Stand.NO and not apart:
        found.append(_("You said yes. Not everybody with a say did, so now it is: no."))
    if line.is_asked_again:
        found.append(_("Is this still right? Until you change it, it counts."))
    if line.own is not None and not line.same_words:
        found.append(_("The school changed this explanation since you chose."))
    if line.own is False and not line.may_say_yes:
        found.append(_("You can choose yes again in %(month)s.") % {"month": MONTHS[sheet.month]})
    return found


def beside_on_paper(line: Line) -> list[str]:
    """Return what the office reads beside a purpose while it enters a paper: about that one guardian's answers."""
    if line.is_dropped:
        return [_("The school does not ask this any more. The yes still stands and can be withdrawn.")]
    if line.own is None:
        return [_("Not chosen yet.")]
    if not line.may_say_yes and not line.own:
        return [_("A no can become a yes in the month the school agreed. Withdrawing a yes is always possible.")]
    return [_("Asked again this school year.")] if line.is_asked_again else []


def when_to_choose(sheet: Sheet) -> str:
    """Return when a choice can change, as the agreement prints it (S5)."""
    if sheet.window == "always":
        return _("You choose for each purpose. You can always change it, and it counts at once.")
    month = {"month": MONTHS[sheet.month]}
    return (
        _("You choose for each purpose. You can change it in %(month)s; withdrawing a yes is always possible.") % month
    )


def who_sees_answers(policy: Policy, groups: Iterable[str], *, child: str) -> str:
    """Return who sees what a guardian chose, as P4 says, for her own page."""
    names = {"teachers": teachers(policy), "groups": listed(groups), "child": child}
    if list(groups):
        found = [_("What counts is seen by %(teachers)s of %(groups)s.") % names]
    else:
        found = [_("What counts is seen by %(teachers)s of the group.") % names]
    readers = policy.consent_readers.roles
    if readers:
        see = ngettext("%(readers)s sees who chose what.", "%(readers)s see who chose what.", len(readers))
        found.append(capital(see % {"readers": who(readers, policy)}))
    found.append(_("Who also has a say over %(child)s sees what counts, and not what you chose.") % names)
    found.append(_("Other parents never see it."))
    return " ".join(found)


def who_sees_list(policy: Policy, group: str) -> str:
    """Return who sees the list of a group, as P4 says."""
    seeing = [_("%(teachers)s of %(group)s") % {"teachers": teachers(policy), "group": group}]
    seeing += [who([role], policy) for role in policy.consent_readers.roles]
    return capital(_("%(who)s. A parent sees only the own child.") % {"who": listed(seeing)})


def who_sees_reasons(policy: Policy) -> str:
    """Return who sees who chose what, as P4 says."""
    readers = who(policy.consent_readers.roles, policy)
    return capital(_("Only %(readers)s. The team sees what counts, not who chose it.") % {"readers": readers})


def when_we_ask(policy: Policy) -> str:
    """Return when the yearly round begins by itself (S5)."""
    month = MONTHS[policy.consent_purposes.renewal_month]
    return _("Each year in %(month)s Kring asks all families again by itself.") % {"month": month}


def filters(listing: Listing) -> list[tuple[str, str]]:
    """Return the filters of a group's list with how many children each shows."""
    counts = listing.counts
    since = date_format(listing.changed_since, "j F")
    return [
        ("all", _("All %(number)s") % {"number": counts["all"]}),
        ("no", _("With a no, %(number)s") % {"number": counts["no"]}),
        ("open", _("Still open, %(number)s") % {"number": counts["open"]}),
        ("changed", _("Changed since %(day)s, %(number)s") % {"day": since, "number": counts["changed"]}),
    ]


def who_reads(policy: Policy) -> str:
    """Return who may look at the lists at all, for office and management who may not (P4)."""
    return _("According to your agreements only %(teachers)s of a group know which children may be shown.") % {
        "teachers": teachers(policy)
    }
