"""Each setting of the agreement that concerns conversations is seen to act: the same page under two agreements.

P1, S11 and P2 stand in test_directory.py and test_asking_for_the_school.py, P3 in test_photos_of_parents.py, H1 and S12
in test_writing.py.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from tests.agreements.making import publish
from tests.cast import Cast
from tests.conversations.talking import say, to_team

pytestmark = pytest.mark.django_db


def page(cast: Cast, role: str) -> str:
    conversation = to_team(cast).conversation
    if role == "guardian":
        say(cast, conversation, by="teacher")
    address = reverse("conversations:talk", args=[conversation.public_id])
    return cast.client(role).get(address).content.decode()


@pytest.mark.parametrize(
    ("clause", "role", "setting", "before", "after"),
    [
        ("H2", "guardian", {"expected_answer.mode": "week"}, "als de lessen het toelaten", "binnen een week antwoord"),
        (
            "H2", "guardian", {"expected_answer.mode": "working_days", "expected_answer.working_days": 3},
            "als de lessen het toelaten", "binnen 3 werkdagen antwoord",
        ),
        ("H3", "teacher", {"receipts.on": False}, "Ik kom erop terug", ""),
        ("H4", "guardian", {"urgent_phone.number": "085-0000 121"}, "", "085-0000 121"),
    ],
)  # fmt: skip
def test_a_setting_changes_the_page(
    cast: Cast, clause: str, role: str, setting: dict[str, Any], before: str, after: str
) -> None:
    found = page(cast, role)
    assert before in found
    assert not after or after not in found
    publish(cast, setting)
    changed = page(cast, role)
    assert after in changed
    assert not before or before not in changed


def test_n1_off_gives_no_hint(cast: Cast) -> None:
    conversation = to_team(cast).conversation
    address = reverse("conversations:talk", args=[conversation.public_id])
    typed = {"text": "Hij wordt gepest", "action": "autosave"}
    client = cast.client("guardian")
    assert "#n1" in client.post(address, typed, headers={"HX-Request": "true"}).content.decode()
    publish(cast, {"sensitive_topics.hint": False})
    assert "#n1" not in client.post(address, typed, headers={"HX-Request": "true"}).content.decode()
