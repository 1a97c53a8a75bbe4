"""Every row of both tables is a clause: seen on the page, changed in the editor, and then true in the policy."""

from __future__ import annotations

from datetime import time
from typing import Any

import pytest
from django.utils import timezone, translation

from kring.agreements.clauses import BY_ID, CLAUSE_OF, CLAUSES, Say
from kring.agreements.clauses.clause import CHAPTERS
from kring.agreements.clauses.labels import OPTION_NAMES, SETTING_NAMES, option_name
from kring.agreements.current import policy_for
from kring.agreements.forms import AgreementForm
from kring.agreements.policy import DEFAULTS, FILLED_IN, KINDS, value_at, with_values
from kring.agreements.printing import LANGUAGES, printed, sentence_of
from kring.agreements.settings import Choice, Flag, Several, Window
from tests.agreements.making import publish
from tests.cast import Cast

FIRST_TABLE = [
    "G1", "G2", "G3", "F1", "F2", "F3", "A1", "A2", "N1", "N2", "N3", "N4", "P1", "P2", "P3", "P4", "H1", "H2",
    "H3", "H4", "O1", "O2", "C1", "C2", "C3",
]  # fmt: skip
SECOND_TABLE = [f"S{number}" for number in range(1, 16)]
CAPABILITY_LATER = {"C1"}

# One other value per clause, as it is typed in the editor; and what has to hold as well before it shows.
CHANGES: dict[str, tuple[str, Any]] = {
    "G1": ("weekly_guideline.number", "3"), "G2": ("photo_preferred.on", "no"), "G3": ("anonymous_work.on", "no"),
    "F1": ("functional_kinds.kinds", ["homework", "bring"]), "F2": ("kwink.whole_school", "no"),
    "F3": ("lead_time.number", "4"), "A1": ("year_planning.on", "no"), "A2": ("reminder.weeks", "2"),
    "N1": ("sensitive_topics.hint", "no"), "N2": ("sick_and_late.until", "8.15"), "N3": ("medical_visit.in_app", "no"),
    "N4": ("leave.way", "app"), "P1": ("parent_messages.on", "no"), "P2": ("group_conversations.on", "no"),
    "P3": ("parent_photos.allowed", "yes"), "P4": ("consent_readers.office", "yes"),
    "H1": ("contact_hours.own_working_days", "no"), "H2": ("expected_answer.mode", "week"), "H3": ("receipts.on", "no"),
    "H4": ("urgent_phone.number", "085-0000 121"), "O1": ("council_requests.way", "management"),
    "O2": ("class_parent_requests.way", "itself"), "C1": ("conversation_kinds.kinds", ["report"]),
    "C2": ("booking_opening.all_at_once", "no"), "C3": ("sibling_priority.days", "2"),
    "S1": ("reactions.outing", "heart"), "S2": ("wide_posting.council_may_post", "yes"),
    "S3": ("photo_download.albums", "no"), "S4": ("closing_date.day", "15"),
    "S5": ("consent_purposes.renewal_month", "10"), "S6": ("emphasis.kinds", ["bring"]),
    "S7": ("digest.default", "daily"),
    "S8": ("calamity.senders", ["management", "office"]), "S9": ("sick_in_app.still_ill", "no"),
    "S10": ("leave_in_app.working_days", "3"), "S11": ("directory.sees", "names"),
    "S12": ("contact_hours.outside", "shown"), "S13": ("weekly_guideline.thursday_hint", "yes"),
    "S14": ("school_contact.office_hours", "elke ochtend van 8.15 tot 12.00 uur"), "S15": ("newsletter.on", "no"),
}  # fmt: skip
FIRST: dict[str, dict[str, Any]] = {"S9": {"sick_and_late.way": "app"}, "S10": {"leave.way": "app"}}


def test_both_tables_are_clauses_and_nothing_else() -> None:
    assert {clause.id for clause in CLAUSES} == {*FIRST_TABLE, *SECOND_TABLE}
    assert len(CLAUSES) == 40


def test_the_clauses_whose_capability_comes_later_are_known() -> None:
    assert {clause.id for clause in CLAUSES if clause.is_capability_later} == CAPABILITY_LATER


def test_every_setting_belongs_to_exactly_one_clause_and_has_a_name() -> None:
    paths = [path for clause in CLAUSES for path in clause.settings]
    assert sorted(paths) == sorted(KINDS)
    assert set(SETTING_NAMES) == set(KINDS)
    assert CLAUSE_OF["lead_time.number"].id == "F3"
    for path, kind in KINDS.items():
        if isinstance(kind, Choice | Several):
            assert all(option_name(path, option) for option in kind.options)
    assert set(OPTION_NAMES) <= set(KINDS)


def test_the_clauses_stand_in_the_order_of_the_chapters() -> None:
    order = list(dict.fromkeys(clause.chapter for clause in CLAUSES))
    assert order == list(CHAPTERS)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", sorted(KINDS))
