"""Every page, as the people of the demo school see it: axe, console, hosts, width, headings and links."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.http import HttpRequest, HttpResponseBase
from django.test import RequestFactory
from django.urls import URLPattern, reverse
from playwright.sync_api import BrowserContext

import kring
from tests.absences.states import deciding, reporting
from tests.agenda.states import keeping, looking
from tests.agenda.year_states import planning, subscribing
from tests.browsing import PATIENCE, Browsing
from tests.consents.states import consents
from tests.conversations.states import closing, talking
from tests.health import Inspector
from tests.help_requests import states as helping
from tests.house import states
from tests.house.pages import BY_HAND, NO_PAGE, PAGES
from tests.house.test_addresses import addresses
from tests.kept_demo import kept_demo
from tests.meetings.states import overseeing_a_round, planning_all, preparing_a_round, wishing
from tests.notifications.states import telling
from tests.walk import sign_in, walk

DUTCH, ENGLISH = "nl-NL", "en-GB"
# Who looks, in which language, and what again beside the first page, because it differs from that of earlier readers.
READERS: dict[str, tuple[str, set[str]]] = {
    "Marloes": (DUTCH, set()),
    "Carolien": (DUTCH, {"home:arrange", "conversations:talk"}),
    "Nabil": (DUTCH, {"conversations:talk"}),
    "Hilde": (DUTCH, set()),
    "Anouk": (DUTCH, {"home:more", "conversations:list", "conversations:talk"}),
    "Rachid": (ENGLISH, {"home:team", "home:arrange", "home:more"}),
    "Wilma": (DUTCH, {"home:more"}),
    "Ineke": (DUTCH, {"home:more", "posts:new", "conversations:list"}),
    "Marja": (ENGLISH, {"home:more"}),
}


class Part:
    """Some states of Kring, looked at in one test: who is brought where, and the pages of BY_HAND seen there."""

    def __init__(self, by_hand: str, *visits: tuple[str, Callable[[Inspector, Browsing], None]]) -> None:
        self.by_hand, self.visits = set(by_hand.split()), visits


# A new room adds a part of its own; what one visit needs of another stands in the same part, after it.
STATES = {
    "reading and writing": Part(
        "photos:alter posts:change_kind posts:edit posts:withdraw",
        ("Marloes", states.readings),
        ("Anouk", states.teacher),
    ),
    "office": Part(
        "accounts:print consents:paper consents:reasons imports:import people:change_role people:end_role "
        "people:keep_apart meetings:add_session meetings:change_round meetings:door meetings:new_round "
        "meetings:place meetings:slip",
        ("Wilma", states.office),
        ("Wilma", consents),
        ("Wilma", preparing_a_round),
        ("Wilma", overseeing_a_round),
    ),
    "rounds that the school fills": Part(
        "meetings:ask meetings:move_time meetings:plans meetings:publish_plan meetings:whole_plan",
        ("Marloes", wishing),
        ("Wilma", planning_all),
    ),
    "the year in the agenda": Part(
        "agenda:copy_year agenda:publish_year agenda:read_calendar",
        ("Wilma", planning),
        ("Anouk", subscribing),
    ),
    "requests for help": Part(
        "help_requests:addresses help_requests:edit help_requests:new",
        ("Hilde", helping.asking),
        ("Marloes", helping.answering),
        ("Wilma", helping.placing),
    ),
    "conversations": Part(
        "conversations:close conversations:edit conversations:privately conversations:report_messages "
        "notifications:own_hours notifications:unsubscribe",
        ("Anouk", telling),
        ("Marloes", talking),
        ("Anouk", closing),
    ),
    "agenda": Part(
        "agenda:add_document agenda:ask agenda:cancel agenda:change_offer agenda:edit agenda:new",
        ("Anouk", keeping),
        ("Marloes", looking),
    ),
    "absences": Part(
        "absences:decide absences:export absences:leave_request absences:leave_requests absences:report",
        ("Marloes", reporting),
        ("Ineke", deciding),
    ),
    "management, then signing in": Part(
        "account_confirm_email account_confirm_login_code account_email_verification_sent account_inactive "
        "account_login account_request_login_code account_reset_password account_reset_password_done "
        "account_reset_password_from_key account_reset_password_from_key_done agreements:edit agreements:preview "
        "agreements:public agreements:version core:offline people:log",
        ("Ineke", states.management),
        ("", states.entrance),
    ),
    "newcomers": Part(
        "account_change_password account_logout account_reauthenticate accounts:invitation "
        "accounts:invitation_by_code accounts:invitation_proof accounts:ready accounts:welcome mfa_authenticate "
        "mfa_deactivate_totp mfa_edit_webauthn mfa_generate_recovery_codes mfa_list_webauthn mfa_reauthenticate "
        "mfa_reauthenticate_webauthn mfa_remove_webauthn mfa_view_recovery_codes",
        ("", states.invitations),
        ("", states.newcomer),
    ),
}


class Rounds:
    """Looks at pages as one reader after the other, and keeps what was found."""

    def __init__(self, browsing: Browsing, new_context: Callable[..., BrowserContext]) -> None:
        self.browsing = browsing
        # One browser for each language, so that files of the style are fetched once.
        self._contexts = {
            language: new_context(locale=language, reduced_motion="reduce") for language in (DUTCH, ENGLISH)
        }
        self.faults: list[str] = []
        self.routes: set[str] = set()

    @contextmanager
    def reader(self, language: str = DUTCH, who: str = "") -> Iterator[Inspector]:
        """Give the eyes of a demo account, or of somebody who is not signed in."""
        context = self._contexts[language]
        context.clear_cookies()
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        look = Inspector(page, self.browsing.address)
        if who:
            sign_in(page, self.browsing.address, who)
        yield look
        page.close()
        self.faults += look.faults
        self.routes |= look.routes


@pytest.fixture
def lasting_styles(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a browser keep static files, as it does where their names hold a hash."""
    serve = StaticFilesHandler.serve

    def with_age(self: StaticFilesHandler, request: HttpRequest) -> HttpResponseBase:
        response = serve(self, request)
        response.headers["Cache-Control"] = "max-age=3600"
        return response

    monkeypatch.setattr(StaticFilesHandler, "serve", with_age)


