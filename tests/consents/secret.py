"""Whether a parent can tell what other families chose: two worlds that differ in nothing but that, side by side.

    worlds = flipped_worlds(cast, others=[...])        # [everybody else said yes, everybody else said no]
    assert differences(worlds, role="class_parent", pages=...) == {}

A room above adds its own pages to `pages`, or hands `clean` a function that takes out what may differ (its photos).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import timedelta

import time_machine
from django.db import transaction
from django.test import Client

from kring.agreements.policy import PURPOSES
from kring.consents.actions import answer
from kring.people.models import Child, Guardianship
from kring.people.viewers import viewer_for
from tests.cast import NOW, Cast

# Later than anything that a test makes, and the same in all worlds.
MOMENT = NOW + timedelta(minutes=10)
Answered = tuple[int, bytes, tuple[tuple[str, str], ...]]
# What is new in every answer, whoever asks: tokens, nonces, the number of the request.
NEW_EACH_TIME = (
    re.compile(rb'name="(csrfmiddlewaretoken|token)" value="[^"]+"'),
    re.compile(rb'nonce="[^"]+"'),
    re.compile(rb"X-CSRFToken[^}]+"),
)
NOT_COMPARED = {"X-Request-Id", "Set-Cookie", "Content-Security-Policy", "Date", "Expires", "Content-Length"}


def let_all_answer(children: Iterable[Child], *, is_yes: bool) -> None:
    """Let every guardian with authority over these children say the same to everything."""
    ties = Guardianship.objects.filter(child__in=list(children), authority="yes", level="full", ends_on=None)
    for tie in ties.select_related("person__user", "child__school"):
        if tie.person.user:
            by = viewer_for(tie.person.user, now=NOW)
            answer(by=by, child=tie.child, answers=dict.fromkeys(PURPOSES, is_yes))


def answered(client: Client, address: str, clean: Callable[[bytes], bytes] = bytes) -> Answered:
    """Return status, body and headers of a page, without what is new in every answer; always at the same moment."""
    with transaction.atomic(), time_machine.travel(MOMENT, tick=False):
        response = client.get(address)
        body = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
        transaction.set_rollback(True)
    for pattern in NEW_EACH_TIME:
        body = pattern.sub(b"", body)
    headers = tuple(sorted((name, value) for name, value in response.headers.items() if name not in NOT_COMPARED))
    return response.status_code, clean(body), headers


def pages_in_worlds(
    cast: Cast, *, role: str, pages: Iterable[str], others: Iterable[Child], clean: Callable[[bytes], bytes] = bytes
) -> list[dict[str, Answered]]:
    """Return every page as `role` gets it in three worlds: the others said yes, said no, said nothing."""
    found = []
    kept, addresses = list(others), list(pages)
    for is_yes in (True, False, None):
        with transaction.atomic():
            if is_yes is not None:
                let_all_answer(kept, is_yes=is_yes)
            client = cast.client(role)
            client.get("/more/")  # what the first page of a session says once
            found.append({address: answered(client, address, clean) for address in addresses})
            transaction.set_rollback(True)
    return found


def differences(worlds: list[dict[str, Answered]]) -> dict[str, str]:
    """Return the pages that are not the same, to the byte, in all worlds, with what differs first."""
    found = {}
    for address, one in worlds[0].items():
        for other in worlds[1:]:
            if one != other[address]:
                found[address] = _first_difference(one, other[address])
    return found


def _first_difference(one: Answered, other: Answered) -> str:
    if one[0] != other[0]:
        return f"status {one[0]} and {other[0]}"
    if one[2] != other[2]:
        return f"headers {set(one[2]) ^ set(other[2])}"
    at = next(
        (n for n, (a, b) in enumerate(zip(one[1], other[1], strict=False)) if a != b), min(len(one[1]), len(other[1]))
    )
    return f"{one[1][max(at - 60, 0) : at + 60]!r} and {other[1][max(at - 60, 0) : at + 60]!r}"
