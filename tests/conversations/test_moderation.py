"""Reports: management only, for a reason, told to who takes part, and nothing beyond what was reported."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from kring.audit.models import AuditEvent
from kring.conversations import actions
from kring.conversations.models import Conversation, Message, Reading, Report, shown_to_moderator
from kring.core.access import NotAllowed, Refused
from kring.notifications import outbox
from kring.notifications.models import Delivery, Notice
from kring.people.models import TeamRole
from tests import factories as make
from tests.cast import NOW, ROLES, Cast
from tests.conversations.circling import opened, reported, write
from tests.conversations.talking import say, sees, to_team, who_sees

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
WHY = "Een ouder vraagt ons mee te lezen"


def told(kind: str) -> set[str]:
    for notice in Notice.objects.filter(kind=kind):
        outbox.expand(notice)
    rows = Delivery.objects.filter(notice__kind=kind)
    return {row.user.email.partition("@")[0] for row in rows.select_related("user")}


def read(cast: Cast, report: Report, *, by: str = "management", reason: str = WHY) -> Reading:
    return actions.read_reported(by=cast.viewer(by), report=report, reason=reason)


def words(cast: Cast, report: Report, *, by: str = "management") -> list[str]:
    return [shown.words for shown in shown_to_moderator(report, viewer=cast.viewer(by))]


def test_a_report_is_seen_by_management_of_the_school_alone(cast: Cast) -> None:
    report = reported(cast, write(cast, by="class_parent", to="guardian"))
    assert {role for role in ROLES if Report.objects.visible_to(cast.viewer(role)).exists()} == {"management"}
    assert told("conversations.report_made") == {"management"}
    assert report.messages.count() == 1


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"guardian"}))
def test_who_does_not_read_it_cannot_report_it(cast: Cast, role: str) -> None:
    message = write(cast, by="class_parent", to="guardian")
    refusal = Refused if role == "class_parent" else NotAllowed  # she reads it: it is her own
    with pytest.raises(refusal):
        reported(cast, message, by=role)
    assert reported(cast, message, by="guardian").pk


def test_what_is_written_with_the_team_is_not_reported(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        reported(cast, to_team(cast))


def test_messages_of_another_conversation_are_not_reported_along(cast: Cast) -> None:
    message = write(cast, by="class_parent", to="guardian")
    elsewhere = say(cast, opened(cast), by="class_parent")
    with pytest.raises(NotAllowed):
        actions.report_messages(
            by=cast.viewer("guardian"), conversation=message.conversation, messages=[message, elsewhere]
        )


def test_reporting_again_goes_on_with_the_open_report(cast: Cast) -> None:
    first = write(cast, by="class_parent", to="guardian")
    report = reported(cast, first, reason="Dit is niet aardig")
    second = say(cast, first.conversation, by="class_parent", text="En nog iets")
    assert reported(cast, second) == report
    assert reported(cast, second) == report
    assert report.messages.count() == 2
    assert Notice.objects.filter(kind="conversations.report_made").count() == 1


def test_management_reads_nothing_before_it_gave_a_reason(cast: Cast) -> None:
    message = write(cast, by="class_parent", to="guardian", text="Gemene woorden")
    report = reported(cast, message)
    assert words(cast, report) == []
    for reason in ("", "zo"):
        with pytest.raises(Refused):
            read(cast, report, reason=reason)
    assert words(cast, report) == []
    read(cast, report)
    assert words(cast, report) == ["Gemene woorden"]
    assert not sees(cast.viewer("management"), message.conversation), "the conversation itself stays closed"


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"management"}))
def test_nobody_else_reads_in_a_report(cast: Cast, role: str) -> None:
    report = reported(cast, write(cast, by="class_parent", to="guardian"))
    with pytest.raises(NotAllowed):
        read(cast, report, by=role)
    read(cast, report)
    assert words(cast, report, by=role) == []
    assert len(words(cast, report)) == 1


def test_reading_is_logged_and_told_to_who_takes_part(cast: Cast) -> None:
    report = reported(cast, write(cast, by="class_parent", to="guardian"))
    read(cast, report)
    assert AuditEvent.objects.filter(what="conversation.reported_read").count() == 1
    assert told("conversations.read_by_management") == {"guardian", "class_parent"}
    read(cast, report, reason="Nog een keer kijken")
    assert Reading.objects.count() == 1, "while it lasts it is one reading"


def test_in_a_group_conversation_everybody_who_takes_part_is_told(cast: Cast) -> None:
    message = say(cast, opened(cast), by="class_parent", text="Onaardig")
    read(cast, reported(cast, message))
    assert told("conversations.read_by_management") == {
        "guardian", "class_parent", "shielded_guardian", "teacher", "duo",
    }  # fmt: skip


def test_only_a_few_messages_around_are_shown(cast: Cast) -> None:
    conversation = opened(cast)
    said = [say(cast, conversation, by="guardian", text=f"Zin {number}") for number in range(9)]
    report = reported(cast, said[4], by="class_parent")
    read(cast, report)
    assert words(cast, report) == ["Zin 2", "Zin 3", "Zin 4", "Zin 5", "Zin 6"]
    flags = [shown.is_reported for shown in shown_to_moderator(report, viewer=cast.viewer("management"))]
    assert flags == [False, False, True, False, False]


def test_words_taken_away_after_the_report_are_still_there_for_management(cast: Cast) -> None:
    message = write(cast, by="class_parent", to="guardian", text="Gemene woorden")
    report = reported(cast, message)
    actions.delete_message(by=cast.viewer("class_parent"), message=message)
    read(cast, report)
    assert words(cast, report) == ["Gemene woorden"]


def test_reading_lasts_a_day_and_ends_when_it_is_settled(cast: Cast) -> None:
    report = reported(cast, write(cast, by="class_parent", to="guardian"))
    read(cast, report)
    with time_machine.travel(NOW + timedelta(days=1, minutes=1)):
        assert words(cast, report) == []
        read(cast, report)
        assert len(words(cast, report)) == 1
        actions.settle_report(by=cast.viewer("management"), report=report, outcome="Wij hebben met beiden gesproken")
        assert words(cast, report) == []
        with pytest.raises(NotAllowed):
            read(cast, report)
    assert set(report.messages.values_list("words", flat=True)) == {""}
    assert told("conversations.report_settled") == {"guardian"}


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"management"}))
def test_only_management_settles(cast: Cast, role: str) -> None:
    report = reported(cast, write(cast, by="class_parent", to="guardian"))
    with pytest.raises(NotAllowed):
        actions.settle_report(by=cast.viewer(role), report=report, outcome="Klaar")
    actions.settle_report(by=cast.viewer("management"), report=report, outcome="Klaar")
    assert not Report.objects.open().exists()


def test_two_of_management_settle_it_once(cast: Cast) -> None:
    report = reported(cast, write(cast, by="class_parent", to="guardian"))
    stale = Report.objects.get(pk=report.pk)
    actions.settle_report(by=cast.viewer("management"), report=report, outcome="Klaar")
    with pytest.raises(Refused):
        actions.settle_report(by=cast.viewer("management"), report=stale, outcome="Ook klaar")
    assert Report.objects.get().outcome == "Klaar"


def test_a_reported_message_is_taken_away_only_while_it_may_be_read(cast: Cast) -> None:
    message = write(cast, by="class_parent", to="guardian")
    other = say(cast, message.conversation, by="class_parent", text="Iets anders")
    report = reported(cast, message)
    take = actions.take_away_reported
    with pytest.raises(NotAllowed):
        take(by=cast.viewer("management"), report=report, message=message)
    read(cast, report)
    with pytest.raises(NotAllowed):
        take(by=cast.viewer("management"), report=report, message=other)
    take(by=cast.viewer("management"), report=report, message=message)
    assert Message.objects.get(pk=message.pk).is_deleted
    assert not Message.objects.get(pk=other.pk).is_deleted


def test_a_report_changes_nothing_for_who_takes_part(cast: Cast) -> None:
    message = write(cast, by="class_parent", to="guardian")
    reported(cast, message)
    assert who_sees(cast, Conversation.objects.get()) == {"guardian", "class_parent"}
    assert say(cast, message.conversation, by="class_parent").pk


# --- Who takes part does not judge ----------------------------------------------------------------------------------


def make_manager(cast: Cast, role: str) -> None:
    make.TeamRoleFactory(person=cast.people[role], school=cast.school, kind="management")


def judges(cast: Cast) -> set[str]:
    return {role for role in ROLES if Report.objects.visible_to(cast.viewer(role)).exists()}


def only_managers_who_take_part(cast: Cast) -> None:
    TeamRole.objects.filter(person=cast.people["management"]).delete()
    make_manager(cast, "class_parent")


@pytest.mark.parametrize("role", ["class_parent", "guardian", "office"])
def test_a_manager_who_takes_part_neither_sees_nor_judges_and_a_colleague_does(cast: Cast, role: str) -> None:
    make_manager(cast, role)
    report = reported(cast, write(cast, by="class_parent", to="guardian"))
    assert not report.to_board
    takes_part = role != "office"
    assert judges(cast) == ({"management"} if takes_part else {"management", "office"})
    assert told("conversations.report_made") == judges(cast)
    for act in (
        lambda: read(cast, report, by=role),
        lambda: actions.settle_report(by=cast.viewer(role), report=report, outcome="Klaar"),
    ):
        if takes_part:
            with pytest.raises(NotAllowed):
                act()
        else:
            act()
    page = f"/school/{cast.school.public_id}/reports/"
    client = cast.client(role)
    assert client.get(page).status_code == 200
    assert client.get(f"{page}{report.public_id}/").status_code == (404 if takes_part else 200)


def test_a_teacher_of_the_group_who_is_management_too_does_not_judge_what_is_said_in_it(cast: Cast) -> None:
    make_manager(cast, "teacher")
    reported(cast, say(cast, opened(cast), by="class_parent"))
    assert judges(cast) == {"management"}


def test_who_left_the_conversation_since_does_not_judge_either(cast: Cast) -> None:
    make_manager(cast, "class_parent")
    reported(cast, write(cast, by="class_parent", to="guardian"))
    cast.people["class_parent"].guardianships.all().delete()
    assert judges(cast) == {"management"}


def test_when_everybody_of_management_takes_part_the_board_judges(cast: Cast) -> None:
    only_managers_who_take_part(cast)
    message = write(cast, by="class_parent", to="guardian", text="Gemene woorden")
    report = reported(cast, message)
    assert report.to_board
    assert judges(cast) == {"board_admin"}
    assert told("conversations.report_made") == {"board_admin"}
    client, page = cast.client("board_admin"), f"/school/{cast.school.public_id}/reports/"
    assert report.public_id in client.get(page).content.decode()
    assert client.get(f"{page}{report.public_id}/").status_code == 200
    assert client.post(f"{page}{report.public_id}/read/", {"reason": WHY}).status_code == 302
    assert "Gemene woorden" in client.get(f"{page}{report.public_id}/").content.decode()
    assert told("conversations.read_by_management") == {"guardian", "class_parent"}
    actions.settle_report(by=cast.viewer("board_admin"), report=report, outcome="Wij spraken met beiden")
    assert told("conversations.report_settled") == {"guardian"}


def test_the_board_sees_no_report_that_management_can_judge(cast: Cast) -> None:
    report = reported(cast, write(cast, by="class_parent", to="guardian"))
    assert not report.to_board
    client, page = cast.client("board_admin"), f"/school/{cast.school.public_id}/reports/"
    assert report.public_id not in client.get(page).content.decode()
    assert client.get(f"{page}{report.public_id}/").status_code == 404
    with pytest.raises(NotAllowed):
        read(cast, report, by="board_admin")


@pytest.mark.parametrize(
    ("all_take_part", "has_board", "says"),
    [
        (False, True, "De directie kijkt ernaar"),
        (True, True, "kijkt het bestuur"),
        (True, False, "nog niemand kan ernaar kijken"),
    ],
)
def test_who_reports_reads_who_looks_at_it(cast: Cast, all_take_part: bool, has_board: bool, says: str) -> None:
    if all_take_part:
        only_managers_who_take_part(cast)
    if not has_board:
        TeamRole.objects.filter(person=cast.people["board_admin"]).delete()
    message = write(cast, by="class_parent", to="guardian")
    page = f"/conversations/{message.conversation.public_id}/report/"
    answer = cast.client("guardian").post(page, {"message": message.public_id}, follow=True)
    assert says in answer.content.decode()
    assert Report.objects.get().to_board == all_take_part
