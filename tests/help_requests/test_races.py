"""Two at once: the 7th of 6 places, a form that is sent twice, two colleagues who place the same request."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from kring.agenda.models import Place, Signup
from kring.help_requests import actions
from kring.help_requests.models import HelpRequest, IntakeAddress, Reply, Responder
from kring.people.viewers import viewer_for
from kring.posts.actions import undo_post
from kring.posts.models import Post
from kring.posts.permissions import Target
from tests import factories as make
from tests.cast import Cast
from tests.conversations.test_races import quietly
from tests.help_requests.asking import address, content, council, fresh, handed_in, in_talk, says, task
from tests.photos.test_withdrawing_races import at_once

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]


def families(cast: Cast, number: int) -> list[str]:
    """Add this many families to groep 5."""
    names = []
    for n in range(number):
        name = f"family{n}"
        person = make.PersonFactory(school=cast.school, user=make.UserFactory(email=f"{name}@example.org"))
        child = make.ChildFactory(school=cast.school)
        make.EnrolmentFactory(child=child, group=cast.five, year_level=5)
        make.GuardianshipFactory(child=child, person=person)
        cast.people[name] = person
        names.append(name)
    return names


def test_of_eight_who_reply_at_once_exactly_six_have_a_place_and_two_wait(cast: Cast) -> None:
    request = in_talk(cast, tasks=(("", 6),))
    viewers = [viewer_for(cast.user(name), now=timezone.now()) for name in families(cast, 8)]
    stale = fresh(request)
    at_once(*[lambda by=by: actions.reply(by=by, request=stale, says="can") for by in viewers])  # type: ignore[misc]
    assert Reply.objects.filter(says="can").count() == 8
    assert sorted(Place.objects.values_list("number", flat=True)) == [1, 2, 3, 4, 5, 6]
    assert Signup.objects.filter(state="waiting").count() == 2


def test_without_the_constraint_the_seventh_would_be_written(cast: Cast) -> None:
    request = in_talk(cast, tasks=(("", 1),))
    says(cast, request)
    offer = task(request).offer
    other = Signup.objects.create(school=cast.school, offer=offer, name="Opa Jan", said_at=timezone.now())
    seen = [Place.objects.filter(offer=offer, number=2).exists() for _tap in range(2)]
    assert seen == [False, False], "each finds number 2 free, and writes"
    Place.objects.create(offer=offer, signup=other, number=2)
    with pytest.raises(IntegrityError), transaction.atomic():
        Place.objects.create(offer=offer, signup=other, number=2)


def test_one_parent_who_taps_four_times_has_one_reply_and_one_place(cast: Cast) -> None:
    request = in_talk(cast, tasks=(("", 6),))
    by, stale = viewer_for(cast.user("guardian"), now=timezone.now()), fresh(request)
    at_once(*[lambda: actions.reply(by=by, request=stale, says="can") for _tap in range(4)])
    assert (Reply.objects.count(), Place.objects.count()) == (1, 1)


def test_without_the_constraint_two_replies_of_one_parent_would_be_written(cast: Cast) -> None:
    request = in_talk(cast)
    own = {"school": cast.school, "request": request, "person": cast.people["guardian"], "made_at": timezone.now()}
    assert [Reply.objects.filter(request=request).exists() for _tap in range(2)] == [False, False]
    Reply.objects.create(says="can", **own)
    with pytest.raises(IntegrityError), transaction.atomic():
        Reply.objects.create(says="cannot", **own)


def test_two_colleagues_place_it_and_it_stands_once(cast: Cast) -> None:
    request = handed_in(cast)
    viewers = [viewer_for(cast.user(name), now=timezone.now()) for name in ("teacher", "duo")]
    said, copies = content(cast), [fresh(request), fresh(request)]
    at_once(*[
        quietly(lambda by=by, copy=copy: actions.place_in_talk(by=by, request=copy, content=said))  # type: ignore[misc]
        for by, copy in zip(viewers, copies, strict=True)
    ])  # fmt: skip
    assert cast.five.conversations.count() == 1
    assert HelpRequest.objects.get().state == "placed"
    assert Responder.objects.staying().count() == 1


def test_what_was_taken_back_is_placed_again_once(cast: Cast) -> None:
    request = handed_in(cast, by="parent_council")
    said, everybody = content(cast, "parent_council"), Target(whole_school=True)
    actions.place_in_post(by=cast.viewer("office"), request=request, content=said, target=everybody)
    undo_post(by=cast.viewer("office"), post=fresh(request).post)
    viewers = [viewer_for(cast.user(name), now=timezone.now()) for name in ("office", "management")]
    copies = [fresh(request), fresh(request)]
    at_once(*[
        quietly(lambda by=by, copy=copy: actions.place_in_post(  # type: ignore[misc]
            by=by, request=copy, content=said, target=everybody
        ))
        for by, copy in zip(viewers, copies, strict=True)
    ])  # fmt: skip
    assert Post.objects.filter(state="published").count() == 1


def test_she_calls_it_back_while_it_is_placed_and_one_of_the_two_happens(cast: Cast) -> None:
    request = handed_in(cast)
    parent, teacher = (viewer_for(cast.user(name), now=timezone.now()) for name in ("class_parent", "teacher"))
    said, first, second = content(cast), fresh(request), fresh(request)
    at_once(
        quietly(lambda: actions.place_in_talk(by=teacher, request=first, content=said)),
        quietly(lambda: actions.call_back(by=parent, request=second)),
    )
    state = HelpRequest.objects.get().state
    assert (state, cast.five.conversations.count()) in {("placed", 1), ("draft", 0)}


def test_a_reply_at_the_moment_of_closing_is_in_or_refused_and_never_lost(cast: Cast) -> None:
    request = in_talk(cast, tasks=(("", 6),))
    stale, other = fresh(request), fresh(request)
    by, closer = (viewer_for(cast.user(name), now=timezone.now()) for name in ("guardian", "class_parent"))
    at_once(
        quietly(lambda: actions.reply(by=by, request=stale, says="can")),
        quietly(lambda: actions.close_request(by=closer, request=other)),
    )
    assert HelpRequest.objects.get().state == "closed"
    assert Reply.objects.count() == Place.objects.count()


def test_one_address_is_made_by_two_windows(cast: Cast) -> None:
    by = viewer_for(cast.user("parent_council"), now=timezone.now())
    at_once(*[lambda: actions.make_address(by=by, seat=council(cast)) for _window in range(3)])
    assert IntakeAddress.objects.count() == 1


def test_without_the_constraint_two_addresses_would_stand(cast: Cast) -> None:
    made = address(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        IntakeAddress.objects.create(
            school=cast.school, person=made.person, asked_as="parent_council", token="b" * 26, made_at=timezone.now()
        )


def test_two_responders_remind_and_one_reminder_goes_out(cast: Cast) -> None:
    from kring.notifications.models import Notice

    request = in_talk(cast, "class_parent", "duo")
    viewers = [viewer_for(cast.user(name), now=timezone.now()) for name in ("class_parent", "duo")]
    copies = [fresh(request), fresh(request)]
    at_once(*[
        quietly(lambda by=by, copy=copy: actions.remind(by=by, request=copy))  # type: ignore[misc]
        for by, copy in zip(viewers, copies, strict=True)
    ])  # fmt: skip
    assert Notice.objects.filter(kind="help_requests.reminder").count() == 1
