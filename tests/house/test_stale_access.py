"""What somebody could open a moment ago is refused at the very next request of her open session (R5)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from kring.accounts.actions.profile import set_password
from kring.notifications import outbox, sending
from kring.notifications.models import Delivery, Notice
from kring.people.actions import change_guardianship, end_guardianship, end_role, move_child
from kring.people.actions.sessions import end_sessions
from kring.people.models import Enrolment, Guardianship, TeamRole, User
from kring.posts.models import Post
from tests.cast import TODAY, Cast
from tests.house.scene import Scene, build_scene, go, post_of
from tests.house.test_access_matrix import read_all

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture
def scene(cast: Cast) -> Scene:
    return build_scene(cast)


def places(scene: Scene) -> list[str]:
    """Return a post, a picture and a document of groep 5."""
    ids = scene.ids
    return [
        reverse("posts:read", args=[ids["post"]]),
        reverse("photos:rendition", args=[ids["post.photo"], 400]),
        reverse("posts:document", args=[ids["post.document"]]),
    ]


def answers(client: Client, wanted: list[str]) -> set[int]:
    found = set()
    for place in wanted:
        answer = client.get(place)
        read_all(answer)
        found.add(answer.status_code)
    return found


def again(cast: Cast, role: str) -> Client:
    """Return a fresh sign-in of the same person: what she may see now, apart from her session."""
    client = Client()
    client.force_login(User.objects.get(pk=cast.user(role).pk), "kring.accounts.backends.Backend")
    return client


def guardianship(cast: Cast) -> Guardianship:
    return Guardianship.objects.select_related("school", "child", "person").get(
        person=cast.people["guardian"], child=cast.child
    )


def role_of(cast: Cast) -> TeamRole:
    return TeamRole.objects.select_related("school", "person", "group").get(person=cast.people["teacher"])


def ends_guardianship(cast: Cast) -> None:
    end_guardianship(by=cast.viewer("office"), guardianship=guardianship(cast), ends_on=YESTERDAY)


def sees_less(cast: Cast) -> None:
    change_guardianship(
        by=cast.viewer("office"), guardianship=guardianship(cast), relation="father", authority="no", level="limited",
        ground="Uitspraak",
    )  # fmt: skip


def sees_nothing(cast: Cast) -> None:
    change_guardianship(
        by=cast.viewer("office"), guardianship=guardianship(cast), relation="father", authority="no", level="none",
        ground="Uitspraak",
    )  # fmt: skip


def ends_role(cast: Cast) -> None:
    end_role(by=cast.viewer("office"), role=role_of(cast), ends_on=YESTERDAY)


CHANGES: dict[str, tuple[str, Callable[[Cast], None]]] = {
    "a guardianship ends": ("guardian", ends_guardianship),
    "a guardian sees less": ("guardian", sees_less),
    "a guardian sees nothing": ("guardian", sees_nothing),
    "a role ends": ("teacher", ends_role),
}


@pytest.mark.parametrize("change", CHANGES)
def test_the_next_request_is_refused_in_the_open_session_and_in_a_new_one(scene: Scene, change: str) -> None:
    cast, (role, act) = scene.cast, CHANGES[change]
    wanted = places(scene)
    if role == "teacher":
        wanted.append(reverse("posts:group", args=[scene.ids["school"], scene.ids["group"]]))
        wanted.append(reverse("posts:compose", args=[scene.ids["draft"]]))
    client, bystander = cast.client(role), cast.client("class_parent")
    assert answers(client, wanted) == {200}
    act(cast)
    assert answers(client, wanted) == {302}  # the session ended: the way to sign in
    assert answers(again(cast, role), wanted) == {404}
    assert answers(bystander, places(scene)) == {200}


@pytest.mark.parametrize("how", ["epoch", "password", "closed"])
def test_a_reset_or_a_closed_login_ends_the_open_sessions_of_that_login_only(scene: Scene, how: str) -> None:
    cast, wanted = scene.cast, places(scene)
    client, bystander = cast.client("guardian"), cast.client("class_parent")
    assert answers(client, wanted) == {200}
    user = cast.user("guardian")
    if how == "epoch":
        end_sessions(cast.people["guardian"])
    elif how == "password":
        set_password(by=cast.viewer("guardian"), user=user, password="een heel nieuwe lange zin")
    else:
        User.objects.filter(pk=user.pk).update(is_active=False)
    assert answers(client, wanted) == {302}
    assert answers(bystander, wanted) == {200}


def test_a_child_that_moved_keeps_what_it_was_told_and_gets_nothing_newer(scene: Scene) -> None:
    cast = scene.cast
    later = go(cast, post_of(cast, "Na de verhuizing", cast.five), ago=timedelta(minutes=1))
    client = cast.client("guardian")
    newer = reverse("posts:read", args=[later.public_id])
    assert answers(client, [newer, *places(scene)]) == {200}
    Post.objects.filter(public_id=scene.ids["post"]).update(visible_from=later.visible_from - timedelta(days=9))
    row = Enrolment.objects.select_related("school", "child__school", "group__school_year").get(child=cast.child)
    move_child(by=cast.viewer("office"), enrolment=row, group=cast.six, year_level=6, starts_on=TODAY)
    assert answers(again(cast, "guardian"), [newer]) == {404}
    assert answers(again(cast, "guardian"), places(scene)[:1]) == {200}


def waiting_mail(scene: Scene) -> tuple[Delivery, int]:
    """Return the mail to the guardian that waits about a new post with emphasis, and how many wait in all."""
    cast = scene.cast
    post = post_of(cast, "Met nadruk", cast.five)
    Post.objects.filter(pk=post.pk).update(emphasis=True)
    post.refresh_from_db()
    post = go(cast, post)
    outbox.expand(Notice.objects.get(subject_id=post.pk, kind="posts.published"))
    letters = Delivery.objects.filter(notice__subject_id=post.pk, channel="email")
    letters.update(state="queued")
    return letters.get(user=cast.user("guardian")), letters.count()


@pytest.mark.parametrize(("change", "sent"), [(None, 1), *[(name, 0) for name in CHANGES if "guardian" in name]])
def test_a_mail_that_waits_goes_only_to_who_may_see_it_when_it_leaves(
    scene: Scene, change: str | None, sent: int
) -> None:
    letter, _number = waiting_mail(scene)
    if change:
        CHANGES[change][1](scene.cast)
    assert sending.deliver([letter.pk]) == sent
    assert len(mail.outbox) == sent


def test_who_was_removed_before_the_notice_was_worked_out_is_not_told(scene: Scene) -> None:
    cast = scene.cast
    fresh = Post.objects.get(public_id=scene.ids["fresh"])
    told = Notice.objects.get(kind="posts.published", subject_id=fresh.pk)
    ends_guardianship(cast)
    Post.objects.filter(public_id=scene.ids["fresh"]).update(visible_from=scene.cast.viewer("office").now)
    outbox.expand(told)
    told_to = set(Delivery.objects.filter(notice=told).values_list("user_id", flat=True))
    assert cast.user("guardian").pk not in told_to
    assert cast.user("class_parent").pk in told_to


def test_the_inbox_keeps_no_title_of_what_is_no_longer_hers(scene: Scene) -> None:
    cast = scene.cast
    assert "Naar het bos" in cast.client("guardian").get("/inbox/").content.decode()
    ends_guardianship(cast)
    assert "Naar het bos" not in again(cast, "guardian").get("/inbox/").content.decode()
