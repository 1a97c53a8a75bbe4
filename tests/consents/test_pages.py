"""The pages: a guardian's own, the team's list, and who chose what."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from kring.agreements.policy import PURPOSES
from kring.consents.actions import start_renewal
from kring.consents.models import Answer, Standing
from kring.notifications.models import Notice
from kring.people.models import Guardianship, KeepApart
from tests import factories as make
from tests.agreements.making import publish
from tests.cast import NOW, Cast
from tests.consents.giving import say, second_parent

pytestmark = pytest.mark.django_db
READERS = {"consent_readers.office": True, "consent_readers.management": True}


def own_page(cast: Cast, role: str = "guardian") -> Any:
    answer = cast.client(role).get(reverse("consents:child", args=[cast.child.public_id]))
    assert answer.status_code == 200
    return answer


def text_of(answer: Any) -> str:
    return answer.content.decode().replace("\n", " ")


def send(client: Client, cast: Cast, **choices: str) -> Any:
    address = reverse("consents:child", args=[cast.child.public_id])
    seen = client.get(address).context["sheet"].state
    return client.post(address, {"seen": seen, **choices})


def group_page(cast: Cast, role: str = "teacher", show: str = "all") -> Any:
    address = reverse("consents:group", args=[cast.school.public_id, cast.five.public_id])
    answer = cast.client(role).get(address, {"show": show})
    assert answer.status_code == 200
    return answer


def test_every_purpose_stands_there_once_with_what_counts_now(cast: Cast) -> None:
    page = own_page(cast)
    assert [choice.line.code for part in page.context["parts"] for choice in part.choices] == list(PURPOSES)
    assert text_of(page).count("U heeft nog niet gekozen, dus nu geldt: nee.") == len(PURPOSES)
    assert " checked" not in text_of(page)


def test_one_save_keeps_what_was_chosen_and_says_when_and_by_whom(cast: Cast) -> None:
    client = cast.client("guardian")
    assert send(client, cast, app_group="yes", website="no").status_code == 302
    assert {row.code: row.is_yes for row in Standing.objects.all()} == {"app_group": True, "website": False}
    page = text_of(own_page(cast))
    assert "Laatst gekozen op 24 november 2026, door u." in page
    assert page.count(" checked") == 2
    history = text_of(client.get(reverse("consents:changes", args=[cast.child.public_id])))
    assert "<b>Website van de school</b>: nee" in history
    assert "10.00" in history


def test_nothing_chosen_and_nonsense_change_nothing(cast: Cast) -> None:
    client = cast.client("guardian")
    for choices in ({}, {"website": "maybe"}, {"no_such": "yes"}):
        answer = send(client, cast, **choices)
        assert answer.status_code == 422
        assert "Kies bij minstens één doel" in text_of(answer)
    assert not Answer.objects.exists()


def test_a_page_that_is_out_of_date_keeps_what_was_typed(cast: Cast) -> None:
    client = cast.client("guardian")
    address = reverse("consents:child", args=[cast.child.public_id])
    seen = client.get(address).context["sheet"].state
    say(cast, "guardian", cast.child, False, "website")
    answer = client.post(address, {"seen": seen, "website": "yes"})
    assert answer.status_code == 422
    assert "Er is iets veranderd" in text_of(answer)
    assert 'value="yes" checked' in text_of(answer)
    assert not Standing.objects.get().is_yes
    assert client.post(address, {"website": "yes"}).status_code == 422  # and one that says nothing of what it saw


def test_outside_the_window_a_no_stays_and_the_page_says_until_when(cast: Cast) -> None:
    publish(cast, {"consent_purposes.window": "renewal_month"})
    say(cast, "guardian", cast.child, False, "website")
    page = own_page(cast)
    assert "Wijzigen kan in september; een ja intrekken mag altijd." in text_of(page)
    assert "In september kunt u weer ja kiezen." in text_of(page)
    assert text_of(page).count(" disabled") == 1
    assert send(cast.client("guardian"), cast, website="yes").status_code == 422


def test_the_schools_own_words_stand_there(cast: Cast) -> None:
    say(cast, "guardian", cast.child, True, "website")
    publish(cast, {"consent_purposes.texts": (("website", "Alleen foto’s van achteren."),)})
    page = text_of(own_page(cast))
    assert "Alleen foto’s van achteren." in page
    assert "De school heeft deze uitleg gewijzigd sinds u koos." in page


def test_a_school_that_asks_nothing_says_so(cast: Cast) -> None:
    publish(cast, {"consent_purposes.purposes": ()})
    assert "De school vraagt niets" in text_of(own_page(cast))


def test_who_chose_yes_reads_that_it_counts_as_no_without_blame(cast: Cast) -> None:
    second_parent(cast, cast.child)
    say(cast, "guardian", cast.child, True, "website")
    say(cast, "second_parent", cast.child, False, "website")
    page = text_of(own_page(cast))
    assert "Niet iedereen met gezag deed dat, dus nu geldt: nee." in page
    assert "Tweede" not in page.split("<main")[1]


def test_who_is_kept_apart_reads_the_same_whatever_the_other_chose(cast: Cast) -> None:
    second = second_parent(cast, cast.child)
    first, last = sorted([second.pk, cast.people["guardian"].pk])
    KeepApart.objects.create(school=cast.school, child=cast.child, first_id=first, second_id=last)
    say(cast, "guardian", cast.child, True, "website")

    def notes() -> list[list[str]]:
        return [choice.notes for part in own_page(cast).context["parts"] for choice in part.choices]

    before = notes()
    say(cast, "second_parent", cast.child, False)
    assert notes() == before
    assert "hangt niet alleen van u af" in text_of(own_page(cast))
    KeepApart.objects.all().delete()
    assert notes() != before


def test_a_guardian_of_several_children_chooses_one_first(cast: Cast) -> None:
    client = cast.client("guardian")
    page = text_of(client.get(reverse("consents:own")))
    assert page.count("10 keuzes open") == 2
    say(cast, "guardian", cast.sibling, True)
    assert text_of(client.get(reverse("consents:own"))).count("10 keuzes open") == 1
    other = cast.client("other_guardian").get(reverse("consents:own"))
    assert other["Location"] == reverse("consents:child", args=[cast.other_child.public_id])
    assert "Er is geen kind" in text_of(cast.client("limited").get(reverse("consents:own")))


def test_the_way_there_is_for_who_answers_only(cast: Cast) -> None:
    address = reverse("consents:child", args=[cast.child.public_id])
    kid = {"child": cast.child.public_id}
    assert address in text_of(cast.client("guardian").get("/arrange/", kid))
    assert "Nog 10 keuzes open" in text_of(cast.client("guardian").get("/arrange/", kid))
    assert address in text_of(cast.client("guardian").get("/", kid, follow=True))
    assert reverse("consents:own") in text_of(cast.client("guardian").get("/more/"))
    assert address not in text_of(cast.client("limited").get("/arrange/", kid))
    assert reverse("consents:own") not in text_of(cast.client("limited").get("/more/"))
    lists = reverse("consents:school", args=[cast.school.public_id])
    assert lists in text_of(cast.client("teacher").get("/more/"))
    assert lists not in text_of(cast.client("care_coordinator").get("/more/"))


def test_the_list_shows_what_counts_and_its_filters(cast: Cast) -> None:
    second_parent(cast, cast.child)
    say(cast, "guardian", cast.child, True)
    say(cast, "second_parent", cast.child, False, "website")
    say(cast, "shielded_guardian", cast.shielded, True)
    page = group_page(cast)
    shown = {row.child.first_name: row for row in page.context["rows"]}
    assert set(shown) == {"Joep", "Noor", "Bo"}
    assert {purpose.code for purpose, stand in shown["Joep"].marks if stand == "no"} == {"website"}
    assert shown["Noor"].is_all_yes
    assert {stand for _purpose, stand in shown["Bo"].marks} == {"open"}
    assert [row.child.first_name for row in group_page(cast, show="no").context["rows"]] == ["Joep"]
    assert [row.child.first_name for row in group_page(cast, show="open").context["rows"]] == ["Bo"]
    assert group_page(cast, show="changed").context["rows"] == []
    with time_machine.travel(NOW + timedelta(days=1)):
        say(cast, "shielded_guardian", cast.shielded, False, "board")
        assert [row.child.first_name for row in group_page(cast, show="changed").context["rows"]] == ["Noor"]
    assert group_page(cast, show="nonsense").context["show"] == "all"
    assert "Guardian Cast" not in text_of(page).split("<main")[1]  # what counts, not who chose it


def test_the_list_costs_the_same_for_few_and_many_children(cast: Cast, django_assert_max_num_queries: Any) -> None:
    address = reverse("consents:group", args=[cast.school.public_id, cast.five.public_id])
    client = cast.client("teacher")
    client.get(address)
    with django_assert_max_num_queries(15) as few:
        client.get(address)
    for _number in range(12):
        child = make.ChildFactory(school=cast.school)
        make.EnrolmentFactory(child=child, group=cast.five)
        make.GuardianshipFactory(child=child, person=cast.people["guardian"])
        say(cast, "guardian", child, True)
    with django_assert_max_num_queries(len(few)):
        client.get(address)


def test_a_guardians_page_costs_the_same_whatever_was_answered(cast: Cast, django_assert_max_num_queries: Any) -> None:
    client, address = cast.client("guardian"), reverse("consents:child", args=[cast.child.public_id])
    client.get(address)
    with django_assert_max_num_queries(15) as few:
        client.get(address)
    second_parent(cast, cast.child)
    say(cast, "guardian", cast.child, True)
    say(cast, "second_parent", cast.child, False)
    with django_assert_max_num_queries(len(few)):
        client.get(address)


def test_the_teacher_reminds_once_a_day(cast: Cast) -> None:
    address = reverse("consents:remind", args=[cast.school.public_id, cast.five.public_id])
    client = cast.client("teacher")
    assert "Herinner 3 gezinnen" in text_of(group_page(cast))
    assert "3 gezinnen krijgen een herinnering" in text_of(client.post(address, follow=True))
    assert "Vandaag herinnerd" in text_of(group_page(cast))
    assert "vandaag al herinnerd" in text_of(client.post(address, follow=True))
    assert Notice.objects.filter(kind="consents.reminded").count() == 1


def test_the_office_reads_why_and_enters_paper_when_the_agreement_says_so(cast: Cast) -> None:
    second_parent(cast, cast.child)
    say(cast, "guardian", cast.child, True, "website")
    place = [cast.school.public_id, cast.child.public_id]
    why, office = reverse("consents:reasons", args=place), cast.client("office")
    assert office.get(why).status_code == 404
    publish(cast, READERS)
    paper = reverse("consents:paper", args=[*place, cast.people["second_parent"].public_id])
    seen = office.get(paper).context["sheet"].state
    assert office.post(paper, {"seen": seen, "website": "no"}).status_code == 302
    page = text_of(office.get(why))
    assert "Guardian Cast" in page
    assert "Tweede Ouder" in page
    assert "op papier, ingevoerd door Office Cast" in page
    assert "Ze kiezen verschillend" in page
    assert office.get(reverse("consents:paper", args=[*place, cast.people["limited"].public_id])).status_code == 404
    Guardianship.objects.filter(person=cast.people["second_parent"]).update(authority="no")
    page = text_of(office.get(why))
    assert "telt niet meer" in page
    assert "Ze kiezen verschillend" not in page


def test_the_round_is_begun_by_hand_and_only_once(cast: Cast) -> None:
    address = reverse("consents:renew", args=[cast.school.public_id])
    client = cast.client("office")
    assert "Alle gezinnen krijgen nu de vraag" in text_of(client.post(address, follow=True))
    assert "dit schooljaar al gevraagd" in text_of(client.post(address, follow=True))
    page = text_of(client.get(reverse("consents:school", args=[cast.school.public_id])))
    assert "op 24 november 2026 gevraagd" in page
    assert "alleen de leerkrachten van een groep" in page


def test_in_a_round_an_earlier_answer_counts_and_is_asked_again(cast: Cast) -> None:
    say(cast, "guardian", cast.child, True)
    with time_machine.travel(NOW + timedelta(days=2)):
        start_renewal(by=cast.viewer("management"), school=cast.school)
        page = own_page(cast)
        assert "De school vraagt het sinds 26 november opnieuw." in text_of(page)
        assert text_of(page).count("Klopt dit nog?") == len(PURPOSES)
        row = next(row for row in group_page(cast).context["rows"] if row.child == cast.child)
        assert row.is_all_yes
        assert row.is_waiting
    with time_machine.travel(NOW + timedelta(days=3)):
        assert send(cast.client("guardian"), cast, **dict.fromkeys(PURPOSES, "yes")).status_code == 302
        assert "Klopt dit nog?" not in text_of(own_page(cast))
        assert Answer.objects.count() == 2 * len(PURPOSES)
        row = next(row for row in group_page(cast).context["rows"] if row.child == cast.child)
        assert not row.is_waiting
