"""Changing what was published: the form opens with everything that stands in the message."""

from __future__ import annotations

from datetime import time

import pytest
from django.urls import reverse

from kring.posts.models import PostItem
from tests.cast import TODAY, Cast
from tests.posts.writing import TOMORROW, one, published

pytestmark = pytest.mark.django_db


def form_of(answer) -> dict[str, str]:
    """Return what the page would send when nothing is changed."""
    form, rows = answer.context["form"], answer.context["rows"]
    fields = [*form, *(field for row in rows or [] for field in row)]
    sent = {field.html_name: field.value() for field in fields}
    sent |= {"rows-TOTAL_FORMS": str(len(rows or [])), "rows-INITIAL_FORMS": "0"}
    return {name: value for name, value in sent.items() if value not in (None, "", False)}


@pytest.mark.parametrize(
    ("kind", "items"),
    [
        ("bring", [one(text="Een kom"), one(text="Een lepel")]),
        ("outing", [one(text="Naar de molen", starts=time(9), ends=time(12, 30), place="De Hoop")]),
        ("goals", [one(until=TOMORROW.replace(day=30), text="Delen")]),
        ("announcement", [one(text="Soep koken")]),
    ],
)
def test_saving_without_a_change_keeps_every_dated_item(cast: Cast, kind: str, items: list) -> None:
    author = "office" if kind == "announcement" else "teacher"
    post = published(cast, by=author, kind=kind, title="Soep koken", items=items)
    client, where = cast.client(author), reverse("posts:edit", args=[post.public_id])
    columns = ("from_date", "until_date", "starts", "ends", "text", "place")
    before = list(PostItem.objects.filter(post=post).order_by("position").values_list(*columns))
    answer = client.post(where, {**form_of(client.get(where)), "action": "change"})
    assert answer.status_code == 302
    assert list(PostItem.objects.filter(post=post).order_by("position").values_list(*columns)) == before
    assert len(before) == len(items)


def test_taking_a_row_out_takes_that_item_out(cast: Cast) -> None:
    post = published(cast, kind="bring", title="Soep koken", items=[one(text="Een kom"), one(text="Een lepel")])
    client, where = cast.client("teacher"), reverse("posts:edit", args=[post.public_id])
    answer = client.post(where, {**form_of(client.get(where)), "rows-0-text": "", "action": "change"})
    assert answer.status_code == 302
    assert list(PostItem.objects.filter(post=post).values_list("text", "from_date")) == [("Een lepel", TOMORROW)]
    assert TOMORROW > TODAY
