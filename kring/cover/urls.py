"""The addresses of this room."""

from __future__ import annotations

from django.urls import path

from kring.cover import views

app_name = "cover"
urlpatterns = [path("school/<str:school_id>/away/", views.away, name="away")]
