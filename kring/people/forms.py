"""The shape of what is typed about people."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from kring.core.viewer import RoleKind
from kring.people.models import Authority, GuardianLevel, Person, Relation, RoleChoice, Weeks
from kring.school.forms import LEVELS, DayField, RoomForm
from kring.school.models import Group

PHONE = re.compile(r"^\+?[0-9][0-9 ()/-]{5,28}$")
WORKING_WEEK = range(1, 6)
NOT_THAT_DAY = ""


class NameForm(RoomForm):
    """First name, infix, last name."""

    first_name = forms.CharField(label=_("First name"), max_length=60)
    infix = forms.CharField(label=_("Infix"), max_length=20, required=False, help_text=_("For example van den."))
    last_name = forms.CharField(label=_("Last name"), max_length=80)


class PersonForm(NameForm):
    """An adult: name and contact data."""

    called = forms.CharField(
        label=_("What children and parents say"), max_length=60, required=False, help_text=_("For example Juf Anouk.")
    )
    email = forms.EmailField(label=_("E-mail address"), required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=30, required=False)

    def clean_phone(self) -> str:
        """Return the number, or say what is wrong with it."""
        phone = str(self.cleaned_data["phone"]).strip()
        if phone and not PHONE.match(phone):
            raise forms.ValidationError(_("Write a number with digits, for example 085-0000 120."))
        return phone

    @staticmethod
    def initial_of(person: Person) -> dict[str, Any]:
        """Return what stands in the form before somebody types."""
        names = ("first_name", "infix", "last_name", "called", "email", "phone")
        return {name: getattr(person, name) for name in names}


class ManagerForm(NameForm):
    """Somebody who will manage a school, added by the board."""

    email = forms.EmailField(label=_("E-mail address"), help_text=_("The invitation goes to this address."))


class ChildForm(NameForm):
    """A child: name and date of birth."""

    birth_date = DayField(
        label=_("Date of birth"), required=False, help_text=_("Only used for the age rules of leave.")
    )


class GroupChoice(forms.ModelChoiceField):
    """One of the groups given, by its name for addresses."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Group.objects.none(), to_field_name="public_id", **kwargs)


class PersonChoice(forms.ModelChoiceField):
    """One of the persons given, by her name for addresses."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Person.objects.none(), to_field_name="public_id", **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        """Return her whole name, and her address, because two people can have one name."""
        return f"{obj.name} · {obj.email}" if obj.email else str(obj.name)


class SeatForm(RoomForm):
    """In which year level a child sits in a group, and from which day."""

    year_level = forms.TypedChoiceField(
        label=_("Year level of the child"), choices=LEVELS, coerce=int, help_text=_("In a 1/2 group: 1 or 2.")
    )
    starts_on = DayField(label=_("First day"))


class EnrolForm(SeatForm):
    """Which group, in which year level, from which day."""

    group = GroupChoice(label=_("Group"), empty_label=_("Choose a group"))
    field_order = ("group", "year_level", "starts_on")

    def __init__(self, *args: Any, groups: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["group"].queryset = groups  # type: ignore[attr-defined]


class NewChildForm(ChildForm):
    """A child and, if known, the group where it starts."""

    group = GroupChoice(label=_("Group"), empty_label=_("No group yet"), required=False)
    year_level = forms.TypedChoiceField(
        label=_("Year level of the child"), choices=[("", "–"), *LEVELS], coerce=int, required=False, empty_value=None
    )
    starts_on = DayField(label=_("First day in the group"), required=False)

    def __init__(self, *args: Any, groups: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["group"].queryset = groups  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Ask for year level and first day beside a group."""
        data = super().clean() or {}
        if data.get("group"):
            for name, sentence in (
                ("year_level", _("Choose the child's year level.")),
                ("starts_on", _("Fill in the first day in the group.")),
            ):
                if data.get(name) is None and name not in self.errors:
                    self.add_error(name, sentence)
        return data


class LastDayForm(RoomForm):
    """The last day of something."""

    ends_on = DayField(label=_("Last day"), help_text=_("Still valid on this day. Yesterday stops it at once."))


