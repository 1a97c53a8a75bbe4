"""What the pages of this room take in."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kring.agenda.actions import Again, EventInput, OfferInput
from kring.agenda.models import CategoryChoice, Event, Offer, OfferKindChoice, Repeat, RsvpChoice
from kring.agenda.permissions import target_of
from kring.agenda.rules import MAX_TITLE, MOST_PLACES, Category, OfferKind, RsvpBy
from kring.core.forms import date_field, time_field
from kring.posts.choices import target_from, values_of
from kring.school.models import School

ROOM_TO_TYPE = 30_000  # what is too long to keep still comes back in the form


def _hour(label: Any) -> forms.TimeField:
    return time_field(label, input_formats=["%H:%M", "%H.%M", "%H:%M:%S"])


class EventForm(forms.Form):
    """An event. What cannot be (days, hours) is for the action, so that nothing that was typed is lost."""

    title = forms.CharField(
        label=_("What is it?"), max_length=MAX_TITLE, widget=forms.TextInput(attrs={"class": "input"})
    )
    category = forms.ChoiceField(label=_("Kind"), choices=CategoryChoice.choices, initial=Category.ACTIVITY)
    audience = forms.MultipleChoiceField(label=_("For whom?"), widget=forms.CheckboxSelectMultiple)
    starts_on = date_field(_("Day"))
    ends_on = date_field(_("Last day"), required=False, help_text=_("Only when it lasts longer than one day."))
    starts = _hour(_("Begins at"))
    ends = _hour(_("Ends at"))
    place = forms.CharField(
        label=_("Where"), required=False, max_length=120, widget=forms.TextInput(attrs={"class": "input"})
    )
    text = forms.CharField(
        label=_("What people should know"),
        required=False,
        max_length=ROOM_TO_TYPE,
        widget=forms.Textarea(attrs={"class": "input", "rows": 4}),
    )
    rsvp = forms.ChoiceField(
        label=_("Do you want to know who comes?"), choices=RsvpChoice.choices, initial=RsvpBy.NOBODY
    )
    rsvp_until = date_field(_("Answer before the end of"), required=False, help_text=_("Left empty: until it begins."))
    is_important = forms.BooleanField(
        label=_("Important"),
        required=False,
        help_text=_("A reminder is made ready some weeks before, and goes out by itself unless you hold it."),
    )
    repeat = forms.ChoiceField(label=_("Does it come back?"), required=False, choices=[])
    repeat_until = date_field(_("Until and including"), required=False)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)  # the warnings she has read

    def __init__(self, *args: Any, school: School, audiences: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.school = school
        self.fields["audience"].choices = audiences  # type: ignore[attr-defined]
        self.fields["repeat"].choices = [("", _("No, once")), *Repeat.choices]  # type: ignore[attr-defined]
        if len(audiences) == 1:
            self.fields["audience"].initial = [audiences[0][0]]

    @property
    def what(self) -> EventInput:
        """Return what was typed, as the action takes it; of a form that is right."""
        data = self.cleaned_data
        return EventInput(
            title=data["title"],
            starts_on=data["starts_on"],
            target=target_from(self.school, data["audience"]),
            ends_on=data["ends_on"],
            starts=data["starts"],
            ends=data["ends"],
            text=data["text"],
            place=data["place"],
            category=data["category"],
            is_important=data["is_important"],
            rsvp=data["rsvp"],
            rsvp_until=data["rsvp_until"],
        )

    @property
    def again(self) -> Again | None:
        """Return how often it comes back, or None."""
        data = self.cleaned_data
        return Again(data["repeat"], data["repeat_until"]) if data.get("repeat") else None

    def clean(self) -> dict[str, Any]:
        """Something that comes back needs a last day."""
        data = super().clean() or {}
        if data.get("repeat") and not data.get("repeat_until"):
            self.add_error("repeat_until", _("Until which day does it come back?"))
        return data


def initial_of(event: Event) -> dict[str, Any]:
    """Return what the form of an event begins with."""
    same = {
        name: getattr(event, name) for name in ("title", "category", "starts_on", "starts", "ends", "place", "text")
    }
    return same | {
        "audience": values_of(target_of(event), event.school),
        "ends_on": event.ends_on if event.ends_on != event.starts_on else None,
        "rsvp": event.rsvp,
        "rsvp_until": event.last_day_to_answer,
        "is_important": event.is_important,
        "version": event.version,
    }


class CancelForm(forms.Form):
    """Letting an event not go on."""

    reason = forms.CharField(
        label=_("Why?"),
        required=False,
        max_length=200,
        help_text=_("A few words, for everybody it is for."),
        widget=forms.TextInput(attrs={"class": "input"}),
    )
    following = forms.BooleanField(label=_("Also every time after it"), required=False)

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if event.series_id is None:
            del self.fields["following"]


class DocumentForm(forms.Form):
    """One document to go with an event."""

    document = forms.FileField(label=_("Document"), help_text=_("A PDF or office file, at most 20 MB."))


class OfferForm(forms.Form):
    """Help that is asked for: how many places, when they can be taken."""

    title = forms.CharField(
        label=_("What help is needed?"), max_length=120, widget=forms.TextInput(attrs={"class": "input"})
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=OfferKindChoice.choices, initial=OfferKind.TASK)
    places = forms.IntegerField(
        label=_("How many places?"),
        min_value=1,
        max_value=MOST_PLACES,
        widget=forms.NumberInput(attrs={"class": "input", "inputmode": "numeric"}),
    )
    most_each = forms.IntegerField(
        label=_("How many may one person take?"),
        min_value=1,
        max_value=MOST_PLACES,
        initial=1,
        help_text=_("For seats in cars: as many as a car has free."),
        widget=forms.NumberInput(attrs={"class": "input", "inputmode": "numeric"}),
    )
    starts = _hour(_("Begins at"))
    ends = _hour(_("Ends at"))
    opens_on = date_field(
        _("Opens on"),
        required=False,
        help_text=_("Left empty: at once. With a day and hour everybody has the same chance."),
    )
    opens_time = _hour(_("At what time?"))
    closes_on = date_field(_("Closes after"), required=False, help_text=_("Left empty: when it is over."))
    has_waiting_list = forms.BooleanField(label=_("A waiting list when it is full"), required=False, initial=True)

    def __init__(self, *args: Any, school: School, day: date | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.school, self.day = school, day

    @property
    def what(self) -> OfferInput:
        """Return what was typed, as the action takes it; of a form that is right."""
        data, moment = self.cleaned_data, self.school.moment
        opens = data["opens_on"]
        return OfferInput(
            title=data["title"],
            places=data["places"],
            kind=data["kind"],
            most_each=data["most_each"],
            day=self.day,
            starts=data["starts"],
            ends=data["ends"],
            opens_at=(moment(opens, data["opens_time"]) if data["opens_time"] else moment(opens)) if opens else None,
            closes_at=moment(data["closes_on"] + timedelta(1)) if data["closes_on"] else None,
            has_waiting_list=data["has_waiting_list"],
        )


def initial_of_offer(offer: Offer) -> dict[str, Any]:
    """Return what the form of an offer begins with."""
    zone = offer.school.zone
    names = ("title", "kind", "places", "most_each", "starts", "ends", "has_waiting_list")
    opens = offer.opens_at.astimezone(zone) if offer.opens_at else None
    closes = offer.closes_at.astimezone(zone) if offer.closes_at else None
    return {name: getattr(offer, name) for name in names} | {
        "opens_on": opens.date() if opens else None,
        "opens_time": opens.time() if opens else None,
        "closes_on": closes.date() - timedelta(1) if closes else None,
    }


class AnswerForm(forms.Form):
    """Whether one comes, and with how many."""

    answer = forms.ChoiceField(choices=[("yes", ""), ("no", "")])
    number = forms.IntegerField(required=False)


class TakeForm(forms.Form):
    """How many places, and a word with it."""

    amount = forms.IntegerField(required=False)
    note = forms.CharField(required=False, max_length=200)


class ByHandForm(forms.Form):
    """Somebody who answered at the school gate."""

    name = forms.CharField(label=_("Who is it?"), max_length=80, widget=forms.TextInput(attrs={"class": "input"}))
    amount = forms.IntegerField(required=False)