def test_every_setting_changes_what_people_read(path: str, language: str) -> None:
    kind, was = KINDS[path], value_at(DEFAULTS, path)
    base = with_values(DEFAULTS, {
        "sick_and_late.way": "app" if path.startswith("sick_in_app") else "phone",
        "leave.way": "app" if path.startswith("leave_in_app") else "form",
        "expected_answer.mode": "working_days" if path == "expected_answer.working_days" else "lessons",
    })  # fmt: skip
    other = _other_value(path, kind, was)
    clause = CLAUSE_OF[path]
    with translation.override(language):
        before, after = (list(clause.say(Say(policy))) for policy in (base, with_values(base, {path: other})))
    assert before != after


def _other_value(path: str, kind: Any, was: Any) -> Any:
    if path == "contact_hours.windows":
        return (Window(3, time(8), time(12, 30)), Window(3, time(15), time(17)))
    if path == "consent_purposes.texts":
        return (("website", "Alleen op de pagina van de groep."),)
    if isinstance(kind, Flag):
        return not was
    if isinstance(kind, Choice):
        return next(option for option in kind.options if option != was)
    if isinstance(kind, Several):
        return kind.options[:1] if was != kind.options[:1] else kind.options[:2]
    if isinstance(was, int):
        return was + 1
    if isinstance(was, time):
        return time(8, 15)
    return {"leave.form_url": "https://school.example.org/verlof"}.get(path, "085-0000 121")


@pytest.mark.parametrize("clause_id", [*FIRST_TABLE, *SECOND_TABLE])
@pytest.mark.django_db
def test_each_clause_is_seen_and_can_be_changed(cast: Cast, clause_id: str) -> None:
    publish(cast, FIRST.get(clause_id, {}), confirmed=tuple(sorted(FILLED_IN)))
    client, sid = cast.client("management"), cast.school.public_id
    page = f"/school/{sid}/agreements/"
    before = client.get(page).content.decode()
    assert f'id="{clause_id.lower()}"' in before
    path, typed = CHANGES[clause_id]
    editor = client.get(f"{page}edit/").content.decode()
    assert f'name="{path}' in editor
    data = {path: typed, "do": "next", "confirmed": sorted(FILLED_IN)}
    if isinstance(typed, list):
        data[f"{path}.shown"] = "1"
    assert client.post(f"{page}edit/", data).status_code == 302
    assert client.post(f"{page}publish/", {"in_force_from": "2026-11-24"}).status_code == 302
    assert _paragraph(client.get(page).content.decode(), clause_id) != _paragraph(before, clause_id)
    value = value_at(policy_for(cast.school.pk, at=timezone.now()), path)
    assert value == KINDS[path].read(typed)


def _paragraph(html: str, clause_id: str) -> str:
    return html.split(f'<article class="clause" id="{clause_id.lower()}"')[1].split("</article>")[0]


def test_the_document_says_the_values_and_marks_them() -> None:
    assert 'Elke groep plaatst ongeveer <b class="setting">twee groepsberichten per week</b>.' in sentence_of(
        "G1", DEFAULTS, "nl"
    )
    three = with_values(DEFAULTS, {"weekly_guideline.number": 3, "lead_time.unit": "school"})
    assert '<b class="setting">three group posts a week</b>' in sentence_of("G1", three, "en")
    assert "minstens twee schooldagen van tevoren" in sentence_of("F3", three, "nl")


def test_contact_times_that_differ_by_day_read_as_a_sentence() -> None:
    windows = [Window(day, time(8), time(10)) for day in (1, 2, 4, 5)] + [
        Window(3, time(8), time(9)), Window(3, time(15), time(16, 30)),
    ]  # fmt: skip
    policy = with_values(DEFAULTS, {"contact_hours.windows": tuple(sorted(windows))})
    text = sentence_of("H1", policy, "nl")
    assert "op maandag, dinsdag, donderdag en vrijdag tussen 8.00 en 10.00 uur" in text
    assert "op woensdag tussen 8.00 en 9.00 uur en tussen 15.00 en 16.30 uur" in text


def test_a_filled_in_value_is_printed_only_when_management_made_it_its_own() -> None:
    def text(confirmed: tuple[str, ...], policy: Any = DEFAULTS) -> str:
        return str(printed(policy, confirmed=confirmed, paragraphs={}, language="nl"))

    assert "14 dagen" not in text(())
    assert "vijf minuten" not in text(())
    assert "14 dagen" in text(("group_conversations.closes_after_days",))
    other = with_values(DEFAULTS, {"group_conversations.closes_after_days": 21})
    assert "21 dagen" in text((), other)


def test_words_of_the_school_cannot_become_markup() -> None:
    policy = with_values(DEFAULTS, {"school_contact.office_hours": "<b>[altijd]</b> {{x}}"})
    html = sentence_of("S14", policy, "nl")
    assert "&lt;b&gt;(altijd)&lt;/b&gt; ((x))" in html


def test_a_form_without_input_repeats_the_policy() -> None:
    assert AgreementForm(base=DEFAULTS).policy == DEFAULTS
    assert BY_ID["S13"].settings == ("weekly_guideline.mode", "weekly_guideline.thursday_hint")
