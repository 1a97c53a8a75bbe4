"""The addresses of this room."""

from __future__ import annotations

from django.urls import path

from kring.agreements import views

app_name = "agreements"
urlpatterns = [
    path("school/<str:school_id>/agreements/", views.read.page_view, name="page"),
]
