"""The feed: newest first, in pages that miss nothing, and with an end; older by month; search."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from kring.posts.actions import mark_seen
from kring.posts.models import Post
from tests import factories as make
from tests.cast import NOW, Cast
from tests.home.telling import news_of, pile, tell, titles_of
from tests.photos.conftest import MakePhoto, add, ready  # noqa: F401  fixtures of the room photos
from tests.posts.writing import draft, one

pytestmark = pytest.mark.django_db
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def minutes_ago(*minutes: int) -> list[datetime]:
    return [NOW - timedelta(minutes=n) for n in minutes]


def test_a_family_without_news_is_told_so(cast: Cast) -> None:
    page = cast.client("guardian").get("/").content.decode()
    assert "Nog geen nieuws" in page
    assert "U bent bij" not in page


def test_a_short_feed_ends_with_u_bent_bij(cast: Cast) -> None:
    pile(cast, minutes_ago(10, 20))
    page = cast.client("guardian").get("/").content.decode()
    assert "U bent bij" in page
    assert "De volgende 20" not in page


@pytest.mark.both_databases
def test_pages_of_twenty_show_every_post_once_and_the_last_one_ends(cast: Cast) -> None:
    posts = pile(cast, minutes_ago(*range(10, 55)))
    client, seen, address, pages = cast.client("guardian"), [], "/", 0
    while address:
        answer = client.get(address)
        seen += titles_of(answer.context["news"])
        pages += 1
        page = answer.content.decode()
        assert ("U bent bij" in page) == (pages == 3)
        following = re.search(r'href="(\?before=[^"]+)"', page)
        address = f"/{following.group(1)}" if following else ""
    assert pages == 3
    assert seen == [post.title for post in posts]


@pytest.mark.both_databases
def test_posts_of_one_moment_are_not_lost_between_two_pages(cast: Cast) -> None:
    pile(cast, [NOW - timedelta(minutes=10)] * 30)
    first = news_of(cast, "guardian")
    second = news_of(cast, "guardian", f"?before={first.older}")
    found = titles_of(first) + titles_of(second)
    assert len(found) == len(set(found)) == 30


def test_a_post_that_appears_meanwhile_does_not_shift_the_next_page(cast: Cast) -> None:
    pile(cast, minutes_ago(*range(10, 40)))
    first = news_of(cast, "guardian")
    pile(cast, minutes_ago(5), title="Nieuw")
    second = news_of(cast, "guardian", f"?before={first.older}")
    assert not set(titles_of(first)) & set(titles_of(second))
    assert len(titles_of(second)) == 10


@pytest.mark.parametrize("place", ["x", "9" * 18 + ".abc", "٣.abc", "-1.abc", "", "12", "12.", ".", "1e5.x"])
def test_a_place_that_is_none_shows_a_page_all_the_same(cast: Cast, place: str) -> None:
    pile(cast, minutes_ago(10))
    assert cast.client("guardian").get("/", {"before": place}).status_code == 200


def test_the_board_stands_on_the_first_page_only(cast: Cast) -> None:
    pile(cast, minutes_ago(*range(10, 40)))
    first = news_of(cast, "guardian")
    assert first.soon is not None
    assert news_of(cast, "guardian", f"?before={first.older}").soon is None


def test_the_filter_shows_the_posts_of_one_child(cast: Cast) -> None:
    pile(cast, minutes_ago(10), title="Van Joep")
    pile(cast, minutes_ago(20), group=cast.infants, title="Van Saar")
    assert titles_of(news_of(cast, "guardian")) == ["Van Joep 0", "Van Saar 0"]
    assert titles_of(news_of(cast, "guardian", f"?child={cast.child.public_id}")) == ["Van Joep 0"]
    assert titles_of(news_of(cast, "guardian", f"?child={cast.sibling.public_id}")) == ["Van Saar 0"]


def test_who_has_one_child_gets_no_filter(cast: Cast) -> None:
    two, one = (cast.client(role).get("/").content.decode() for role in ("guardian", "other_guardian"))
    assert "Allebei" in two
    assert "Allebei" not in one
    assert "?child=" not in one


def test_what_was_read_before_today_is_a_line_and_what_is_of_today_stays_open(cast: Cast) -> None:
    posts = pile(cast, [NOW - timedelta(days=2), NOW - timedelta(days=1), NOW - timedelta(minutes=10)])
    mark_seen(by=cast.viewer("guardian"), public_ids=[posts[0].public_id, posts[2].public_id])
    news = news_of(cast, "guardian")
    assert [card.post.title for card in news.fresh] == ["Bericht 2", "Bericht 1"]
    assert [card.post.title for card in news.read] == ["Bericht 0"]


def test_a_post_says_for_which_child_it_is(cast: Cast) -> None:
    pile(cast, minutes_ago(10))
    (card,) = news_of(cast, "guardian").fresh
    assert [child.name for child in card.children] == ["Joep"]
    assert card.whom == "Groep 5"


def test_drafts_and_the_first_fifteen_seconds_stay_out(cast: Cast) -> None:
    draft(cast)
    pile(cast, [NOW + timedelta(minutes=1)], title="Straks")
    assert titles_of(news_of(cast, "guardian")) == []
    Post.objects.filter(title="Straks 0").update(visible_from=NOW - timedelta(seconds=1))
    assert titles_of(news_of(cast, "guardian")) == ["Straks 0"]


def test_a_parent_with_children_at_two_schools_reads_both_in_one_feed(cast: Cast) -> None:
    second = make.PersonFactory(school=cast.second_school, user=cast.user("guardian"))
    make.GuardianshipFactory(child=cast.second_child, person=second)
    tell(cast, "Van De Beuk", kind="group")
    tell(cast, "Van De Den", kind="group", by="second_teacher")
    assert sorted(titles_of(news_of(cast, "guardian"))) == ["Van De Beuk", "Van De Den"]
    assert titles_of(news_of(cast, "second_guardian")) == ["Van De Den"]


def test_photos_show_to_a_full_guardian_and_to_no_limited_one(cast: Cast, ready: MakePhoto) -> None:  # noqa: F811
    """A limited guardian does not even find the post of the group; on a wider post its photo would be left out."""
    photo = ready()
    post = tell(cast, "Met foto", kind="group")
    wide = tell(cast, "Van de school", by="management", kind="announcement", whole_school=True)
    for of, purpose in ((post, "app_group"), (wide, "app_school")):
        photo.uses.create(
            school=cast.school,
            audience=of.audience,
            within=of.audience,
            purpose=purpose,
            shown_from=NOW - timedelta(minutes=5),
        )
    address = f"/photos/{photo.public_id}/"
    full, limited = (cast.client(role).get("/").content.decode() for role in ("guardian", "limited"))
    assert full.count(address) > limited.count(address) == 0
    assert "Van de school" in limited


# --- Older, by month ------------------------------------------------------------------------------------------------


def test_older_news_stands_by_month_in_the_schools_own_time(cast: Cast) -> None:
    last_minute = datetime(2026, 10, 31, 23, 59, tzinfo=AMSTERDAM)
    pile(cast, [NOW - timedelta(hours=1), last_minute, last_minute + timedelta(minutes=1)])
    client = cast.client("guardian")

    def of(month: str) -> list[str]:
        days = client.get(f"/older/?month={month}").context["days"]
        return [card.post.title for _day, cards in days for card in cards]

    assert of("2026-11") == ["Bericht 0", "Bericht 2"]
    assert of("2026-10") == ["Bericht 1"]
    assert of("2026-09") == []
    assert of("") == of("nonsense") == of("2019-01") == of("2026-11")


def test_the_months_run_back_to_the_first_day_of_the_childs_year(cast: Cast) -> None:
    months = cast.client("guardian").get("/older/").context["months"]
    assert (months[0].isoformat(), months[-1].isoformat()) == ("2026-11-01", "2026-08-01")


def test_a_month_goes_on_below_its_page(cast: Cast) -> None:
    pile(cast, minutes_ago(*range(10, 35)))
    client = cast.client("guardian")
    first = client.get("/older/?month=2026-11")
    second = client.get(f"/older/?month=2026-11&before={first.context['below']}")
    numbers = [len(cards) for answer in (first, second) for _day, cards in answer.context["days"]]
    assert numbers == [20, 5]
    assert second.context["below"] == ""


def test_an_empty_month_says_so(cast: Cast) -> None:
    assert "Niets in deze maand" in cast.client("guardian").get("/older/?month=2026-09").content.decode()


def test_older_days_come_newest_first(cast: Cast) -> None:
    pile(cast, [NOW - timedelta(days=n) for n in range(5)])
    days = [day for day, _cards in cast.client("guardian").get("/older/").context["days"]]
    assert all(later > earlier for later, earlier in pairwise(days))


# --- Search ---------------------------------------------------------------------------------------------------------


@pytest.mark.both_databases
@pytest.mark.parametrize("words", ["soep", "SOEP", "pompoen soep", "  soep   pompoen ", "oranje", "mpoe"])
def test_search_finds_words_in_title_and_text_in_any_order(cast: Cast, words: str) -> None:
    tell(cast, "Soep van pompoen", kind="group", text="Het werd oranje")
    tell(cast, "Naar het bos", kind="group", text="Bladeren")
    days = cast.client("guardian").get("/search/", {"q": words}).context["days"]
    assert [card.post.title for _day, cards in days for card in cards] == ["Soep van pompoen"]


def test_search_finds_what_is_to_be_brought_and_not_whose_talk_it_is(cast: Cast) -> None:
    tell(cast, "Knutselen", one(text="Een lege eierdoos"))
    tell(cast, "Spreekbeurten", one(text="Eierdozen verzamelen", child=cast.shielded), kind="homework")

    def found(words: str) -> list[str]:
        days = cast.client("guardian").get("/search/", {"q": words}).context["days"]
        return [card.post.title for _day, cards in days for card in cards]

    assert found("eierdoos knutselen") == ["Knutselen"]
    assert found("eierdozen") == []


@pytest.mark.parametrize("words", ["soep bladeren", "%", "_", "kwallen"])
def test_search_finds_nothing_where_not_every_word_stands(cast: Cast, words: str) -> None:
    tell(cast, "Soep van pompoen", kind="group")
    tell(cast, "Naar het bos", kind="group", text="Bladeren")
    page = cast.client("guardian").get("/search/", {"q": words})
    assert page.context["days"] == []
    assert "Niets gevonden" in page.content.decode()


def test_search_goes_on_below_its_page_and_keeps_the_words(cast: Cast) -> None:
    pile(cast, minutes_ago(*range(10, 35)))
    client = cast.client("guardian")
    first = client.get("/search/?q=bericht")
    assert f"?q=bericht&amp;before={first.context['below']}" in first.content.decode()
    second = client.get(f"/search/?q=bericht&before={first.context['below']}")
    assert [len(cards) for _day, cards in second.context["days"]] == [5]


def test_words_that_were_typed_stay_in_the_field_as_text(cast: Cast) -> None:
    page = cast.client("guardian").get("/search/", {"q": '"><b>x'}).content.decode()
    assert "&quot;&gt;&lt;b&gt;x" in page
    assert "<b>x" not in page


def test_search_without_words_looks_for_nothing(cast: Cast) -> None:
    pile(cast, minutes_ago(10))
    assert cast.client("guardian").get("/search/?q=+").context["days"] == []


def test_home_only_answers_to_looking(cast: Cast) -> None:
    client, team = cast.client("guardian"), f"/school/{cast.school.public_id}/team/"
    for address in ("/", "/older/", "/search/", "/arrange/", "/more/", team):
        assert client.post(address).status_code == 405
