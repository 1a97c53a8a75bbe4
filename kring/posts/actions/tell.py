"""Telling people more than once, or at once: a reminder to who has not read, and a calamity message."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kring.agreements.current import policy_for
from kring.audit import actions as audit
from kring.core.access import Refused, require
from kring.core.formatting import to_html
from kring.core.viewer import Viewer
from kring.notifications.actions import notify, remind_those_who_have_not
from kring.people.actions.audience import make_audience
from kring.posts import rules
from kring.posts.models import Evening, Post
from kring.posts.notices import CalamityTold, PostReminder, TomorrowTold
from kring.posts.permissions import can_remind, can_send_calamity, target_of
from kring.posts.reach import reached_children
from kring.posts.rules import Kind, State
from kring.school.models import School

JUST_NOW = timedelta(minutes=10)


@transaction.atomic
def remind_unread(*, by: Viewer, post: Post) -> None:
    """Tell those families once more that nobody of them has read this post. Once a day at most, by whoever looks after
    it; never by itself. Raises Refused when that happened today, or when every family was reached."""
    require(can_remind(by, post, target_of(post)))
    if post.audience is None or not reached_children(post, on=post.school.today(by.now)).missing:
        raise Refused(_("Every family has read it: there is nobody to remind."))
    remind_those_who_have_not(PostReminder(post), by=by, audience=post.audience, school=post.school)
    audit.record(by=by, what="post.reminded", about=post)


@transaction.atomic
def send_calamity(*, by: Viewer, school: School, title: str, text: str, reason: str, token: str = "") -> Post:
    """Tell everybody of the school at once: families and team, by device and mail both, whatever their hours (S8).

    As with every post nobody can read it for fifteen seconds, so that it can be undone. `reason` says why it could
    not wait; management reads it, families do not. The same `token` is sent once, however often it comes, at the same
    moment too. Raises NotAllowed for who may not (S8).
    """
    require(can_send_calamity(by, school.pk, policy_for(school.pk, at=by.now)))
    title, reason = title.strip()[:120], reason.strip()[:200]
    if not title or not reason:
        raise Refused(_("Say what happened, and why it cannot wait."))
    known = Post.objects.filter(school=school, calamity_token=token or None)
    if token and (sent := known.first()):
        return sent
    a_moment_ago = Post.objects.calamities(school_id=school.pk, since=by.now - JUST_NOW)
    if a_moment_ago.filter(title=title, state=State.PUBLISHED).exists():
        raise Refused(_("This was sent just now. Change the first line to send another."))
    try:
        with transaction.atomic():
            return _tell_everybody(by, school, title, text, reason, token)
    except IntegrityError:  # the second tap of the same form was as quick
        if token and (sent := known.first()):
            return sent
        raise


def _tell_everybody(by: Viewer, school: School, title: str, text: str, reason: str, token: str) -> Post:
    post = Post.objects.create(
        school=school,
        author_id=by.person_at(school.pk),
        kind=Kind.ANNOUNCEMENT,
        state=State.PUBLISHED,
        title=title,
        source=text[:10_000],
        body=to_html(text[:10_000]),
        audience=make_audience(school=school, whole_school=True),
        emphasis=True,
        calamity_reason=reason,
        calamity_token=token or None,
        created_at=by.now,
        saved_at=by.now,
        visible_from=by.now + rules.UNDO,
    )
    audit.record(by=by, what="post.calamity", about=post)
    if post.audience is not None and post.visible_from is not None:
        notify(CalamityTold(post), audience=post.audience, school=school, not_before=post.visible_from, by=by)
    return post


@transaction.atomic
def tell_of_tomorrow(
    *, school: School, day: date, hour: int, now: datetime, kind: type[TomorrowTold] = TomorrowTold
) -> bool:
    """Tell families who chose this hour (the school's wall clock) that something is on `day`; say whether it is new.

    Only by the clock, which may give the `kind` of a room above that counts more. Who has nothing on that day is not
    told: that is asked for each of them when it goes out.
    """
    try:
        with transaction.atomic():
            evening = Evening.objects.create(school=school, day=day, hour=hour)
    except IntegrityError:
        return False
    audience = make_audience(school=school, whole_school=True)
    notify(kind(evening), audience=audience, school=school, not_before=now)
    return True
