"""The addresses of this room."""

from __future__ import annotations

from django.urls import URLPattern, path

from kring.imports import views

app_name = "imports"
PLACE = "school/<str:school_id>/import/"
urlpatterns: list[URLPattern] = [
    path(PLACE, views.uploads, name="uploads"),
    path(f"{PLACE}<str:import_id>/", views.one_import, name="import"),
    path(f"{PLACE}<str:import_id>/levels/", views.levels, name="levels"),
    path(f"{PLACE}<str:import_id>/apply/", views.apply, name="apply"),
    path(f"{PLACE}<str:import_id>/cancel/", views.cancel, name="cancel"),
]
