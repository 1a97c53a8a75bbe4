"""Real calendar programs subscribe to a feed: vdirsyncer fetches it, khal reads what it fetched.

Left out, with one line, where they are not installed (Debian: khal, vdirsyncer); in CI that is a failure.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from datetime import date, time
from pathlib import Path

import pytest
from django.urls import reverse

from kring.agenda.actions import cancel_event, change_event
from kring.agenda.actions.events import EventInput
from kring.agenda.actions.feeds import stop_feed
from kring.agenda.models import Feed
from kring.agenda.models.feeds import token_of
from kring.agenda.permissions import Target
from tests.agenda.feeding import feed_of, put
from tests.cast import Cast

STRICT = os.environ.get("KRING_CI") == "1"
INSTALLED = bool(shutil.which("khal") and shutil.which("vdirsyncer"))
needs_clients = pytest.mark.skipif(
    not STRICT and not INSTALLED,
    reason="khal and vdirsyncer are not installed: real calendar programs are left out.",
)
pytestmark = [pytest.mark.django_db(transaction=True), needs_clients]
VDIRSYNCER = """[general]
status_path = "{home}/status"
[pair school]
a = "far"
b = "near"
collections = null
conflict_resolution = "a wins"
[storage far]
type = "http"
url = "{url}"
[storage near]
type = "filesystem"
path = "{home}/events"
fileext = ".ics"
"""
KHAL = """[calendars]
[[school]]
path = {home}/events
readonly = True
[locale]
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
local_timezone = Europe/Amsterdam
default_timezone = Europe/Amsterdam
[sqlite]
path = {home}/khal.db
"""


class Clients:
    """Both programs, with a home of their own."""

    def __init__(self, home: Path, url: str) -> None:
        self.home = home
        (home / "events").mkdir()
        (home / "vdirsyncer").write_text(VDIRSYNCER.format(home=home, url=url))
        (home / "khal").write_text(KHAL.format(home=home))
        self._run("vdirsyncer", "discover")

    def _run(self, program: str, *words: str) -> str:
        env = {"PATH": os.environ["PATH"], "HOME": str(self.home), "LC_ALL": "C.UTF-8", "TZ": "Europe/Amsterdam"}
        done = subprocess.run(  # noqa: S603  the two programs this test is about
            [shutil.which(program) or program, "-c", str(self.home / program), *words],
            env=env, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    def sync(self) -> None:
        """Fetch what the school has now."""
        self._run("vdirsyncer", "sync")

    def read(self, file: Path) -> list[str]:
        """Return what khal finds in a file that somebody took: day, hours, name and status."""
        form = "{start-date} {start-time} {end-date} {end-time} {title} {status}"
        lines = self._run("khal", "printics", "--format", form, str(file)).splitlines()
        return [" ".join(line.split()) for line in lines[1:]]  # the first says how many there are

    def shown(self, first: str, days: int = 1) -> list[str]:
        """Return what khal shows from `first`: day, hours, name and status, one line each."""
        form = "{start-date} {start-time} {end-date} {end-time} {title}{repeat-symbol} {status}"
        lines = self._run("khal", "list", "--day-format", "", "--format", form, first, f"{days}d").splitlines()
        return [" ".join(line.split()) for line in lines if line.strip()]


def clients_of(cast: Cast, tmp_path: Path, live_server: object) -> Clients:
    """Return both programs, subscribed to the agenda of the guardian."""
    if not INSTALLED:
        pytest.fail("khal or vdirsyncer is missing, and KRING_CI asks for both.")
    feed = feed_of(cast, "guardian")
    url = f"{live_server}{reverse('agenda:feed', args=[token_of(feed.seed)])}"
    home = tmp_path / "calendars"
    home.mkdir()
    return Clients(home, url)


@pytest.fixture
def clients(cast: Cast, tmp_path: Path, live_server: object) -> Clients:
    return clients_of(cast, tmp_path, live_server)


def test_a_subscription_follows_a_change_and_a_cancellation(cast: Cast, clients: Clients) -> None:
    event = put(cast.school, "Ouderavond", date(2026, 12, 8), starts=time(19, 30), ends=time(21), place="Aula")
    clients.sync()
    assert clients.shown("2026-12-08") == ["2026-12-08 19:30 2026-12-08 21:00 Ouderavond CONFIRMED"]
    what = EventInput(
        "Ouderavond", date(2026, 12, 9), Target(whole_school=True), starts=time(20), ends=time(21, 30), place="Gymzaal"
    )
    event = change_event(by=cast.viewer("office"), event=event, what=what)
    clients.sync()
    assert clients.shown("2026-12-08") == []
    assert clients.shown("2026-12-09") == ["2026-12-09 20:00 2026-12-09 21:30 Ouderavond CONFIRMED"]
    cancel_event(by=cast.viewer("office"), event=event)
    clients.sync()
    assert clients.shown("2026-12-09") == ["2026-12-09 20:00 2026-12-09 21:30 Vervalt: Ouderavond CANCELLED"]


def test_all_day_and_several_days(cast: Cast, clients: Clients) -> None:
    put(cast.school, "Projectweek", date(2026, 12, 7), last=date(2026, 12, 9), groups=(cast.five,))
    clients.sync()
    assert [clients.shown(f"2026-12-{day:02}") for day in (6, 7, 8, 9, 10)] == [
        [], *[["2026-12-07 2026-12-09 Projectweek (Groep 5) CONFIRMED"]] * 3, [],
    ]  # fmt: skip


def test_the_nights_on_which_the_clock_changes(cast: Cast, clients: Clients) -> None:
    put(cast.school, "Voorjaarsnacht", date(2027, 3, 27), last=date(2027, 3, 28), starts=time(20), ends=time(3, 30))
    put(cast.school, "Najaarsnacht", date(2027, 10, 30), last=date(2027, 10, 31), starts=time(20), ends=time(9))
    clients.sync()
    assert clients.shown("2027-03-27") == ["2027-03-27 20:00 2027-03-28 03:30 Voorjaarsnacht CONFIRMED"]
    assert clients.shown("2027-10-30")[-1:] == ["2027-10-30 20:00 2027-10-31 09:00 Najaarsnacht CONFIRMED"]


def test_a_stopped_address_gives_nothing_any_more(cast: Cast, clients: Clients) -> None:
    put(cast.school, "Ouderavond", date(2026, 12, 8))
    clients.sync()
    assert clients.shown("2026-12-08")
    stop_feed(by=cast.viewer("guardian"), feed=Feed.objects.get())
    with pytest.raises(AssertionError, match="Not Found"):
        clients.sync()
