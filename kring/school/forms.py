"""The shape of what is typed about a school."""

from __future__ import annotations

from datetime import date, time
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from kring.school.models import Group, GroupKind, Region, School

LEVELS = [(level, str(level)) for level in range(1, 9)]
SCHOOL_DAYS = range(1, 6)
FIRST_YEAR, LAST_YEAR = 2000, 2100


class DayInput(forms.DateInput):
    """The device's own date field."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class DayField(forms.DateField):
    """A day. A year of two or five digits is almost always a slip, and is refused in words."""

    widget = DayInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y"], **kwargs)

    def clean(self, value: Any) -> date | None:
        """Return the day, or refuse a year that cannot be meant."""
        day: date | None = super().clean(value)
        if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise forms.ValidationError(_("Check the year: %(year)s."), params={"year": day.year})
        return day


class TimeInput(forms.TimeInput):
    """The device's own time field."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class RoomForm(forms.Form):
    """A form whose fields look like all others, without a colon after the label."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field.widget, forms.TextInput | forms.Textarea | forms.Select) and not isinstance(
                field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple
            ):
                field.widget.attrs.setdefault("class", "input")


class LevelsField(forms.TypedMultipleChoiceField):
    """One or more year levels, as boxes to tick."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=LEVELS, coerce=int, widget=forms.CheckboxSelectMultiple, **kwargs)


