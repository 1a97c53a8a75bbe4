"""The addresses of this room."""

from __future__ import annotations

from django.urls import path

from kring.notifications import views

app_name = "notifications"
urlpatterns = [
    path("inbox/", views.inbox, name="inbox"),
    path("inbox/read/", views.read_all, name="read_all"),
    path("inbox/<str:public_id>/open/", views.open_line, name="open"),
]
