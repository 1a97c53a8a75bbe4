"""The pages of requests for help: what they show, keep and refuse; with and without script."""

from __future__ import annotations

import csv
import io
from datetime import datetime

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from kring.conversations.models import MessageDocument
from kring.help_requests import actions
from kring.help_requests.models import HelpRequest, Reply
from kring.posts.models import Post, PostDocument
from tests.agreements.making import publish
from tests.cast import NOW, Cast
from tests.files import papers
from tests.help_requests.asking import SOUP, address, fresh, handed_in, in_post, in_talk, mailed, says, task

pytestmark = pytest.mark.django_db


def url(name: str, request: HelpRequest) -> str:
    return reverse(f"help_requests:{name}", args=[request.public_id])


def typed(cast: Cast, *responders: str, **more: str | list[str]) -> dict[str, str | list[str]]:
    named = [cast.people[name].public_id for name in responders or ("class_parent",)]
    return {"title": "Soep koken", "text": "Wie helpt met snijden?", "responders": named, **more}


def words(client: Client, address: str) -> str:
    response = client.get(address, follow=True)
    assert response.status_code == 200, address
    return str(response.content.decode())


def test_a_class_parent_writes_a_request_and_the_teacher_places_it_with_one_tap(cast: Cast) -> None:
    parent, teacher = cast.client("class_parent"), cast.client("teacher")
    sent = parent.post(reverse("help_requests:new"), typed(cast, places="6", day="2026-12-03", starts="10:15"))
    request = HelpRequest.objects.get()
    assert sent.headers["Location"] == url("request", request)
    assert request.state == "submitted"
    assert "Ingeleverd" in words(parent, url("request", request))
    assert "Soep koken" in words(teacher, reverse("help_requests:to_review", args=[cast.school.public_id]))
    page = teacher.get(url("review", request))
    form = page.context["form"]
    data = {name: value for name in form.fields if (value := form[name].value())}
    data["where"] = "talk"
    done = teacher.post(url("review", request), data)
    assert done.status_code == 302, done.context["form"].errors
    request = fresh(request)
    assert request.state == "placed"
    assert request.conversation
    assert request.tasks.get().offer
    talk = words(cast.client("guardian"), reverse("conversations:talk", args=[request.conversation.public_id]))
    assert url("answer", request) in talk


def test_what_was_typed_stays_when_it_is_refused_and_nothing_is_written(cast: Cast) -> None:
    parent = cast.client("class_parent")
    answer = parent.post(reverse("help_requests:new"), typed(cast, day="2026-11-01", text="Wie helpt?"))
    assert "Deze dag is voorbij" in answer.content.decode()
    assert "Wie helpt?" in answer.content.decode()
    half = parent.post(reverse("help_requests:new"), typed(cast, task_1="Snijden"))
    assert "aantal plekken" in half.content.decode()
    photo = parent.post(
        reverse("help_requests:new"), {**typed(cast), "document": papers.upload(b"\xff\xd8\xff\xe0" + b"x" * 900)}
    )
    assert photo.status_code == 200
    assert not HelpRequest.objects.exists()


def test_the_same_form_sent_twice_is_one_request(cast: Cast) -> None:
    parent = cast.client("class_parent")
    data = typed(cast, token="abcdefghijkl")
    for _time in range(2):
        assert parent.post(reverse("help_requests:new"), data).status_code == 302
    assert HelpRequest.objects.count() == 1


def test_a_request_can_be_kept_taken_back_and_thrown_away(cast: Cast) -> None:
    parent = cast.client("class_parent")
    parent.post(reverse("help_requests:new"), typed(cast, action="keep"))
    request = HelpRequest.objects.get()
    assert request.state == "draft"
    parent.post(url("edit", request), typed(cast))
    assert fresh(request).state == "submitted"
    parent.post(url("call_back", request))
    assert fresh(request).state == "draft"
    parent.post(url("discard", request))
    assert not HelpRequest.objects.exists()


def test_the_team_asks_back_and_the_request_comes_again(cast: Cast) -> None:
    request, parent = handed_in(cast), cast.client("class_parent")
    cast.client("teacher").post(url("ask_back", request), {"note": "Kan het met vier ouders?"})
    assert fresh(request).state == "asked_back"
    assert "Kan het met vier ouders?" in words(parent, url("edit", request))
    parent.post(url("edit", request), typed(cast))
    assert fresh(request).state == "submitted"
    empty = cast.client("teacher").post(url("decline", request), {"note": " "})
    assert empty.status_code == 200
    cast.client("teacher").post(url("decline", request), {"note": "Het gaat niet door."})
    assert "Het gaat niet door." in words(parent, url("request", request))


