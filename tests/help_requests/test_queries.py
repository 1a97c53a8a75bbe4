"""What pages of requests for help cost: as many queries for a busy request as for a quiet one."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.cast import Cast
from tests.help_requests.asking import fresh, handed_in, in_talk, says, task
from tests.help_requests.test_races import families

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
TASKS = (("Snijden", 9), ("Roeren", 9), ("Dekken", 9))
MOST = {"answer": 18, "replies": 15, "request": 18, "list": 13, "to_review": 11}


def queries_of(client: Client, address: str) -> int:
    assert client.get(address).status_code == 200  # the first page of a session also writes when it was last seen
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_a_page_costs_as_much_with_many_replies_as_with_one(cast: Cast) -> None:
    request = in_talk(cast, tasks=TASKS)
    says(cast, request, task=task(request, "Snijden"), text="Ik")
    readers = {"answer": "guardian", "replies": "class_parent", "request": "class_parent"}
    clients = {name: cast.client(role) for name, role in readers.items()}
    address = {name: reverse(f"help_requests:{name}", args=[request.public_id]) for name in readers}
    few = {name: queries_of(clients[name], address[name]) for name in readers}
    for number, name in enumerate(families(cast, 9)):
        says(cast, fresh(request), by=name, task=task(request, TASKS[number % 3][0]), text="Ook ik")
    many = {name: queries_of(clients[name], address[name]) for name in readers}
    assert many == few
    assert {name: number for name, number in many.items() if number > MOST[name]} == {}


def test_lists_cost_as_much_with_many_requests_as_with_one(cast: Cast) -> None:
    in_talk(cast)
    handed_in(cast)
    where = {"list": reverse("help_requests:list"),
             "to_review": reverse("help_requests:to_review", args=[cast.school.public_id])}  # fmt: skip
    clients = {"list": cast.client("class_parent"), "to_review": cast.client("teacher")}
    few = {name: queries_of(clients[name], where[name]) for name in where}
    for number in range(6):
        in_talk(cast, title=f"Vraag {number}")
        handed_in(cast, title=f"Nog een vraag {number}")
    many = {name: queries_of(clients[name], where[name]) for name in where}
    assert many == few
    assert {name: number for name, number in many.items() if number > MOST[name]} == {}
