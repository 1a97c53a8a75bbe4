"""Asking for help, taking a place, giving it back."""

from __future__ import annotations

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kring.agenda import actions
from kring.agenda.forms import ByHandForm, OfferForm, TakeForm, initial_of_offer
from kring.agenda.models import Event, Offer, Signup
from kring.agenda.permissions import can_edit_event, can_keep_list
from kring.agenda.views.event import one_event, page_of
from kring.core.access import require
from kring.core.formpage import form_page, posted
from kring.core.http import Request


def _one_offer(request: Request, public_id: str) -> tuple[Offer, Event]:
    """Return the offer of the address and its event, if the viewer may open that; else raise 404."""
    rows = Offer.objects.visible_to(request.viewer).select_related("school", "event__school", "event__audience")
    offer: Offer = get_object_or_404(rows, public_id=public_id)
    if offer.event is None:  # of another room
        raise Http404
    return offer, offer.event


@require_http_methods(["GET", "POST"])
def ask(request: Request, public_id: str) -> HttpResponse:
    """Ask for help at an event."""
    event = one_event(request, public_id)
    require(can_edit_event(request.viewer, event))
    form = OfferForm(request.POST if request.method == "POST" else None, school=event.school, day=event.starts_on)
    return form_page(
        request,
        form=form,
        act=lambda _data: actions.make_offer(by=request.viewer, school=event.school, what=form.what, event=event),
        title=_("Ask for help"),
        intro=_("Parents see how many places are taken, not by whom. Who keeps this event sees the names."),
        back=page_of(event),
        back_label=event.title,
        submit=_("Ask"),
        template="agenda/offer.html",
    )


@require_http_methods(["GET", "POST"])
def change(request: Request, public_id: str) -> HttpResponse:
    """Ask for something else, for more or for fewer."""
    offer, event = _one_offer(request, public_id)
    require(can_keep_list(request.viewer, offer))
    form = OfferForm(
        request.POST if request.method == "POST" else None,
        school=event.school,
        day=offer.day,
        initial=initial_of_offer(offer),
    )
    return form_page(
        request,
        form=form,
        act=lambda _data: actions.change_offer(by=request.viewer, offer=offer, what=form.what),
        title=_("Change: %(what)s") % {"what": offer.title},
        back=page_of(event),
        back_label=event.title,
        template="agenda/offer.html",
    )


@require_POST
def take(request: Request, public_id: str) -> HttpResponseRedirect:
    """Take a place, or wait for one."""
    offer, event = _one_offer(request, public_id)
    form = TakeForm(request.POST)
    form.is_valid()
    amount = form.cleaned_data.get("amount", 0)
    return posted(
        request,
        lambda: actions.take_place(
            by=request.viewer,
            offer=offer,
            amount=1 if amount is None else amount,
            note=form.cleaned_data.get("note", ""),
        ),
        back=page_of(event),
        done=_("Thank you. You are on the list."),
    )


@require_POST
def give_back(request: Request, public_id: str) -> HttpResponseRedirect:
    """Give one's own places back, or take somebody off the list as who keeps it."""
    signup, event = _one_signup(request, public_id)
    return posted(request, lambda: actions.give_back(by=request.viewer, signup=signup), back=page_of(event))


@require_POST
def take_off(request: Request, public_id: str) -> HttpResponseRedirect:
    """Take somebody off the list."""
    signup, event = _one_signup(request, public_id)
    return posted(request, lambda: actions.take_off(by=request.viewer, signup=signup), back=page_of(event))


def _one_signup(request: Request, public_id: str) -> tuple[Signup, Event]:
    rows = Signup.objects.visible_to(request.viewer).filter(offer__event__isnull=False)
    rows = rows.select_related("offer__school", "offer__event__school", "offer__event__audience", "person")
    signup: Signup = get_object_or_404(rows, public_id=public_id)
    if signup.offer.event is None:  # of another room
        raise Http404
    return signup, signup.offer.event


@require_POST
def by_hand(request: Request, public_id: str) -> HttpResponseRedirect:
    """Write down somebody who answered at the school gate."""
    offer, event = _one_offer(request, public_id)
    form = ByHandForm(request.POST)
    form.is_valid()
    amount = form.cleaned_data.get("amount", 0)
    return posted(
        request,
        lambda: actions.add_by_hand(
            by=request.viewer,
            offer=offer,
            name=form.cleaned_data.get("name", ""),
            amount=1 if amount is None else amount,
        ),
        back=page_of(event),
    )


@require_POST
def close(request: Request, public_id: str) -> HttpResponseRedirect:
    """Let nobody sign up any more."""
    offer, event = _one_offer(request, public_id)
    return posted(request, lambda: actions.close_offer(by=request.viewer, offer=offer), back=page_of(event))


@require_POST
def reopen(request: Request, public_id: str) -> HttpResponseRedirect:
    """Let people sign up again."""
    offer, event = _one_offer(request, public_id)
    return posted(request, lambda: actions.reopen_offer(by=request.viewer, offer=offer), back=page_of(event))


@require_POST
def remove(request: Request, public_id: str) -> HttpResponseRedirect:
    """Take away what nobody has signed up for."""
    offer, event = _one_offer(request, public_id)
    return posted(request, lambda: actions.remove_offer(by=request.viewer, offer=offer), back=page_of(event))