def test_the_office_places_what_the_council_asks_for_chosen_groups(cast: Cast) -> None:
    request = handed_in(cast, by="parent_council", uploads=[papers.upload(papers.pdf(), "Hulplijst.pdf")])
    office = cast.client("office")
    assert "Hulplijst.pdf" in words(office, url("review", request))
    whom = [f"group:{cast.six.public_id}"]
    data = typed(cast, "parent_council", where="post", whom=whom)
    assert office.post(url("review", request), {**data, "whom": []}).status_code == 200
    assert office.post(url("review", request), data).status_code == 302
    post = Post.objects.get(fragment_url=url("answer", request))
    assert post.kind == "announcement"
    assert PostDocument.objects.get(post=post).document.name == "Hulplijst.pdf"
    assert not fresh(request).documents.exists()


def test_documents_go_along_into_the_conversation(cast: Cast) -> None:
    request = in_talk(cast, uploads=[papers.upload(papers.pdf(), "Recept.pdf")])
    assert MessageDocument.objects.get(message__conversation=request.conversation).document.name == "Recept.pdf"


def test_who_asked_sees_that_words_were_changed(cast: Cast) -> None:
    request = handed_in(cast)
    cast.client("teacher").post(url("review", request), typed(cast, text="Een eigen schort is handig.", where="talk"))
    assert fresh(request).was_changed
    page = words(cast.client("class_parent"), url("request", request))
    assert "De tekst is aangepast" in page
    assert "Donderdag koken we soep" in page


def test_a_parent_replies_without_script_and_sees_numbers_only(cast: Cast) -> None:
    request, parent = in_talk(cast, tasks=(("", 6),)), cast.client("guardian")
    says(cast, request, by="shielded_guardian", text=SOUP)
    page = words(parent, url("answer", request))
    assert "1 van 6 plekken gevuld" in page
    assert SOUP not in page
    assert "Shielded" not in page
    parent.post(url("answer", request), {"says": "can", "text": "Ik neem een mes mee"}, follow=True)
    assert "2 van 6 plekken gevuld" in words(parent, url("answer", request))
    parent.post(url("take_back", request))
    assert "1 van 6 plekken gevuld" in words(parent, url("answer", request))


def test_the_piece_in_a_post_is_the_same_view(cast: Cast) -> None:
    request = in_post(cast)
    parent = cast.client("other_guardian")
    feed = words(parent, "/")
    assert url("answer", request) in feed
    piece = parent.get(url("answer", request), headers={"HX-Request": "true"}).content.decode()
    assert piece.lstrip().startswith("<section")
    done = parent.post(url("answer", request), {"says": "cannot"}, headers={"HX-Request": "true"}).content.decode()
    assert "Deze keer niet" in done
    assert done.lstrip().startswith("<section")


def test_a_reply_that_does_not_fit_is_refused_in_words_and_kept_in_the_form(cast: Cast) -> None:
    request, parent = in_talk(cast), cast.client("guardian")
    long = "a" * 201
    page = parent.post(url("answer", request), {"says": "can", "text": long}).content.decode()
    assert long in page
    assert "200 tekens" in page
    assert parent.post(url("answer", request), {"says": "misschien"}).status_code == 200
    assert not Reply.objects.exists()


def test_replies_are_ticked_off_thanked_and_written_down_by_hand(cast: Cast) -> None:
    request, parent = in_talk(cast, tasks=(("", 2),)), cast.client("class_parent")
    reply = says(cast, request, text=SOUP)
    assert SOUP in words(parent, url("replies", request))
    parent.post(reverse("help_requests:thank", args=[reply.public_id]))
    reply.refresh_from_db()
    assert reply.thanked_at
    assert reply.ticked_at
    parent.post(reverse("help_requests:tick", args=[reply.public_id]), {"done": "no"})
    reply.refresh_from_db()
    assert reply.ticked_at is None
    parent.post(url("by_hand", request), {"name": "Opa Jan"})
    full = parent.post(url("by_hand", request), {"name": "Oma An"}).content.decode()
    assert "Alle 2 plekken zijn bezet" in full or "plek" in full
    assert Reply.objects.filter(name="Opa Jan").exists()
    assert not Reply.objects.filter(name="Oma An").exists()


def test_the_list_holds_names_and_words_and_no_way_to_reach_anybody(cast: Cast) -> None:
    request = in_talk(cast)
    says(cast, request, text="=HYPERLINK(1)")
    answer = cast.client("class_parent").get(url("export", request))
    text = answer.content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert rows[1][0] == "Guardian Cast"
    assert rows[1][5] == "'=HYPERLINK(1)"
    assert "@" not in text
    assert "06" not in text
    assert cast.client("teacher").get(url("export", request)).status_code == 404


