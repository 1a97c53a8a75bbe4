"""The addresses of this room."""

from __future__ import annotations

from django.urls import path

from kring.home import views

app_name = "home"
urlpatterns = [
    path("", views.news.news, name="news"),
    path("counts/", views.news.counts, name="counts"),
    path("agenda/", views.agenda.agenda, name="agenda"),
    path("agenda/print/", views.printing.print_agenda, name="print_agenda"),
    path("older/", views.news.older, name="older"),
    path("search/", views.news.search, name="search"),
    path("arrange/", views.arrange.arrange, name="arrange"),
    path("more/", views.more.more, name="more"),
    path("school/<str:school_id>/team/", views.team.team, name="team"),
]
