"""Parents who must not meet through a post: kept apart, or shielded; beside the same post without that."""

from __future__ import annotations

import pytest
from django.urls import reverse

from kring.agreements.models import Agreement
from kring.people.actions import keep_apart, stop_keeping_apart, unshield_child
from kring.posts.actions import add_comment
from kring.posts.models import Post
from kring.posts.permissions import Target
from tests import factories as make
from tests.agreements.making import publish
from tests.cast import Cast
from tests.posts.writing import draft, one, published

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def ex(cast: Cast) -> str:
    """Make a second full guardian of the child, who comments under a post; return the role's name."""
    person = make.PersonFactory(
        school=cast.school, user=make.UserFactory(), first_name="Ex", last_name="Kanarie", email="ex@example.org"
    )
    make.GuardianshipFactory(child=cast.child, person=person)
    cast.people["ex"] = person
    return "ex"


def commented(cast: Cast) -> Post:
    publish(cast, {"reactions.group": "comments"})
    post = published(cast)
    add_comment(by=cast.viewer("ex"), post=post, text="Mooi gedaan")
    return post


def page_of(cast: Cast, role: str, post: Post) -> str:
    return cast.client(role).get(reverse("posts:read", args=[post.public_id])).content.decode()


def test_who_is_kept_apart_never_meets_the_others_comment_and_the_team_and_others_do(cast: Cast, ex: str) -> None:
    post = commented(cast)
    assert "Ex Kanarie" in page_of(cast, "guardian", post)
    apart = keep_apart(by=cast.viewer("office"), child=cast.child, one=cast.people["guardian"], other=cast.people[ex])
    assert "Kanarie" not in page_of(cast, "guardian", post)
    assert "Mooi gedaan" not in page_of(cast, "guardian", post)
    for role in ("class_parent", "teacher", "office", ex):
        assert "Ex Kanarie" in page_of(cast, role, post)
    stop_keeping_apart(by=cast.viewer("office"), apart=apart)
    assert "Ex Kanarie" in page_of(cast, "guardian", post)


def test_two_guardians_of_one_child_never_meet_each_others_address_and_number(cast: Cast, ex: str) -> None:
    cast.people[ex].phone = "06-99887766"
    cast.people[ex].save()
    post = commented(cast)
    places = ["/", "/more/", "/arrange/", "/older/", "/account/profile/", "/inbox/", f"/posts/{post.public_id}/"]
    client, office = cast.client("guardian"), cast.client("office")
    met = "".join(client.get(place, follow=True).content.decode() for place in places)
    assert "ex@example.org" not in met
    assert "06-99887766" not in met
    kept = office.get(reverse("people:person", args=[cast.school.public_id, cast.people[ex].public_id]))
    assert "06-99887766" in kept.content.decode()


def who_can_see(cast: Cast, role: str) -> str:
    whole = Target(whole_school=True)
    post = draft(cast, by=role, kind="announcement", target=whole)
    answer = cast.client(role).post(
        reverse("posts:compose", args=[post.public_id]),
        {"title": "Feest", "source": "Kom", "audience": "school", "when": "now", "action": "preview"},
    )
    return answer.content.decode()


def test_a_shielded_child_is_in_no_count_that_the_parent_council_sees_and_in_the_teams(cast: Cast) -> None:
    publish(cast, {"wide_posting.council_may_post": True})
    assert Agreement.objects.published().count() == 1
    # Joep, Saar, Mila, Bo, Kik; and Noor, who is shielded.
    for role, children, parents in (("parent_council", 5, 4), ("management", 6, 5)):
        text = who_can_see(cast, role)
        assert f"{children} kinderen" in text
        assert f"{parents} ouders" in text
    unshield_child(by=cast.viewer("office"), child=cast.shielded)
    text = who_can_see(cast, "parent_council")
    assert "6 kinderen" in text
    assert "5 ouders" in text


def test_a_talk_of_a_shielded_child_is_shown_to_its_family_and_team_and_without_shield_to_the_class(
    cast: Cast,
) -> None:
    talk = one(child=cast.shielded, text="Egels in de tuin")
    post = published(cast, kind="homework", title="Spreekbeurten", items=[talk])
    reads = {"guardian": False, "class_parent": False, "shielded_guardian": True, "teacher": True, "office": True}
    for role, meets in reads.items():
        text = page_of(cast, role, post)
        assert (role, "Noor" in text, "Egels" in text) == (role, meets, meets)
    assert "Egels" not in cast.client("class_parent").get("/").content.decode()
    unshield_child(by=cast.viewer("office"), child=cast.shielded)
    for role in reads:
        assert "Noor" in page_of(cast, role, post)
