"""The shape of what is typed about requests for help."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kring.core.forms import date_field, time_field
from kring.core.public_id import make_public_id
from kring.help_requests.actions import Content
from kring.help_requests.models import HelpRequest, Task
from kring.help_requests.rules import (
    MAX_LABEL,
    MAX_NAME,
    MAX_NUMBER,
    MAX_PLACES,
    MAX_REPLY,
    MAX_TASKS,
    MAX_TITLE,
    MAX_WISH,
    Fault,
    Says,
)
from kring.help_requests.wording import fault_sentence
from kring.people.models import Person

ROOM_TO_TYPE = 20_000  # what is too long to send still comes back in the form
INPUT = {"class": "input"}


def _line(label: Any, *, most: int, required: bool = False, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=most,
        help_text=help_text,
        widget=forms.TextInput(attrs=INPUT),
    )


def _number(label: Any, most: int, **more: Any) -> forms.IntegerField:
    widget = forms.NumberInput(attrs={"inputmode": "numeric", **INPUT})
    return forms.IntegerField(label=label, required=False, min_value=1, max_value=most, widget=widget, **more)


class HelpForm(forms.Form):
    """What is asked: words, when, how many people, who gets the replies. Whether it is complete, the action says."""

    title = _line(gettext_lazy("What for?"), most=MAX_TITLE, help_text=gettext_lazy("In a few words: “Cooking soup”."))
    text = forms.CharField(
        label=gettext_lazy("What do you ask?"),
        required=False,
        max_length=ROOM_TO_TYPE,
        widget=forms.Textarea(attrs={"rows": 5, **INPUT}),
    )
    day = date_field(gettext_lazy("Day"), required=False)
    starts = time_field(gettext_lazy("From what time"))
    ends = time_field(gettext_lazy("Until what time"))
    places = _number(
        gettext_lazy("How many people?"),
        MAX_PLACES,
        help_text=gettext_lazy("Families see how many places are filled. Leave it empty when everybody is welcome."),
    )
    asks_number = forms.BooleanField(
        label=gettext_lazy("Ask with how many they come"), required=False, widget=forms.CheckboxInput
    )
    wish = _line(
        gettext_lazy("For whom is it?"),
        most=MAX_WISH,
        help_text=gettext_lazy("For example “all groups” or “groups 1 to 4”. Who places it, chooses it there."),
    )
    responders = forms.MultipleChoiceField(
        label=gettext_lazy("Who gets the replies?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Only they read them. Other parents see numbers."),
    )
    token = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput)

    def __init__(self, *args: Any, people: Sequence[Person], has_wish: bool = True, **kwargs: Any) -> None:
        kwargs["initial"] = {"token": make_public_id(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        chosen = self.fields["responders"]
        chosen.choices = [(person.public_id, person.display_name) for person in people]  # type: ignore[attr-defined]
        if not has_wish:
            del self.fields["wish"]
        # What is kept for later may be half a request; what is handed in may not.
        is_kept = self.is_bound and self.data.get("action") == "keep"
        for name, fault in (("title", Fault.NO_TITLE), ("text", Fault.NO_TEXT), ("responders", Fault.NO_RESPONDER)):
            self.fields[name].required = not is_kept
            self.fields[name].error_messages["required"] = fault_sentence(fault)
        for number in range(1, MAX_TASKS + 1):
            self.fields[f"task_{number}"] = _line(_("Task or time %(number)s") % {"number": number}, most=MAX_LABEL)
            self.fields[f"of_{number}"] = _number(_("Places %(number)s") % {"number": number}, MAX_PLACES)

    @property
    def rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Return the fields of each task: its name and its places."""
        return [(self[f"task_{number}"], self[f"of_{number}"]) for number in range(1, MAX_TASKS + 1)]

    @property
    def moments(self) -> list[forms.BoundField]:
        """Return the fields of the day and its hours."""
        return [self["day"], self["starts"], self["ends"]]

    @property
    def has_tasks(self) -> bool:
        """Say whether any task is filled in, so that the page shows them open."""
        return any(name.value() or places.value() for name, places in self.rows)

    def clean(self) -> dict[str, Any]:
        """Gather the tasks; a name without places, or places without a name, is a fault of its own row."""
        data = super().clean() or {}
        tasks = []
        for number in range(1, MAX_TASKS + 1):
            name, places = (data.get(f"task_{number}") or "").strip(), data.get(f"of_{number}")
            if name and places:
                tasks.append((name, places))
            elif name or places:
                missing = f"of_{number}" if name else f"task_{number}"
                if missing not in self.errors and f"of_{number}" not in self.errors:
                    self.add_error(missing, _("Fill in both the name and the number of places."))
        if not tasks and data.get("places"):
            tasks = [("", data["places"])]
        data["tasks"] = tuple(tasks)
        return data

    @property
    def content(self) -> Content:
        """Return what was typed, for the action."""
        data = self.cleaned_data
        return Content(
            title=data["title"],
            text=data["text"],
            day=data["day"],
            starts=data["starts"],
            ends=data["ends"],
            wish=data.get("wish", ""),
            asks_number=data["asks_number"],
            tasks=data["tasks"],
            responder_ids=tuple(data["responders"]),
        )


