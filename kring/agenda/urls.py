"""The addresses of this room."""

from __future__ import annotations

from django.urls import URLPattern, path

from kring.agenda.views import feeds, importing, year

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
urlpatterns: list[URLPattern] = [*FEEDS, *YEAR]
