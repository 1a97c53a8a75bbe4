"""Whatever the app tells, by push and by mail: no child's name, no text, no title, and every push is equally long.

The kinds are those of the registry. A kind that says anything of its own outside the app must have a case in its
room's `notice_cases.py` (see telling.py), else it fails here. One that says nothing of its own leaves as the common
words, which the others prove, and is better for having a case too.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from django.utils import translation
from pytest_django.fixtures import Settings

from kring.notifications import outbox
from kring.notifications.channels import push
from kring.notifications.models import Delivery, DeliveryState, Notice
from kring.notifications.notice import NoticeKind, all_kinds
from kring.notifications.rules import Bundle, Channel
from kring.people.models import TeamRole, User
from kring.school.models import School
from tests.cast import NOW, Cast
from tests.notifications.telling import (
    Post,
    by_push,
    cases,
    device_of,
    people,
    post_office,
    send_due,
    subject_of,
    tell,
    words_of,
)

pytestmark = pytest.mark.django_db
KINDS = sorted(name for name in all_kinds() if not name.startswith("tests."))
CASES = cases()
ENCRYPTED = 86 + push.LENGTH + 17  # header with the key (RFC 8188), the words, a padding byte and the seal
LANGUAGES = ("nl", "en")


@pytest.fixture
def post(cast: Cast, settings: Settings, tmp_path: Path) -> Iterator[Post]:
    with post_office(cast, settings, tmp_path) as found:
        yield found


def has_own_words(kind: type[NoticeKind]) -> bool:
    """Say whether something of this kind itself can leave: its words for a mail, or who wrote."""
    return kind.outside is not NoticeKind.outside or kind.sender is not NoticeKind.sender


def test_each_kind_with_words_of_its_own_has_a_case_and_no_case_is_without_its_kind() -> None:
    own = {name for name in KINDS if has_own_words(all_kinds()[name])}
    assert own <= set(CASES), "give it a case in the room's notice_cases.py"
    assert set(CASES) <= set(KINDS)
    assert {"posts.published", "posts.tomorrow", "conversations.to_family"} <= own


def says_nothing(text: str, secrets: list[str]) -> None:
    for word in secrets:
        assert word.lower() not in text.lower(), f"{word} stands in: {text}"


@pytest.mark.parametrize("names_sender", [False, True], ids=["without sender", "with sender"])
@pytest.mark.parametrize("kind", sorted(CASES))
def test_what_leaves_says_nothing(cast: Cast, post: Post, kind: str, names_sender: bool) -> None:
    adults = people()
    School.objects.update(push_names_sender=names_sender)
    for number, user in enumerate(User.objects.order_by("pk")):
        User.objects.filter(pk=user.pk).update(language=LANGUAGES[number % 2])
    CASES[kind](cast)
    assert tell(kind) > 0, "somebody is told"
    assert post.pushes, "by push"
    for came in post.pushes:
        says_nothing(came.text, post.secrets)
        assert len(came.body) == ENCRYPTED
        assert came.headers["urgency"] in ("normal", "high")
    assert bool(post.letters) == (all_kinds()[kind].by_mail or _has_emphasis(kind)), "by mail, when it is worth one"
    for _to, letter in post.letters:
        says_nothing(words_of(letter), post.secrets)
        says_nothing(subject_of(letter), adults)
    named = {name for name in adults for came in post.pushes if name in came.text}
    assert named <= (set(TeamRole.objects.values_list("person__last_name", flat=True)) if names_sender else set())
    _titles_stay_inside(kind, post)


def _has_emphasis(kind: str) -> bool:
    notice = Notice.objects.filter(kind=kind).order_by("-pk")[0]
    told = all_kinds()[kind].about(notice.subject_id)
    return told is not None and told.has_emphasis()


def _titles_stay_inside(kind: str, post: Post) -> None:
    """The line in the inbox is for who signed in; only what a kind says outside on purpose may be the same."""
    notice = Notice.objects.filter(kind=kind).order_by("-pk")[0]
    told = all_kinds()[kind].about(notice.subject_id)
    if told is None or not told.in_inbox:
        return
    for language in LANGUAGES:
        with translation.override(language):
            lines = [line for line in (told.title(), told.text()) if line]
        for line in lines:
            assert not [came for came in post.pushes if line in came.text]
            assert not [letter for _to, letter in post.letters if line in words_of(letter)]


def test_a_school_that_wants_it_shows_who_of_the_team_wrote(cast: Cast, post: Post) -> None:
    people()
    teacher = cast.people["teacher"]
    teacher.refresh_from_db()
    for names_sender in (False, True):
        post.pushes.clear()
        School.objects.update(push_names_sender=names_sender)
        for kind in ("posts.published", "conversations.to_family"):
            CASES[kind](cast)
            tell(kind)
        bodies = {came.says["body"] for came in post.pushes}
        assert any(teacher.last_name in body for body in bodies) == names_sender
        if names_sender:
            assert all(teacher.last_name in body for body in bodies), "of both kinds"


def test_no_device_of_the_team_shows_the_name_of_a_parent(cast: Cast, post: Post) -> None:
    people()
    guardian = cast.people["guardian"]
    guardian.refresh_from_db()
    School.objects.update(push_names_sender=True)
    for kind in ("conversations.to_team", "conversations.report_made"):
        CASES[kind](cast)
        tell(kind)
    assert post.pushes
    assert not [came for came in post.pushes if guardian.last_name in came.text]


def test_what_was_held_comes_as_one_push_that_says_how_many(cast: Cast, post: Post) -> None:
    night = NOW.replace(hour=21)
    with time_machine.travel(night, tick=False):
        CASES["consents.withdrawn"](cast)
        CASES["consents.withdrawn"](cast)
        for notice in Notice.objects.filter(kind="consents.withdrawn"):
            outbox.expand(notice)
        assert send_due(by_push()) == 0
    assert set(by_push().values_list("bundle", flat=True)) == {Bundle.HELD}
    with time_machine.travel(NOW.replace(day=25, hour=8), tick=False):
        send_due(by_push())
    teacher = [came for came in post.pushes if came.device == device_of(cast.user("teacher"))]
    assert [came.says["body"] for came in teacher] == ["2 nieuwe berichten"]
    assert teacher[0].says["url"] == "/inbox/"
    for came in post.pushes:
        says_nothing(came.text, post.secrets)
        assert len(came.body) == ENCRYPTED


def test_a_calamity_breaks_through_the_night_and_says_no_more_than_that_it_is_urgent(cast: Cast, post: Post) -> None:
    night = NOW.replace(hour=23)
    with time_machine.travel(night, tick=False):
        CASES["posts.calamity"](cast)
    tell("posts.calamity")
    told = {came.device for came in post.pushes}
    assert device_of(cast.user("teacher")) in told
    assert device_of(cast.user("guardian")) in told
    for came in post.pushes:
        assert came.headers["urgency"] == "high"
        assert came.says["body"].startswith("Graag snel lezen")
        says_nothing(came.text, post.secrets)
        assert len(came.body) == ENCRYPTED
    assert {subject_of(letter) for _to, letter in post.letters} == {"Lees dit snel: bericht van De Beuk"}


def test_what_has_emphasis_goes_by_push_and_by_mail_to_the_same_people(cast: Cast, post: Post) -> None:
    with time_machine.travel(NOW.replace(hour=21), tick=False):
        CASES["posts.outing_changed"](cast)
    tell("posts.outing_changed")
    assert {came.headers["urgency"] for came in post.pushes} == {"high"}
    assert {subject_of(letter) for _to, letter in post.letters} == {"Lees dit snel: bericht van De Beuk"}
    told = set(by_push().filter(state=DeliveryState.SENT).values_list("user_id", flat=True))
    mailed = Delivery.objects.filter(channel=Channel.EMAIL, state=DeliveryState.SENT)
    assert told == set(mailed.values_list("user_id", flat=True))
    assert cast.user("guardian").pk in told