def initial_of(request: HelpRequest, *, tasks: Iterable[Task], responders: Iterable[Person]) -> dict[str, Any]:
    """Return what stands in a request as the form shows it."""
    found: dict[str, Any] = {
        "title": request.title,
        "text": request.text,
        "day": request.day,
        "starts": request.starts,
        "ends": request.ends,
        "wish": request.wish,
        "asks_number": request.asks_number,
        "responders": [person.public_id for person in responders],
    }
    asked = list(tasks)
    if len(asked) == 1 and not asked[0].label:
        found["places"] = asked[0].places
    else:
        for number, task in enumerate(asked, 1):
            found[f"task_{number}"], found[f"of_{number}"] = task.label, task.places
    return found


class PlaceForm(HelpForm):
    """The same for who places it, with where it comes and for whom."""

    where = forms.ChoiceField(
        label=gettext_lazy("Where does it come?"), required=False, widget=forms.RadioSelect, choices=()
    )
    when = forms.ChoiceField(required=False, choices=[("window", ""), ("now", "")])
    whom = forms.MultipleChoiceField(
        label=gettext_lazy("Who gets it?"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self, *args: Any, wheres: Sequence[tuple[str, str]], whoms: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["where"].choices = list(wheres)  # type: ignore[attr-defined]
        self.fields["whom"].choices = list(whoms)  # type: ignore[attr-defined]
        self.fields["where"].required = bool(wheres)
        self.fields["where"].error_messages["required"] = _("Choose where it comes.")
        self.fields["whom"].required = bool(whoms)
        self.fields["whom"].error_messages["required"] = _("Choose for whom this is.")
        if wheres:
            self.fields["where"].initial = wheres[0][0]


class NoteForm(forms.Form):
    """Some words to who asked. How long they may be is for the action."""

    note = forms.CharField(required=False, max_length=ROOM_TO_TYPE, widget=forms.Textarea(attrs={"rows": 3, **INPUT}))


class ReplyForm(forms.Form):
    """A short reply."""

    says = forms.ChoiceField(choices=[(Says.CAN.value, ""), (Says.CANNOT.value, "")])
    task = forms.CharField(required=False, max_length=16)
    number = _number(gettext_lazy("With how many people?"), MAX_NUMBER)
    text = forms.CharField(
        label=gettext_lazy("A short sentence with it"),
        required=False,
        max_length=ROOM_TO_TYPE,
        widget=forms.TextInput(attrs={"maxlength": MAX_REPLY, **INPUT}),
    )


class ByHandForm(forms.Form):
    """Somebody who said yes at the school gate."""

    name = _line(gettext_lazy("Who?"), most=MAX_NAME)
    task = forms.CharField(required=False, max_length=16)
    number = _number(gettext_lazy("With how many people?"), MAX_NUMBER)


class ThanksForm(forms.Form):
    """A line of thanks when it is closed."""

    thanks = forms.CharField(
        label=gettext_lazy("A word of thanks"),
        required=False,
        max_length=ROOM_TO_TYPE,
        help_text=gettext_lazy("It stands where the request stood; everybody who could help is told."),
        widget=forms.Textarea(attrs={"rows": 3, **INPUT}),
    )


class RespondersForm(forms.Form):
    """Who gets the replies from now on."""

    responders = forms.MultipleChoiceField(
        label=gettext_lazy("Who gets the replies?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Who is taken off reads none of them any more."),
    )

    def __init__(self, *args: Any, people: Sequence[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.fields["responders"]
        chosen.choices = [(person.public_id, person.display_name) for person in people]  # type: ignore[attr-defined]
