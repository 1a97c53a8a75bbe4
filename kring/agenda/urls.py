"""The addresses of this room."""

from __future__ import annotations

from django.urls import URLPattern, path

from kring.agenda.views import event, feeds, importing, places, plan, reminders, year

app_name = "agenda"
FEEDS: list[URLPattern] = [
    path("agenda/feed/<str:token>.ics", feeds.feed, name="feed"),
    path("agenda/phone/", feeds.on_phone, name="on_phone"),
    path("agenda/phone/start/", feeds.start, name="start_feed"),
    path("agenda/phone/<str:public_id>/renew/", feeds.renew, name="renew_feed"),
    path("agenda/phone/<str:public_id>/stop/", feeds.stop, name="stop_feed"),
]
PLAN = "school/<str:school_id>/agenda/year/"
YEAR: list[URLPattern] = [
    path(PLAN, year.overview, name="year"),
    path(f"{PLAN}<int:first_year>/several/", year.several, name="several"),
    path(f"{PLAN}<int:first_year>/copy/", year.copy, name="copy_year"),
    path(f"{PLAN}<int:first_year>/publish/", year.publish, name="publish_year"),
    path(f"{PLAN}<int:first_year>/import/", importing.choose, name="import_calendar"),
    path(f"{PLAN}import/<str:read_id>/", importing.check, name="read_calendar"),
    path(f"{PLAN}import/<str:read_id>/aside/", importing.aside, name="put_calendar_aside"),
]
EVENTS: list[URLPattern] = [
    path("school/<str:school_id>/agenda/new/", plan.new, name="new"),
    path("agenda/<str:public_id>/", event.event, name="event"),
    path("agenda/<str:public_id>/answer/", event.answer, name="answer"),
    path("agenda/<str:public_id>/no-answer/", event.take_back, name="take_back"),
    path("agenda/<str:public_id>/edit/", plan.edit, name="edit"),
    path("agenda/<str:public_id>/cancel/", plan.cancel, name="cancel"),
    path("agenda/<str:public_id>/revive/", plan.revive, name="revive"),
    path("agenda/<str:public_id>/publish/", plan.publish, name="publish"),
    path("agenda/<str:public_id>/remove/", plan.remove, name="remove"),
    path("agenda/<str:public_id>/document/", plan.add_document, name="add_document"),
    path("agenda/documents/<str:public_id>/", event.document, name="document"),
    path("agenda/documents/<str:public_id>/remove/", plan.remove_document, name="remove_document"),
]
PLACES: list[URLPattern] = [
    path("agenda/<str:public_id>/help/", places.ask, name="ask"),
    path("agenda/help/<str:public_id>/change/", places.change, name="change_offer"),
    path("agenda/help/<str:public_id>/take/", places.take, name="take"),
    path("agenda/help/<str:public_id>/by-hand/", places.by_hand, name="by_hand"),
    path("agenda/help/<str:public_id>/close/", places.close, name="close_offer"),
    path("agenda/help/<str:public_id>/reopen/", places.reopen, name="reopen_offer"),
    path("agenda/help/<str:public_id>/remove/", places.remove, name="remove_offer"),
    path("agenda/places/<str:public_id>/give-back/", places.give_back, name="give_back"),
    path("agenda/places/<str:public_id>/take-off/", places.take_off, name="take_off"),
]
REMINDERS: list[URLPattern] = [
    path("agenda/reminders/<str:public_id>/hold/", reminders.hold, name="hold_reminder"),
    path("agenda/reminders/<str:public_id>/send/", reminders.send, name="send_reminder"),
    path("agenda/reminders/<str:public_id>/take-up/", reminders.take_up, name="take_up_reminder"),
]
urlpatterns: list[URLPattern] = [*FEEDS, *YEAR, *EVENTS, *PLACES, *REMINDERS]
