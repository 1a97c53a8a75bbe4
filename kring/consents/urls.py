"""The addresses of this room."""

from __future__ import annotations

from django.urls import path

from kring.consents.views import own, reasons, team

app_name = "consents"
urlpatterns = [
    path("consents/", own.children, name="own"),
    path("consents/<str:child_id>/", own.child_page, name="child"),
    path("consents/<str:child_id>/changes/", own.changes, name="changes"),
    path("school/<str:school_id>/consents/", team.school_page, name="school"),
    path("school/<str:school_id>/consents/renew/", team.renew, name="renew"),
    path("school/<str:school_id>/groups/<str:group_id>/consents/", team.group_page, name="group"),
    path("school/<str:school_id>/groups/<str:group_id>/consents/remind/", team.remind_families, name="remind"),
    path("school/<str:school_id>/consents/children/<str:child_id>/", reasons.reasons, name="reasons"),
    path("school/<str:school_id>/consents/children/<str:child_id>/paper/<str:person_id>/", reasons.paper, name="paper"),
]
