from __future__ import annotations

from datetime import UTC, datetime

from django.test import Client


def test_security_txt_says_whom_to_tell_and_has_not_run_out(client: Client, settings) -> None:
    settings.SECURITY_CONTACT = "mailto:veilig@example.org"
    answer = client.get("/.well-known/security.txt")
    lines = dict(line.split(": ", 1) for line in answer.content.decode().splitlines())
    assert answer["Content-Type"].startswith("text/plain")
    assert lines["Contact"] == "mailto:veilig@example.org"
    until = datetime.strptime(lines["Expires"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert 0 < (until - datetime.now(UTC)).days < 365
    assert lines["Canonical"].startswith(settings.BASE_URL)


def test_robots_stay_out(client: Client) -> None:
    assert client.get("/robots.txt").content == b"User-agent: *\nDisallow: /\n"
