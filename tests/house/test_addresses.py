"""Every address is behind sign-in unless it stands in this list, and a GET never writes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.cast import Cast

# The only addresses that answer without sign-in, and why.
PUBLIC = {
    "healthz": "for the supervisor",
    "readyz": "for the supervisor",
    "agreements:public": "the agreements, only of a school that chose so",
}


def addresses(resolver: URLResolver | None = None, prefix: str = "", space: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from addresses(pattern, prefix + str(pattern.pattern), inner)
        else:
            yield f"{space}{pattern.name}", pattern


def is_public(pattern: URLPattern) -> bool:
    return not getattr(pattern.callback, "login_required", True)


def test_only_the_listed_addresses_are_public() -> None:
    public = {name for name, pattern in addresses() if is_public(pattern)}
    assert public == set(PUBLIC)


def test_every_address_has_a_name() -> None:
    assert not [str(pattern.pattern) for name, pattern in addresses() if name.endswith("None")]


@pytest.mark.django_db
def test_an_address_that_does_not_exist_answers_like_one_that_is_not_yours(cast: Cast) -> None:
    client: Client = cast.client("guardian")
    missing = client.get("/school/AAAAAAAAAAAAAAAA/settings/")
    foreign = client.get(f"/school/{cast.second_school.public_id}/settings/")
    assert missing.status_code == foreign.status_code == 404
    assert missing.content.replace(b"AAAAAAAAAAAAAAAA", b"") == foreign.content
