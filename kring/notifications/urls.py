"""The addresses of this room."""

from __future__ import annotations

from django.urls import path

from kring.notifications.views import devices, inbox, live, preferences, unreached, unsubscribe

app_name = "notifications"
urlpatterns = [
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/week/", inbox.week, name="week"),
    path("inbox/read/", inbox.read_all, name="read_all"),
    path("inbox/<str:public_id>/open/", inbox.open_line, name="open"),
    path("how-i-am-told/", preferences.preferences, name="preferences"),
    path("school/<str:school_id>/my-hours/", preferences.own_hours, name="own_hours"),
    path("school/<str:school_id>/unreached/", unreached.unreached, name="unreached"),
    path("unsubscribe/<str:token>/", unsubscribe.unsubscribe, name="unsubscribe"),
    path("live/", live.listen, name="live"),
    path("devices/", devices.devices, name="devices"),
    path("devices/seen/", devices.seen, name="device_seen"),
    path("devices/renew/", devices.renew, name="device_renew"),
    path("devices/<str:public_id>/remove/", devices.remove, name="device_remove"),
]
