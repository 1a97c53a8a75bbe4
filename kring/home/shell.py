"""The shell around every page: the places this viewer can go, her school's name, and who she is.

Only places that exist are shown: a place is left out when its address does not exist (yet) or is not for her.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import lru_cache

from django.db.models import CharField, QuerySet, Value
from django.db.models.functions import Cast
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from kring.conversations.listing import maybe_new, news_count
from kring.conversations.rights import current_groups
from kring.core.prepared import rows_of
from kring.core.viewer import Viewer
from kring.home.appointments import booked_near, near
from kring.home.away import leave_near, visits_near
from kring.meetings.models import Round, Sitting
from kring.people.models import Child, Person, RoleChoice
from kring.school.models import Board, Group, School

BAR = 5
COLOURS = 6
AHEAD = timedelta(days=15)  # further than any first page looks for appointments


@dataclass(frozen=True, slots=True)
class Place:
    """One place in the bar or side column. `count` is what waits for the viewer there."""

    label: str
    icon: str
    url: str
    is_here: bool = False
    count: int = 0
    counts: str = ""  # what `count` is a number of; a page that stands open asks for it again
    wide: str = ""  # what the link of the side column, which only wide screens have, asks for besides


@dataclass(frozen=True, slots=True)
class Kid:
    """A child of the viewer as her pages show it: its colour is the same everywhere."""

    pk: int
    public_id: str
    name: str
    born: str
    css: str = ""

    @property
    def initial(self) -> str:
        """Return the letter in the ring."""
        return self.name[:1].upper()


@dataclass(slots=True)
class Names:
    """The words for one viewer: her name, her schools, her groups and children, by key."""

    person: str = ""
    first_name: str = ""
    schools: dict[int, tuple[str, str, str]] = field(default_factory=dict)  # id -> public id, name, kind
    boards: dict[int, tuple[str, str]] = field(default_factory=dict)
    groups: dict[int, str] = field(default_factory=dict)
    group_ids: dict[int, str] = field(default_factory=dict)
    kids: dict[int, Kid] = field(default_factory=dict)
    talks: list[int] = field(default_factory=list)  # conversations that may hold something new
    meetings: list[int] = field(default_factory=list)  # appointments near her, fifteen days ahead
    booked: list[int] = field(default_factory=list)  # conversations of a round about her children, as near
    rounds: list[int] = field(default_factory=list)  # rounds in which a child of hers may have no time yet, as near
    sittings: list[int] = field(default_factory=list)  # sessions in which she sits ready herself, as near
    visits: list[int] = field(default_factory=list)  # planned visits of her children, as near
    leave: list[int] = field(default_factory=list)  # granted leave of her children, as near


@dataclass(frozen=True, slots=True)
class Shell:
    """What base.html draws around a page."""

    title: str
    subtitle: str
    name: str
    role: str
    side: list[Place]
    bar: list[Place]
    search_url: str
    names: Names
    school_id: int | None


@lru_cache(maxsize=64)
def address_of(name: str, ids: int = 0) -> str:
    """Return the address called `name`, with {} for each of its public `ids`, or "" when there is none."""
    try:
        return reverse(name, args=["{}"] * ids).replace("%7B%7D", "{}")
    except NoReverseMatch:
        return ""


def shell_for(viewer: Viewer, *, path: str) -> Shell | None:
    """Return the shell for this viewer on the page `path`, or None when nobody is signed in. One query."""
    if not viewer.is_signed_in:
        return None
    names = names_of(viewer)
    school_id = school_of(viewer, names, path)
    public_id, title, subtitle = names.schools.get(school_id or 0, ("", "", ""))
    if not title and names.boards:
        title, subtitle = next(iter(names.boards.values()))[1], _("Board")
    places = [place for place in places_of(viewer, school_id, public_id, names) if place.url]
    here = current(places, path)
    marked = [replace(place, is_here=place is here) for place in places]
    return Shell(
        title=title or "Kring",
        subtitle=subtitle,
        name=names.person,
        role=role_of(viewer, school_id, names),
        side=marked,
        bar=thumb_places(marked),
        search_url=address_of("home:search") if viewer.school_ids else "",
        names=names,
        school_id=school_id,
    )


def names_of(viewer: Viewer) -> Names:
    """Return every name the shell needs, and what may be new or near: one query over eleven tables."""

    groups = {role.group_id for role in viewer.roles if role.group_id is not None}
    groups |= {span.group_id for span in viewer.spans if span.is_current}
    found = rows_of(
        "shell.names",
        _names,
        viewer.user_id or 0,
        sorted(viewer.school_ids),
        sorted(viewer.own_child_ids),
        sorted(groups),
        sorted(viewer.administered_board_ids),
        sorted(viewer.persons.values()) if viewer.spans or viewer.taught_group_ids else (),
        sorted(viewer.taught_group_ids),
        sorted(current_groups(viewer)),
        viewer.now,
        viewer.now - timedelta(days=1),
        viewer.now + AHEAD,
        School().today(viewer.now),
        School().today(viewer.now + AHEAD),
    )
    names, kids = Names(), []
    for what, pk, *texts in found:
        if what == "person":
            names.person, names.first_name = " ".join(text for text in texts if text), texts[0]
        elif what == "school":
            names.schools[pk] = (texts[0], texts[1], texts[2])
        elif what == "board":
            names.boards[pk] = (texts[0], texts[1])
        elif what == "child":
            kids.append(Kid(pk, texts[0], texts[1], texts[2] or ""))
        elif what == "talk":
            names.talks.append(pk)
        elif what == "meeting":
            names.meetings.append(pk)
        elif what == "booking":
            names.booked.append(pk)
        elif what == "round":
            names.rounds.append(pk)
        elif what == "sitting":
            names.sittings.append(pk)
        elif what == "visit":
            names.visits.append(pk)
        elif what == "leave":
            names.leave.append(pk)
        else:
            names.group_ids[pk], names.groups[pk] = texts[0], texts[1]
    kids.sort(key=lambda kid: (kid.born, kid.pk))
    names.kids = {kid.pk: replace(kid, css=f"c{n % COLOURS + 1}") for n, kid in enumerate(kids)}
    return names


def _names(
    user_id: int,
    schools: Sequence[int],
    children: Sequence[int],
    groups: Sequence[int],
    boards: Sequence[int],
    persons: Sequence[int],
    taught: Sequence[int],
    own: Sequence[int],
    now: datetime,
    since: datetime,
    until: datetime,
    today: date,
    last: date,
) -> QuerySet:
    """Return kind, key and four texts of each: a union of what is not empty."""

    def rows(found: QuerySet, what: str, *columns: str) -> QuerySet:
        padded = [*columns, *[""] * (4 - len(columns))]
        shown = {f"c{n}": _column(name) for n, name in enumerate(padded)}
        return found.order_by().annotate(what=Value(what), **shown).values_list("what", "pk", *shown)

    parts = [rows(Person.objects.filter(user_id=user_id), "person", "first_name", "infix", "last_name")]
    for keys, model, what, columns in (
        (schools, School, "school", ("public_id", "name", "kind")),
        (children, Child, "child", ("public_id", "first_name", "birth_date")),
        (groups, Group, "group", ("public_id", "name")),
        (boards, Board, "board", ("public_id", "name")),
    ):
        if keys:
            parts.append(rows(model.objects.filter(pk__in=keys), what, *columns))  # type: ignore[attr-defined]
    if persons:
        parts.append(rows(maybe_new(persons, taught, own, now), "talk"))
        parts.append(rows(near(persons, taught, since, until), "meeting"))
        parts.append(rows(Sitting.objects.near(persons, since, until), "sitting"))
    if children:
        parts.append(rows(booked_near(children, since, until), "booking"))
        parts.append(rows(Round.objects.near(children, since, until), "round"))
        parts.append(rows(visits_near(children, since, until), "visit"))
        parts.append(rows(leave_near(children, today, last), "leave"))
    return parts[0].union(*parts[1:], all=True)


def _column(name: str) -> object:
    # Every part of a union has columns of the same type, also on PostgreSQL.
    return Cast(name, CharField()) if name else Value("", output_field=CharField())


def school_of(viewer: Viewer, names: Names, path: str) -> int | None:
    """Return the school the page is about: the one in the address, else where she works, else where her child is."""
    for pk, (public_id, _name, _kind) in names.schools.items():
        if path.startswith(f"/school/{public_id}/"):
            return pk
    for ids in (viewer.staff_school_ids, viewer.guardian_school_ids, viewer.school_ids):
        known = sorted((pk for pk in ids if pk in names.schools), key=lambda pk: names.schools[pk][1])
        if known:
            return known[0]
    return None


def places_of(viewer: Viewer, school_id: int | None, public_id: str, names: Names) -> Iterable[Place]:
    """Yield the places of this viewer, the most used first; one whose address is empty does not exist."""

    def at_school(name: str) -> str:
        return address_of(name, 1).format(public_id) if public_id else ""

    is_staff = school_id is not None and viewer.is_staff_at(school_id)
    if is_staff:
        yield Place(_("Today"), "sun", at_school("home:team"))
    if viewer.spans:
        yield Place(_("News"), "newspaper", address_of("home:news"))
    if viewer.school_ids:
        # On a wide screen a month fits: the side column leads there, the bar of a phone to the week.
        yield Place(_("Agenda"), "calendar-days", address_of("home:agenda"), wide="?view=month")
    # Management takes part in none, and finds what was reported to it there.
    if viewer.spans or viewer.taught_group_ids or (school_id is not None and viewer.is_management(school_id)):
        talks = address_of("conversations:list")
        yield Place(_("Conversations"), "messages-square", talks, count=news_count(viewer, names.talks), counts="talks")
    if viewer.spans:
        yield Place(_("Arrange"), "clipboard-list", address_of("home:arrange"))
    own = [pk for pk in sorted(viewer.taught_group_ids) if pk in names.groups and is_staff]
    if own:
        page = address_of("posts:group", 2)
        yield Place(names.groups[own[0]], "users-round", page.format(public_id, names.group_ids[own[0]]))
    if school_id is not None and viewer.is_manager(school_id):
        yield Place(_("Messages"), "layout-list", at_school("posts:overview"))
        yield Place(_("Manage"), "settings", at_school("people:manage"))
    if is_staff:
        yield Place(_("Planning conversations"), "calendar-clock", at_school("meetings:rounds"))
    for board_id in names.boards:
        yield Place(_("Board"), "landmark", address_of("people:board", 1).format(names.boards[board_id][0]))
    if is_staff:
        yield Place(_("Agreements"), "scroll-text", at_school("agreements:page"))
    yield Place(_("More"), "menu", address_of("home:more"))


def current(places: list[Place], path: str) -> Place | None:
    """Return the place of the page: the one whose address is the longest beginning of `path`."""
    found = [place for place in places if path == place.url or (place.url != "/" and path.startswith(place.url))]
    return max(found, key=lambda place: len(place.url), default=None)


def thumb_places(places: list[Place]) -> list[Place]:
    """Return at most five places for the bar; the last one, More, always stays."""
    return places if len(places) <= BAR else [*places[: BAR - 1], places[-1]]


def role_of(viewer: Viewer, school_id: int | None, names: Names) -> str:
    """Return in a few words what she is at this school: her groups or office, and whose parent she is."""
    parts = []
    kinds = {role.kind for role in viewer.roles if role.school_id == school_id and role.group_id is None}
    groups = [
        names.groups[role.group_id]
        for role in viewer.roles
        if role.school_id == school_id and role.group_id in viewer.taught_group_ids and role.group_id in names.groups
    ]
    parts.extend(sorted(set(groups)))
    parts.extend(str(RoleChoice(kind.value).label) for kind in sorted(kinds))
    current_ids = {span.child_id for span in viewer.spans if span.is_current}
    own = [kid.name for pk, kid in names.kids.items() if pk in current_ids]
    if own:
        parts.append(_("Parent of %(names)s") % {"names": listed(own)})
    return " · ".join(parts)


def listed(words: list[str]) -> str:
    """Return the words as people say them: "Saar and Joep"."""
    if len(words) < 2:
        return "".join(words)
    return _("%(first)s and %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}