class CloseGroupForm(LastDayForm):
    """The last day of a group, and where its children go."""

    move_to = GroupChoice(
        label=_("The children go on in"), required=False, empty_label=_("There are no children in it any more")
    )

    def __init__(self, *args: Any, groups: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["move_to"].queryset = groups  # type: ignore[attr-defined]


class GuardianshipForm(RoomForm):
    """What the adult is to the child, and how much she sees."""

    relation = forms.ChoiceField(label=_("Relation to the child"), choices=Relation.choices, initial=Relation.PARENT)
    authority = forms.ChoiceField(
        label=_("Parental authority"),
        choices=Authority.choices,
        initial=Authority.UNKNOWN,
        help_text=_("Only a guardian with authority answers about consent."),
    )
    level = forms.ChoiceField(
        label=_("Sees of the child"),
        choices=GuardianLevel.choices,
        initial=GuardianLevel.FULL,
        help_text=_("Limited: agreements, agenda and news for the whole school. None: nothing."),
    )
    ground = forms.CharField(
        label=_("Ground"),
        max_length=200,
        required=False,
        help_text=_("Why this guardian sees less, for example a court decision. Only office and management read it."),
    )

    def clean(self) -> dict[str, Any]:
        """Ask for the ground when a guardian sees less than everything."""
        data = super().clean() or {}
        if data.get("level") not in (None, GuardianLevel.FULL) and not data.get("ground", "").strip():
            self.add_error("ground", _("Say on what ground this guardian sees less than everything."))
        return data


class NewGuardianshipForm(GuardianshipForm):
    """Which adult, from which day, and how."""

    person = PersonChoice(
        label=_("Who"),
        empty_label=_("Choose a person"),
        help_text=_("Not in the list? Search again, or add the person first."),
    )
    starts_on = DayField(label=_("First day"))
    field_order = ("person", "relation", "authority", "level", "ground", "starts_on")

    def __init__(self, *args: Any, persons: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = persons  # type: ignore[attr-defined]


class KeepApartForm(RoomForm):
    """Two guardians of one child."""

    one = PersonChoice(label=_("This guardian"), empty_label=_("Choose a person"))
    other = PersonChoice(label=_("and this guardian"), empty_label=_("Choose a person"))

    def __init__(self, *args: Any, persons: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("one", "other"):
            self.fields[name].queryset = persons  # type: ignore[attr-defined]


class WorkingDaysForm(RoomForm):
    """For each weekday: not, every week, odd or even weeks. All on "not" means: no fixed days."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(NOT_THAT_DAY, _("Not on this day")), *Weeks.choices]
        for weekday in WORKING_WEEK:
            field = forms.ChoiceField(
                label=str(WEEKDAYS[weekday - 1]).capitalize(), choices=choices, required=False, initial=NOT_THAT_DAY
            )
            field.widget.attrs["class"] = "input"
            self.fields[f"day_{weekday}"] = field

    def day_fields(self) -> list[forms.BoundField]:
        """Return the five fields of the week."""
        return [self[f"day_{weekday}"] for weekday in WORKING_WEEK]

    def other_fields(self) -> list[forms.BoundField]:
        """Return the fields that are not about the week."""
        return [field for field in self if not field.name.startswith("day_")]

    def working_days(self) -> dict[int, str]:
        """Return weekday -> every, odd or even, for the days that are worked."""
        answers = {weekday: self.cleaned_data.get(f"day_{weekday}", "") for weekday in WORKING_WEEK}
        return {weekday: weeks for weekday, weeks in answers.items() if weeks}


class RoleForm(WorkingDaysForm):
    """Which role, in which group, from when until when, on which days."""

    kind = forms.ChoiceField(
        label=_("Role"), choices=[pair for pair in RoleChoice.choices if pair[0] != RoleKind.BOARD_ADMIN]
    )
    group = GroupChoice(
        label=_("Group"), required=False, empty_label=_("No group"), help_text=_("For teachers and class parents.")
    )
    starts_on = DayField(label=_("First day"))
    ends_on = DayField(label=_("Last day"), required=False, help_text=_("A substitute always has one."))

    def __init__(self, *args: Any, groups: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["group"].queryset = groups  # type: ignore[attr-defined]


class ChangeRoleForm(WorkingDaysForm):
    """The last day and the working days of a role."""

    ends_on = DayField(label=_("Last day"), required=False, help_text=_("Empty: until further notice."))


class AbsenceForm(RoomForm):
    """From when until when a colleague is away, and who stands in."""

    starts_on = DayField(label=_("First day"))
    ends_on = DayField(label=_("Last day"))
    substitute = PersonChoice(
        label=_("Who stands in"),
        required=False,
        empty_label=_("Nobody, or not known yet"),
        help_text=_("To read along with the group she also needs the role of substitute."),
    )

    def __init__(self, *args: Any, colleagues: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["substitute"].queryset = colleagues  # type: ignore[attr-defined]
