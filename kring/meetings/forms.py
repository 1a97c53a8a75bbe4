"""What the pages of this room take in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kring.agenda.models import Event
from kring.agenda.wording import days_of
from kring.agreements.current import agreement_url
from kring.agreements.policy import Policy
from kring.core.forms import date_field, time_field
from kring.meetings.actions import Session, Setup
from kring.meetings.models import FillingChoice, KindChoice, Round, Slot, WishChoice
from kring.meetings.rules import (
    GAPS,
    LENGTHS,
    Filling,
    RoundKind,
    Span,
    Suits,
    WishAnswer,
    halves_of,
    in_short,
    suits_at,
)
from kring.school.models import Group, School

ROWS = 4  # afternoons and evenings on the form of a new round


def _minutes(values: tuple[int, ...]) -> list[tuple[int, str]]:
    return [(number, ngettext("%(n)s minute", "%(n)s minutes", number) % {"n": number}) for number in values]


def _hour(label: Any, *, required: bool = False) -> forms.TimeField:
    return time_field(label, required=required, step=300)


def _lower(words: Any) -> str:
    return str(words)[:1].lower() + str(words)[1:]


class WeekField(forms.ModelMultipleChoiceField):
    """Conversation weeks of the agenda, each with its days."""

    def label_from_instance(self, obj: Event) -> str:
        """Return "Rapportgesprekken, maandag 23 november t/m vrijdag 4 december"."""
        return _("%(what)s, %(days)s") % {"what": obj.title, "days": days_of(obj)}


class FillingField(forms.ChoiceField):
    """Who fills a round. That nothing is said here is an answer too: as the agreement says."""

    def validate(self, value: Any) -> None:
        """Refuse what is none of the choices."""
        if not self.valid_value(value):
            raise forms.ValidationError(self.error_messages["invalid_choice"] % {"value": value})


class SetupForm(forms.Form):
    """What is decided about a round. Days and hours are the school's own."""

    weeks = WeekField(
        label=gettext_lazy("In which weeks of the agenda?"),
        queryset=Event.objects.none(),
        to_field_name="public_id",
        required=False,
        help_text=gettext_lazy("Families who have no time yet find the days and the way to choose with these weeks."),
        widget=forms.CheckboxSelectMultiple,
    )

    kind = forms.ChoiceField(label=gettext_lazy("What is it about?"), widget=forms.Select(attrs={"class": "input"}))
    name = forms.CharField(
        label=gettext_lazy("Name, as families read it"),
        max_length=80,
        widget=forms.TextInput(attrs={"class": "input"}),
    )
    minutes = forms.TypedChoiceField(
        label=gettext_lazy("One conversation takes"),
        coerce=int,
        choices=lambda: _minutes(LENGTHS),
        widget=forms.Select(attrs={"class": "input"}),
    )
    gap_minutes = forms.TypedChoiceField(
        label=gettext_lazy("Between two children of one family"),
        coerce=int,
        choices=lambda: _minutes(GAPS),
        widget=forms.Select(attrs={"class": "input"}),
    )
    filling = FillingField(
        label=gettext_lazy("Who fills the times?"), widget=forms.RadioSelect, initial=Filling.AGREED.value
    )
    opens_day = date_field(gettext_lazy("Opens for families on"))
    opens_hour = _hour(gettext_lazy("at"), required=True)
    is_early = forms.BooleanField(
        label=gettext_lazy("Families with several children choose earlier, as agreed"), required=False
    )
    closes_day = date_field(gettext_lazy("Closes for families on"))
    closes_day.help_text = gettext_lazy("Until then they can choose a time, or give their wishes.")
    closes_hour = _hour(gettext_lazy("at"), required=True)
    with_child = forms.BooleanField(label=gettext_lazy("The child comes along"), required=False)
    by_video = forms.BooleanField(label=gettext_lazy("Families may join by video"), required=False)
    note = forms.CharField(
        label=gettext_lazy("A sentence for families"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"class": "input", "rows": 2}),
    )

    def __init__(self, *args: Any, school: School, policy: Policy, weeks: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.school = school
        self._name_who_fills(policy)
        if weeks.exists():
            self.fields["weeks"].queryset = weeks  # type: ignore[attr-defined]
        else:
            del self.fields["weeks"]
        allowed = {*policy.conversation_kinds.kinds, RoundKind.REQUEST.value, kwargs.get("initial", {}).get("kind")}
        choices = [(value, label) for value, label in KindChoice.choices if value in allowed]
        self.fields["kind"].choices = choices  # type: ignore[attr-defined]

    def _name_who_fills(self, policy: Policy) -> None:
        """Say what the agreement says (C2), with the way to its paragraph."""
        agreed = Filling.FAMILIES if policy.booking_opening.chosen_by == "parents" else Filling.SCHOOL
        words = dict(FillingChoice.choices)
        first = _("As the agreement says: %(what)s") % {"what": _lower(words[agreed.value])}
        field = self.fields["filling"]
        rest = [(one.value, words[one.value]) for one in (Filling.FAMILIES, Filling.SCHOOL)]
        field.choices = [(Filling.AGREED.value, first), *rest]  # type: ignore[attr-defined]
        field.help_text = format_html(
            '<a class="why" href="{}">{}</a>', agreement_url(self.school, "C2"), _("Where is that agreed?")
        )

    @staticmethod
    def initial_of(round: Round) -> dict[str, Any]:
        """Return what stands in the form for a round that exists."""
        zone = round.school.zone
        opens, closes = round.opens_at.astimezone(zone), round.closes_at.astimezone(zone)
        return {
            "kind": round.kind, "name": round.name, "minutes": round.minutes, "gap_minutes": round.gap_minutes,
            "opens_day": opens.date(), "opens_hour": opens.time(), "closes_day": closes.date(),
            "closes_hour": closes.time(), "is_early": round.is_early, "with_child": round.with_child,
            "by_video": round.by_video, "note": round.note, "filling": round.filling,
            "weeks": [week.public_id for week in round.weeks.all()],
        }  # fmt: skip

    @property
    def setup(self) -> Setup:
        """Return what was filled in; only after `is_valid`."""
        data = self.cleaned_data
        return Setup(
            kind=data["kind"],
            name=data["name"],
            minutes=data["minutes"],
            gap_minutes=data["gap_minutes"],
            opens_at=self.school.moment(data["opens_day"], data["opens_hour"]),
            closes_at=self.school.moment(data["closes_day"], data["closes_hour"]),
            is_early=data["is_early"],
            with_child=data["with_child"],
            by_video=data["by_video"],
            note=data["note"],
            weeks=tuple(data.get("weeks", ())),
            filling=data["filling"],
        )


class SessionForm(forms.Form):
    """An afternoon or evening, with a break or without one."""

    day = date_field(gettext_lazy("Day"))
    starts = _hour(gettext_lazy("Begins at"), required=True)
    ends = _hour(gettext_lazy("Ends at"), required=True)
    pause_from = _hour(gettext_lazy("Break from"))
    pause_until = _hour(gettext_lazy("Break until"))

    def __init__(self, *args: Any, school: School, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.school = school

    def clean(self) -> dict[str, Any]:
        """Refuse half a break, and one that ends before it begins."""
        data = super().clean() or {}
        first, last = data.get("pause_from"), data.get("pause_until")
        if bool(first) != bool(last) or (first and last and last <= first):
            self.add_error("pause_until", _("A break has a beginning and an end after it."))
        return data

    @property
    def session(self) -> Session:
        """Return what was filled in; only after `is_valid`."""
        data, moment = self.cleaned_data, self.school.moment
        breaks: tuple[Span, ...] = ()
        if data["pause_from"]:
            breaks = (Span(moment(data["day"], data["pause_from"]), moment(data["day"], data["pause_until"])),)
        return Session(Span(moment(data["day"], data["starts"]), moment(data["day"], data["ends"])), breaks)


class RoundForm(SetupForm):
    """A new round: the setup, the groups, what duo teachers do, and the afternoons and evenings."""

    groups = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Groups"),
        queryset=Group.objects.none(),
        to_field_name="public_id",
        widget=forms.CheckboxSelectMultiple,
    )
    duo = forms.ChoiceField(
        label=gettext_lazy("Duo teachers"),
        choices=[
            ("together", gettext_lazy("talk together")),
            ("either", gettext_lazy("each have their own times")),
            ("one", gettext_lazy("one of the two talks")),
        ],
        widget=forms.RadioSelect,
        initial="together",
    )

    def __init__(self, *args: Any, groups: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["groups"].queryset = groups  # type: ignore[attr-defined]
        plain: dict[str, Any] = {"use_required_attribute": False}
        self.rows = [
            SessionForm(
                self.data or None,
                prefix=f"s{n}",
                school=self.school,
                empty_permitted=n > 0,
                initial={"day": self.initial.get("first_day")} if not n else None,
                **plain,
            )
            for n in range(ROWS)
        ]

    @staticmethod
    def initial_of_week(week: Event, groups: Iterable[Group], *, today: date) -> dict[str, Any]:
        """Return what a week of the agenda says already: name, groups, the first day that is to come, and choosing
        until the day before."""
        named = {group.pk for group in week.audience.groups.all()}
        first = max(week.starts_on, today + timedelta(1))
        return {
            "weeks": [week.public_id], "name": week.title, "first_day": first,
            "groups": [group.public_id for group in groups if not named or group.pk in named],
            "closes_day": first - timedelta(1), "closes_hour": time(18),
        }  # fmt: skip

    def is_valid(self) -> bool:
        """Say whether the form and each row that was filled in are right."""
        rows = [row.is_valid() for row in self.rows]
        return super().is_valid() and all(rows)

    @property
    def sessions(self) -> list[Session]:
        """Return the afternoons and evenings that were filled in."""
        return [row.session for row in self.rows if row.has_changed()]


ANSWERS = [(choice.value, choice.label) for choice in WishChoice]


@dataclass(frozen=True, slots=True)
class Visit:
    """An afternoon or evening on the form of wishes: the field for the whole of it, and one for each half hour."""

    span: Span
    whole: forms.BoundField
    halves: list[tuple[Span, forms.BoundField]]

    @property
    def is_divided(self) -> bool:
        """Say whether a half hour suits otherwise than the rest."""
        return any(field.value() for _half, field in self.halves)


class WishForm(forms.Form):
    """When a family can come: one answer for each afternoon or evening, and another one for a half hour where it
    differs. `given` stands in it already; `seen` is the version that she saw."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, visits: Iterable[Span], by_video: bool, given: Sequence[Suits], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._visits = list(visits)
        if by_video:
            self.fields["way"] = forms.ChoiceField(
                label=_("How do you join?"),
                choices=[("onsite", _("At school")), ("video", _("By video"))],
                widget=forms.RadioSelect,
            )
        otherwise = [("", _("As above")), *ANSWERS]
        for visit in self._visits:
            most, _rest = in_short(visit, given)
            self.fields[_key("visit", visit)] = forms.ChoiceField(
                choices=ANSWERS, initial=most.value, widget=forms.RadioSelect
            )
            for half in halves_of(visit):
                answer = suits_at(half, given)
                self.fields[_key("half", half)] = forms.ChoiceField(
                    choices=otherwise, required=False, initial="" if answer == most else answer.value
                )

    @property
    def visits(self) -> list[Visit]:
        """Return the afternoons and evenings with their fields."""
        return [
            Visit(visit, self[_key("visit", visit)], [(half, self[_key("half", half)]) for half in halves_of(visit)])
            for visit in self._visits
        ]

    @property
    def suits(self) -> list[Suits]:
        """Return what was filled in, for each half hour; only after `is_valid`."""
        return [
            Suits(half, WishAnswer(self.cleaned_data[_key("half", half)] or self.cleaned_data[_key("visit", visit)]))
            for visit in self._visits
            for half in halves_of(visit)
        ]


def _key(what: str, span: Span) -> str:
    return f"{what}-{int(span.starts_at.timestamp())}"


class AskForm(forms.Form):
    """Another time: one of the free moments, or none in particular, and what would suit in a few words."""

    slot = forms.ChoiceField(
        label=gettext_lazy("Which time would suit you?"),
        required=False,
        error_messages={"invalid_choice": gettext_lazy("This time was just taken.")},
    )
    note = forms.CharField(
        label=gettext_lazy("What would suit you, in a few words"),
        required=False,
        max_length=200,
        widget=forms.Textarea(attrs={"class": "input", "rows": 2}),
    )

    def __init__(self, *args: Any, free: Iterable[Slot], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("None in particular")), *((slot.public_id, str(slot.starts_at)) for slot in free)]
        self.fields["slot"].choices = choices  # type: ignore[attr-defined]


class DeclineForm(forms.Form):
    """Why a conversation stays at its time."""

    answer = forms.CharField(
        label=gettext_lazy("Why it stays as it is, in a sentence for the family"),
        max_length=200,
        widget=forms.TextInput(attrs={"class": "input"}),
    )


class LengthForm(forms.Form):
    """Twice the time, and why."""

    is_double = forms.BooleanField(label=gettext_lazy("Twice the time"), required=False)
    note = forms.CharField(
        label=gettext_lazy("Why, in a few words (for the team only)"),
        required=False,
        max_length=120,
        help_text=gettext_lazy("An interpreter comes along, or the care coordinator joins."),
        widget=forms.TextInput(attrs={"class": "input"}),
    )


class PlaceForm(forms.Form):
    """Where it is, and at which address by video."""

    place = forms.CharField(
        label=gettext_lazy("Room"), required=False, max_length=60, widget=forms.TextInput(attrs={"class": "input"})
    )
    video_link = forms.URLField(
        label=gettext_lazy("Link for video"),
        required=False,
        max_length=300,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"class": "input"}),
    )
