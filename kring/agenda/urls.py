"""The addresses of this room."""

from __future__ import annotations

from django.urls import URLPattern, path

from kring.agenda.views import feeds

app_name = "agenda"
FEEDS: list[URLPattern] = [
    path("agenda/feed/<str:token>.ics", feeds.feed, name="feed"),
    path("agenda/phone/", feeds.on_phone, name="on_phone"),
    path("agenda/phone/start/", feeds.start, name="start_feed"),
    path("agenda/phone/<str:public_id>/renew/", feeds.renew, name="renew_feed"),
    path("agenda/phone/<str:public_id>/stop/", feeds.stop, name="stop_feed"),
]
urlpatterns: list[URLPattern] = [*FEEDS]
