"""A parent writes on Friday evening, a teacher reads on Monday morning: two browsers, the server, a moved clock."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.cast import NOW
from tests.moved_house import MovedHouse, moved

__all__ = ["moved"]
pytestmark = pytest.mark.browser
FRIDAY = NOW + timedelta(days=3)  # 10:00 in Amsterdam
EVENING = FRIDAY.replace(hour=21)
MONDAY = (FRIDAY + timedelta(days=3)).replace(hour=8)
MAKE = """
import json
from django.utils import timezone
from kring.conversations.actions import write_to_team
from tests.cast import build_cast
cast = build_cast()
said = write_to_team(by=cast.viewer("guardian"), group=cast.five, child=cast.child, text="Wanneer is de excursie?")
print("FOUND" + json.dumps({"talk": said.conversation.public_id} | {
    role: [cast.user(role).pk, cast.user(role).email] for role in ("guardian", "teacher", "duo")}))
"""
READ = """
from kring.conversations.actions import mark_read
from kring.conversations.models import Message
from kring.people.models import User
from kring.people.viewers import viewer_for
from django.utils import timezone
message = Message.objects.select_related("conversation__school").get()
for pk in ({teacher}, {duo}):
    mark_read(by=viewer_for(User.objects.get(pk=pk), now=timezone.now()), message=message)
"""


def test_what_is_said_in_the_evening_is_there_in_the_morning_once_and_answered_live(moved: MovedHouse) -> None:
    moved.at(FRIDAY)
    known = moved.shell(MAKE)
    teacher_id, teacher_mail = known["teacher"]
    moved.shell(READ.format(teacher=teacher_id, duo=known["duo"][0]))
    moved.work()
    talk = f"{moved.address}/conversations/{known['talk']}/"
    moved.at(EVENING)
    moved.serve()

    parent = moved.open(known["guardian"][0], phone=True)
    parent.goto(talk)
    before = moved.letters_to(teacher_mail)
    for words in ("Mag Joep maandag zijn vleermuiskast meenemen?", "En een slaapzak?"):
        parent.locator("#id_text").fill(words)
        parent.locator("form.reply .button--primary").click()
        held = parent.locator(".message--held").last
        expect(held).to_contain_text(words)
        expect(held).to_contain_text(re.compile(r"Read from Monday 30 November at 8[.:]00"))
    parent.evaluate("window.neverLeft = true")

    for moment in (EVENING + timedelta(minutes=5), FRIDAY + timedelta(days=1), MONDAY - timedelta(minutes=1)):
        moved.at(moment)
        moved.work()
        assert moved.letters_to(teacher_mail) == before, f"nothing reaches her at {moment}"
    early = moved.open(known["duo"][0])  # a colleague who has the conversation open before eight
    early.goto(talk)
    expect(early.locator(".thread")).to_contain_text("Wanneer is de excursie?")
    expect(early.locator(".thread")).not_to_contain_text("vleermuiskast")
    early.evaluate("window.neverLeft = true")

    moved.at(MONDAY)
    moved.work()
    expect(early.locator(".thread")).to_contain_text("vleermuiskast")
    expect(early.locator(".thread")).to_contain_text("slaapzak")
    assert early.evaluate("window.neverLeft"), "it came by itself"
    moved.at(MONDAY + timedelta(minutes=1))
    moved.work()
    assert moved.letters_to(teacher_mail) == before + 1, "one summary of two messages"
    moved.at(MONDAY + timedelta(minutes=20))
    moved.work()
    assert moved.letters_to(teacher_mail) == before + 1, "and no second one"

    teacher = moved.open(teacher_id)
    teacher.goto(talk)
    teacher.get_by_role("button", name="I'll come back to it").click()
    expect(teacher.locator(".promise")).to_be_visible()
    expect(parent.locator(".promise")).to_contain_text("I'll come back to it")
    expect(parent.locator(".message--held")).to_have_count(0)
    assert parent.evaluate("window.neverLeft"), "she saw it without asking again"