class SchoolForm(RoomForm):
    """What a school is called, where it lies, and who needs a second factor."""

    name = forms.CharField(label=_("Name"), max_length=120)
    kind = forms.CharField(label=_("Kind of school"), max_length=60, required=False)
    city = forms.CharField(label=_("Town"), max_length=80, required=False)
    region = forms.ChoiceField(
        label=_("Holiday region"), choices=Region.choices, help_text=_("Decides which school holidays count.")
    )
    timezone = forms.CharField(
        label=_("Time zone"), max_length=40, initial="Europe/Amsterdam", help_text=_("For example Europe/Amsterdam.")
    )
    needs_second_factor = forms.BooleanField(
        label=_("Office and management must sign in with a second step"),
        required=False,
        help_text=_("A passkey or a code from an app. Others may choose it themselves."),
    )
    push_names_sender = forms.BooleanField(
        label=_("Notifications on a device may say who wrote"),
        required=False,
        help_text=_(
            "Then a locked phone shows who of the team wrote. Never what, and never the name of a child or parent."
        ),
    )

    keep_absences_days = forms.IntegerField(
        label=_("Days to keep absences"),
        required=False,
        min_value=7,
        max_value=730,
        help_text=_(
            "So many days after a child was away, Kring forgets why. The pupil administration of the school is the "
            "record."
        ),
    )

    def __init__(self, *args: Any, may_set_security: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_set_security:
            del self.fields["needs_second_factor"], self.fields["push_names_sender"]

    def clean_timezone(self) -> str:
        """Return the zone's name if it exists."""
        name = str(self.cleaned_data["timezone"]).strip()
        if name not in available_timezones():
            raise forms.ValidationError(
                _("%(name)s is not a time zone. An example: Europe/Amsterdam."), params={"name": name}
            )
        return name

    @staticmethod
    def initial_of(school: School) -> dict[str, Any]:
        """Return what stands in the form before somebody types."""
        names = ("name", "kind", "city", "region", "timezone", "needs_second_factor", "push_names_sender",
                 "keep_absences_days")  # fmt: skip
        return {name: getattr(school, name) for name in names}


class NewSchoolForm(RoomForm):
    """A school that a board adds."""

    name = forms.CharField(label=_("Name"), max_length=120)
    kind = forms.CharField(label=_("Kind of school"), max_length=60, required=False, initial="Basisschool")
    city = forms.CharField(label=_("Town"), max_length=80, required=False)
    region = forms.ChoiceField(
        label=_("Holiday region"),
        choices=Region.choices,
        initial=Region.MIDDLE,
        help_text=_("Decides which school holidays count."),
    )


class GroupForm(RoomForm):
    """A group: its name, what kind it is, and the year levels it is meant for."""

    name = forms.CharField(label=_("Name"), max_length=40, help_text=_("As people say it, for example Groep 5."))
    kind = forms.ChoiceField(
        label=_("Kind of group"),
        choices=GroupKind.choices,
        initial=GroupKind.CLASS,
        help_text=_("A child sits in one class at a time; it can be in any number of extra groups."),
    )
    year_levels = LevelsField(label=_("Year levels"), help_text=_("Tick two for a combined group such as 1/2."))


class LayerForm(RoomForm):
    """A layer: its name and its year levels."""

    name = forms.CharField(label=_("Name"), max_length=40, help_text=_("For example Onderbouw."))
    year_levels = LevelsField(label=_("Year levels"))


class LessonHoursForm(RoomForm):
    """From and until per weekday; an empty day has no lessons."""

    for_whole_year = forms.BooleanField(
        label=_("Also for all other groups of this school year"),
        required=False,
        help_text=_("Replaces the hours that those groups have now."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for weekday in SCHOOL_DAYS:
            day = WEEKDAYS[weekday - 1]
            for part, label in (("starts", _("%(day)s from")), ("ends", _("%(day)s until"))):
                field = forms.TimeField(label=label % {"day": day}, required=False, widget=TimeInput())
                field.widget.attrs["class"] = "input"
                self.fields[f"{part}_{weekday}"] = field

    def rows(self) -> list[dict[str, Any]]:
        """Return per weekday its name and its two fields, for the table."""
        return [
            {"day": WEEKDAYS[day - 1], "starts": self[f"starts_{day}"], "ends": self[f"ends_{day}"]}
            for day in SCHOOL_DAYS
        ]

    def clean(self) -> dict[str, Any]:
        """Refuse half a day, and lessons that end before they start."""
        data = super().clean() or {}
        for day in SCHOOL_DAYS:
            starts, ends = data.get(f"starts_{day}"), data.get(f"ends_{day}")
            if starts and ends and ends <= starts:
                self.add_error(f"ends_{day}", _("Lessons must end later than they start."))
            elif (starts is None) != (ends is None) and not {f"starts_{day}", f"ends_{day}"} & set(self.errors):
                self.add_error(f"ends_{day}", _("Fill in both times, or neither."))
        return data

    def hours(self) -> dict[int, tuple[time, time]]:
        """Return weekday -> start and end, for the days that have lessons."""
        data = self.cleaned_data
        return {day: (data[f"starts_{day}"], data[f"ends_{day}"]) for day in SCHOOL_DAYS if data.get(f"starts_{day}")}


class GroupOfYear(forms.ModelChoiceField):
    """A group, with the school year it is of: next year's groups are here too, and have the same names."""

    def label_from_instance(self, obj: Any) -> str:
        """Return name and year."""
        return f"{obj.name} · {obj.school_year.name}"


class HolidayForm(RoomForm):
    """Days that differ from the region's calendar."""

    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("For example Studiedag."))
    starts_on = DayField(label=_("First day"))
    ends_on = DayField(label=_("Last day"), required=False, help_text=_("Empty: one day."))
    is_school_day = forms.TypedChoiceField(
        label=_("What is it?"),
        choices=[("no", _("No school")), ("yes", _("School after all"))],
        coerce=lambda value: value == "yes",
        initial="no",
        widget=forms.RadioSelect,
    )
    group = GroupOfYear(
        label=_("For whom?"),
        queryset=Group.objects.none(),
        required=False,
        empty_label=_("The whole school"),
        to_field_name="public_id",
    )

    def __init__(self, *args: Any, groups: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["group"].queryset = groups  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Take one day when the last day is empty; refuse a last day before the first."""
        data = super().clean() or {}
        starts, ends = data.get("starts_on"), data.get("ends_on")
        if starts and not ends and "ends_on" not in self.errors:
            data["ends_on"] = starts
        elif starts and ends and ends < starts:
            self.add_error("ends_on", _("The last day is before the first day."))
        return data
