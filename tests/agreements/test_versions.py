"""Versions: numbered, dated, never changed again, and compared with what somebody last read."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from kring.agreements.actions import copy_agreement, publish_draft, save_draft
from kring.agreements.current import policy_for
from kring.agreements.models import Agreement
from kring.agreements.policy import DEFAULTS, policy_from, stored_values
from kring.audit.models import AuditEvent
from kring.core.access import NotAllowed, Refused
from tests import factories as make
from tests.agreements.making import publish
from tests.cast import TODAY, Cast

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def number(cast: Cast, at: datetime) -> int:
    return policy_for(cast.school.pk, at=at).weekly_guideline.number


def test_a_school_without_agreements_gets_the_defaults(cast: Cast) -> None:
    assert policy_for(cast.school.pk, at=timezone.now()) == DEFAULTS
    page = cast.client("guardian").get(f"/school/{cast.school.public_id}/agreements/").content.decode()
    assert "heeft nog geen eigen afspraken gepubliceerd" in page


def test_a_version_counts_from_its_first_minute_at_the_school(cast: Cast) -> None:
    publish(cast)
    publish(cast, {"weekly_guideline.number": 3}, on=date(2026, 12, 1))
    assert number(cast, datetime(2026, 11, 30, 23, 59, tzinfo=AMSTERDAM)) == 2
    assert number(cast, datetime(2026, 12, 1, 0, 0, tzinfo=AMSTERDAM)) == 3


def test_of_two_versions_of_one_day_the_later_counts(cast: Cast) -> None:
    publish(cast, {"weekly_guideline.number": 1})
    second = publish(cast, {"weekly_guideline.number": 4})
    assert second.number == 2
    assert number(cast, timezone.now()) == 4
    assert policy_for(cast.second_school.pk, at=timezone.now()).weekly_guideline.number == 2


def test_a_version_cannot_begin_yesterday(cast: Cast) -> None:
    with pytest.raises(Refused):
        publish(cast, on=TODAY - timedelta(1))
    assert publish(cast, on=TODAY).number == 1


@pytest.mark.both_databases
@pytest.mark.parametrize("change", [{"values": {}}, {"number": 9}, {"printed": {}}, {"is_public": True}])
def test_the_database_refuses_to_change_a_published_version(cast: Cast, change: dict[str, object]) -> None:
    version = publish(cast)
    with pytest.raises(DatabaseError), transaction.atomic():
        Agreement.objects.filter(pk=version.pk).update(**change)
    assert Agreement.objects.get(pk=version.pk).printed == version.printed


@pytest.mark.both_databases
def test_a_school_has_one_draft(cast: Cast) -> None:
    Agreement.objects.create(school=cast.school, saved_at=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        Agreement.objects.create(school=cast.school, saved_at=timezone.now())


def test_only_management_writes_and_publishing_is_logged(cast: Cast) -> None:
    values = stored_values(DEFAULTS)
    for role in ("office", "teacher", "guardian", "board_admin", "second_management"):
        with pytest.raises(NotAllowed):
            save_draft(by=cast.viewer(role), school=cast.school, values=values)
        with pytest.raises(NotAllowed):
            publish_draft(by=cast.viewer(role), school=cast.school, in_force_from=TODAY)
    publish(cast)
    assert AuditEvent.objects.filter(what="agreement.published").count() == 1


def test_an_older_version_takes_the_default_of_a_setting_that_came_later() -> None:
    stored = stored_values(DEFAULTS)
    del stored["newsletter.on"]
    stored["weekly_guideline.number"] = 3
    stored["digest.default"] = "monthly"
    policy = policy_from(stored)
    assert policy.newsletter.on is True
    assert policy.weekly_guideline.number == 3
    assert policy.digest.default == "weekly"


def test_a_reader_sees_what_changed_since_she_last_read(cast: Cast) -> None:
    publish(cast)
    client, path = cast.client("guardian"), f"/school/{cast.school.public_id}/agreements/"
    assert "Ik heb de afspraken gelezen" in client.get(path).content.decode()
    assert client.post(f"{path}confirm/", {"welcome": "1"}).url == "/account/welcome/ready/"
    assert "<ins>" not in client.get(path).content.decode()
    publish(cast, {"weekly_guideline.number": 3})
    page = client.get(path).content.decode()
    assert "<del>twee</del> <ins>drie</ins>" in page
    client.post(f"{path}confirm/")
    assert "<ins>" not in client.get(path).content.decode()
    assert "<ins>" in client.get(f"{path}versions/2/?since=1").content.decode()
    assert "twee groepsberichten per week" in client.get(f"{path}versions/1/").content.decode()


def test_free_paragraphs_fall_back_to_dutch(cast: Cast) -> None:
    publish(cast, paragraphs={"helping": {"nl": "Wij zijn blij met uw hulp.", "en": ""}})
    client, path = cast.client("guardian"), f"/school/{cast.school.public_id}/agreements/"
    client.cookies["kring_language"] = "en"
    page = client.get(path).content.decode()
    assert 'lang="nl"' in page
    assert "Wij zijn blij met uw hulp." in page


def test_a_board_copies_to_another_of_its_schools_without_telephone_numbers(cast: Cast) -> None:
    sister = make.SchoolFactory(board=cast.board, name="De Es")
    publish(cast, {"weekly_guideline.number": 3, "school_contact.phone": "085-0000 120"})
    draft = copy_agreement(by=cast.viewer("board_admin"), source=cast.school, target=sister)
    assert policy_from(draft.values).weekly_guideline.number == 3
    assert policy_from(draft.values).school_contact.phone == ""
    with pytest.raises(Refused):
        copy_agreement(by=cast.viewer("board_admin"), source=cast.school, target=sister)
    with pytest.raises(NotAllowed):
        copy_agreement(by=cast.viewer("management"), source=cast.school, target=sister)


def test_wrong_values_stand_beside_the_field_and_nothing_is_kept(cast: Cast) -> None:
    client, path = cast.client("management"), f"/school/{cast.school.public_id}/agreements/edit/"
    answer = client.post(path, {
        "do": "save", "weekly_guideline.number": "honderd", "sick_and_late.until": "25.00",
        "contact_hours.windows.shown": "1", "contact_hours.windows.1.from": ["8.00", "9.00"],
        "contact_hours.windows.1.until": ["10.00", "17.00"], "school_contact.email": "geen adres",
        "leave.form_url": "javascript:alert(1)", "closing_date.day": "31", "closing_date.month": "11",
    })  # fmt: skip
    page = answer.content.decode()
    assert answer.status_code == 422
    for sentence in ("Vul een heel getal in van 1 tot en met 10.", "Vul een tijd in, zoals 8.45.",
                     "Twee tijden van één dag", "Vul een heel mailadres in", "begint met https://",
                     "Deze dag bestaat niet in die maand."):  # fmt: skip
        assert sentence in page
    assert 'value="honderd"' in page
    assert 'value="25.00"' in page
    assert not Agreement.objects.exists()


def test_the_page_asks_few_questions(cast: Cast, django_assert_max_num_queries: object) -> None:
    publish(cast)
    client, path = cast.client("guardian"), f"/school/{cast.school.public_id}/agreements/"
    client.get(path)
    with django_assert_max_num_queries(16):  # type: ignore[operator]
        client.get(path)
