"""What stands ready for a year: its plan, what last year offers, and what a file would do. Reading only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from kring.agenda.incoming.compare import Line, compared
from kring.agenda.incoming.rows import Row, row_from_json
from kring.agenda.models import CalendarRead, Event
from kring.agenda.permissions import Target
from kring.agenda.rules import Category, EventState
from kring.agenda.rules.copying import New, Old, Year, copied
from kring.school.calendars import calendar_of
from kring.school.models import Group, Layer, School, SchoolYear

# What the calendar of the region knows by itself.
NOT_COPIED = frozenset({Category.HOLIDAY.value})


@dataclass(frozen=True, slots=True)
class Offered:
    """An event of last year, and where it would lie; without `target` when next year has no such group."""

    event: Event
    new: New
    target: Target | None

    @property
    def can_be_copied(self) -> bool:
        """Say whether it has a day and somebody it is for."""
        return self.new.first is not None and self.target is not None


def year_of(school: School, year: SchoolYear) -> Year:
    """Return the year with its days without school. One query."""
    return Year(year.starts_on, year.ends_on, calendar_of(school, first=year.starts_on, last=year.ends_on))


def year_before(year: SchoolYear) -> SchoolYear | None:
    """Return the school year before this one."""
    return SchoolYear.objects.filter(school_id=year.school_id, starts_on__lt=year.starts_on).first()


def offers_from(school: School, old: SchoolYear, new: SchoolYear) -> list[Offered]:
    """Return what went on in the `old` year and is not in the plan of the `new` one yet, in order of its new day.

    Cancelled events and holidays are left out, and what was copied before, so that it can be done again later.
    """
    events = Event.objects.of_school(school).published().standing().between(old.starts_on, old.ends_on)
    done = Event.objects.of_school(school).filter(
        copied_from__isnull=False, starts_on__gte=new.starts_on, starts_on__lte=new.ends_on
    )
    rows = events.exclude(category__in=NOT_COPIED).exclude(pk__in=done.values("copied_from"))
    found = list(rows.filter(starts_on__gte=old.starts_on).with_names())
    olds = [Old(event.title, event.starts_on, event.ends_on) for event in found]
    placed = copied(olds, old=year_of(school, old), new=year_of(school, new))
    groups = {group.name: group.pk for group in Group.objects.in_school_year(new)}
    offers = [Offered(event, where, _target(event, groups)) for event, where in zip(found, placed, strict=True)]
    return sorted(offers, key=lambda one: (one.new.first or new.ends_on, one.event.starts_on, one.event.title))


def _target(event: Event, groups: Mapping[str, int]) -> Target | None:
    """Return for whom it would be: groups of the same name; None when one is missing, because nothing may widen."""
    audience = event.audience
    if audience.whole_school:
        return Target(whole_school=True)
    layers = frozenset(layer.pk for layer in audience.layers.all())
    names = [group.name for group in audience.groups.all()]
    if any(name not in groups for name in names) or not (layers or names):
        return None
    return Target(False, layers, frozenset(groups[name] for name in names))


def whom_of(school: School, year: SchoolYear) -> dict[str, tuple[str, int]]:
    """Return the names by which a file may say for whom something is, in lower case: ("layer" or "group", key).

    A group may be named with or without the word before its number: "Groep 5" is also "5".
    """
    found: dict[str, tuple[str, int]] = {}
    for pk, name in Layer.objects.filter(school=school).values_list("pk", "name"):
        found[name.casefold()] = ("layer", pk)
    groups = list(Group.objects.in_school_year(year).values_list("pk", "name"))
    for pk, name in groups:
        short = name.casefold().removeprefix("groep ").strip()
        found.setdefault(short, ("group", pk))
    for pk, name in groups:
        found[name.casefold()] = ("group", pk)
    return found


def default_target(whom: str, school_id: int) -> Target:
    """Return the target of "school", "layer:…" or "group:…" (public ids); of the whole school for what is gone."""
    kind, _colon, name = whom.partition(":")
    if kind == "group":
        groups = Group.objects.filter(school_id=school_id, public_id=name)
        return Target(group_ids=frozenset(groups.values_list("pk", flat=True)))
    if kind == "layer":
        layers = Layer.objects.filter(school_id=school_id, public_id=name)
        return Target(layer_ids=frozenset(layers.values_list("pk", flat=True)))
    return Target(whole_school=True)


def lines_of(read: CalendarRead) -> list[Line]:
    """Return what taking over this file would do now; made anew each time, so it is never out of date."""
    rows = [row_from_json(values) for values in read.rows or []]
    events = Event.objects.for_keys([row.key for row in rows], read.school)
    here = {event.import_key: event for event in events.select_related("audience").prefetch_related(
        "audience__groups", "audience__layers"
    )}  # fmt: skip
    known = whom_of(read.school, read.year)
    default = names_of(default_target(read.whom, read.school_id), known)
    told = [_told(row, default, known) for row in rows]
    seen = {key: _row(event, known) for key, event in here.items()}
    published = frozenset(key for key, event in here.items() if event.state == EventState.PUBLISHED)
    return compared(told, here=seen, published=published, known=frozenset(known))


def names_of(target: Target, known: Mapping[str, tuple[str, int]]) -> tuple[str, ...]:
    """Return the names of a target, each once: the longest of those it goes by."""
    wanted = {("layer", pk) for pk in target.layer_ids} | {("group", pk) for pk in target.group_ids}
    names: dict[tuple[str, int], str] = {}
    for name, what in known.items():
        if what in wanted and len(name) >= len(names.get(what, "")):
            names[what] = name
    return tuple(sorted(names.values()))


def _told(row: Row, default: Sequence[str], known: Mapping[str, tuple[str, int]]) -> Row:
    """Return the row with the names as the school writes them; for nobody by name means `default`."""
    if not row.whom:
        return replace(row, whom=tuple(default))
    if any(name.casefold() not in known for name in row.whom):
        return row
    what = {known[name.casefold()] for name in row.whom}
    target = Target(
        layer_ids=frozenset(pk for kind, pk in what if kind == "layer"),
        group_ids=frozenset(pk for kind, pk in what if kind == "group"),
    )
    return replace(row, whom=names_of(target, known))


def target_of_row(row: Row, default: str, known: Mapping[str, tuple[str, int]]) -> Target:
    """Return for whom a row of `lines_of` is."""
    if not row.whom:
        return Target(whole_school=True)
    what = {known[name.casefold()] for name in row.whom}
    return Target(
        layer_ids=frozenset(pk for kind, pk in what if kind == "layer"),
        group_ids=frozenset(pk for kind, pk in what if kind == "group"),
    )


def _row(event: Event, known: Mapping[str, tuple[str, int]]) -> Row:
    audience = event.audience
    target = Target(
        audience.whole_school,
        frozenset(layer.pk for layer in audience.layers.all()),
        frozenset(group.pk for group in audience.groups.all()),
    )
    return Row(
        row=0, key=event.import_key, title=event.title, first=event.starts_on, last=event.ends_on,
        starts=event.starts, ends=event.ends, place=event.place, text=event.text, category=event.category,
        is_important=event.is_important, whom=names_of(target, known),
    )  # fmt: skip


def plan_of(school: School, year: SchoolYear) -> list[Event]:
    """Return everything of the year, planned and published, in order. Three queries."""
    return list(Event.objects.of_school(school).between(year.starts_on, year.ends_on).with_names())