def test_one_reminder_and_no_second(cast: Cast) -> None:
    request, parent = in_talk(cast), cast.client("class_parent")
    parent.post(url("remind", request))
    again = parent.post(url("remind", request), follow=True).content.decode()
    assert "Er ging al een herinnering uit" in again


def test_closing_thanks_where_it_stood_and_takes_no_more_replies(cast: Cast) -> None:
    request = in_talk(cast, tasks=(("", 6),))
    says(cast, request)
    cast.client("class_parent").post(url("close", request), {"thanks": "Bedankt, de soep was heerlijk!"})
    guardian = cast.client("guardian")
    assert "de soep was heerlijk" in words(guardian, url("answer", request))
    talk = words(guardian, reverse("conversations:talk", args=[request.conversation.public_id]))
    assert "de soep was heerlijk" in talk
    late = cast.client("shielded_guardian").post(url("answer", request), {"says": "can"}).content.decode()
    assert "gesloten" in late
    assert Reply.objects.count() == 1


def test_a_draft_that_came_by_mail_waits_until_she_hands_it_in(cast: Cast) -> None:
    request, member = mailed(cast, uploads=[papers.upload(papers.pdf())]), cast.client("parent_council")
    assert "Kwam per mail" in words(member, reverse("help_requests:list"))
    assert cast.client("office").get(url("request", request)).status_code == 404
    member.post(url("edit", request), typed(cast, "parent_council"))
    assert fresh(request).state == "submitted"
    assert cast.client("office").get(url("request", request)).status_code == 200


def test_an_address_is_made_renewed_and_ended(cast: Cast) -> None:
    member, page = cast.client("parent_council"), reverse("help_requests:addresses")
    member.post(reverse("help_requests:make_address"), {"as": cast.school.public_id})
    first = address(cast)
    assert first.token in words(member, page)
    member.post(reverse("help_requests:renew_address", args=[first.public_id]))
    second = address(cast)
    assert second.token != first.token
    assert first.token not in words(member, page)
    member.post(reverse("help_requests:end_address", args=[second.public_id]))
    assert "nog geen adres" in words(member, page)


def test_where_the_agreement_lets_a_class_parent_place_it_herself_she_does(cast: Cast) -> None:
    publish(cast, {"class_parent_requests.way": "itself"})
    parent = cast.client("class_parent")
    sent = parent.post(reverse("help_requests:new"), typed(cast))
    request = HelpRequest.objects.get()
    assert sent.headers["Location"] == url("review", request)
    parent.post(url("review", request), typed(cast, where="talk"))
    assert fresh(request).conversation
    assert cast.client("teacher").get(url("review", request)).status_code == 404


def test_where_the_agreement_turns_it_off_nobody_asks(cast: Cast) -> None:
    publish(cast, {"class_parent_requests.way": "off"})
    assert cast.client("class_parent").get(reverse("help_requests:new")).status_code == 403
    assert cast.client("parent_council").get(reverse("help_requests:new")).status_code == 200


def test_a_post_that_was_taken_back_in_its_fifteen_seconds_can_be_placed_again(cast: Cast) -> None:
    from kring.posts.actions import undo_post

    request = handed_in(cast, by="parent_council", tasks=(("Snijden", 2), ("Roeren", 3)))
    office, data = cast.client("office"), typed(cast, "parent_council", where="post", whom=["school"])
    data |= {"task_1": "Snijden", "of_1": "2", "task_2": "Roeren", "of_2": "3"}
    office.post(url("review", request), data)
    undo_post(by=cast.viewer("office"), post=fresh(request).post)
    assert "teruggehaald" in words(office, url("request", request))
    office.post(url("review", request), {**data, "of_2": "5"})
    assert fresh(request).post.state == "published"
    assert task(request, "Roeren").offer.places == 5
    assert actions.has_room(address(cast), now=cast.viewer("office").now)


def test_in_the_evening_the_office_places_it_for_the_next_morning_unless_it_says_now(cast: Cast) -> None:
    evening = NOW.replace(hour=20)
    with time_machine.travel(evening, tick=True):
        request, office = handed_in(cast, by="parent_council"), cast.client("office")
        page = words(office, url("review", request))
        assert all(f'name="{name}"' in page for name in ("when", "day", "starts", "ends"))
        office.post(url("review", request), typed(cast, "parent_council", where="post", whom=["school"], when="window"))
        post = fresh(request).post
        assert post.state == "scheduled"
        assert post.publish_at == datetime(2026, 11, 25, 8, 0, tzinfo=NOW.tzinfo)
        now = handed_in(cast, by="parent_council", title="Nu")
        office.post(url("review", now), typed(cast, "parent_council", where="post", whom=["school"], when="now"))
        assert fresh(now).post.state == "published"