@pytest.fixture
def rounds(browsing: Browsing, new_context: Callable[..., BrowserContext], lasting_styles: None) -> Rounds:
    return Rounds(browsing, new_context)


@pytest.fixture
def demo(rounds: Rounds) -> None:
    with rounds.browsing.turn():
        kept_demo()


@pytest.mark.browser
@pytest.mark.long
def test_every_page_that_links_lead_to_is_healthy(rounds: Rounds, demo: None) -> None:
    seen: set[str] = set()
    for who, (language, again) in READERS.items():
        seen -= again
        with rounds.reader(language, who) as look:
            for _route, _address in walk(look.page, look.base, seen=seen):
                look.inspect(who)
    assert not rounds.faults, "\n".join(rounds.faults)
    assert not (missed := PAGES - BY_HAND - rounds.routes), f"No link leads to {sorted(missed)}"
    assert rounds.routes <= PAGES


@pytest.mark.browser
@pytest.mark.parametrize("part", STATES)
def test_every_state_that_links_do_not_reach_is_healthy(part: str, rounds: Rounds, demo: None) -> None:
    for who, bring in STATES[part].visits:
        with rounds.reader(who=who) as look:
            bring(look, rounds.browsing)
    assert not rounds.faults, "\n".join(rounds.faults)
    assert STATES[part].by_hand <= rounds.routes <= PAGES


@pytest.mark.browser
def test_every_error_page_is_healthy(rounds: Rounds, demo: None, monkeypatch: pytest.MonkeyPatch) -> None:
    for language in (DUTCH, ENGLISH):
        with rounds.reader(language, "Wilma") as look:
            states.errors(look, rounds.browsing, monkeypatch)
    assert not rounds.faults, "\n".join(rounds.faults)


def test_every_page_that_no_link_leads_to_is_looked_at_by_hand() -> None:
    assert set().union(*(part.by_hand for part in STATES.values())) == BY_HAND


# A block of the stylesheets for one theme, up to the brace at the start of a line; photos are dimmed there.
DARK_BLOCK = r"@media[^{]*prefers-color-scheme.*?^}"
SPOILED = {
    "color-contrast": "document.querySelector('h1').style.color = 'light-dark(#f0f0e8, #fff)'",
    "1280 dark": "document.querySelector('h1').style.color = 'light-dark(#000, #16201b)'",
    "image-alt": "document.querySelector('main img').removeAttribute('alt')",
    "lang is ''": "document.documentElement.lang = ''",
    "2 h1": "document.querySelector('main').append(document.querySelector('h1').cloneNode(true))",
    "sideways": "document.querySelector('h1').style.inlineSize = '30rem'",
    "leads nowhere": "document.querySelector('main a').href = '/nothing/'",
    "#nothing": "document.querySelector('main a').setAttribute('href', '#nothing')",
    "console": "console.error('spoiled')",
    "page error": "setTimeout(() => { throw new Error('spoiled') })",
}


@pytest.mark.browser
def test_a_spoiled_page_is_reported_and_the_same_page_unspoiled_is_not(rounds: Rounds) -> None:
    for fault, spoil in SPOILED.items():
        with rounds.reader() as look:
            look.open(reverse("core:offline"), "whole")
            assert not look.faults
            look.page.evaluate(spoil)
            look.inspect("spoiled")
            assert any(fault in found for found in look.faults), (fault, look.faults)
    with rounds.reader() as look:
        look.page.set_content("<img src='http://127.0.0.1:9/elsewhere.png'>")
        assert any("another host" in found for found in look.faults)


def answers_get(pattern: URLPattern) -> bool:
    """Say whether the view begins at all with a GET; one that wants a POST refuses with 405 before it begins."""
    arguments = dict.fromkeys(pattern.pattern.regex.groupindex, "x")
    try:
        return pattern.callback(RequestFactory().get("/"), **arguments).status_code != 405
    except Exception:
        return True  # without a session or a database it came no further, but it began


def test_every_address_that_answers_get_is_a_page_that_is_looked_at_or_says_why_not() -> None:
    answering = {name for name, pattern in addresses() if answers_get(pattern)}
    assert not PAGES & set(NO_PAGE)
    assert answering == PAGES | set(NO_PAGE)


def test_a_theme_changes_colours_and_nothing_else() -> None:
    """So that tests/health.py may try the dark theme on the rules about colours."""
    styles = (Path(kring.__file__).parent / "core" / "static" / "css").rglob("*.css")
    blocks = [block for path in styles for block in re.findall(DARK_BLOCK, path.read_text(), re.DOTALL | re.MULTILINE)]
    assert blocks
    assert {name for block in blocks for name in re.findall(r"^\s+([a-z-]+):", block, re.MULTILINE)} == {"filter"}
