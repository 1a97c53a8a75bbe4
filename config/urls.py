"""What happens on a request. Each room names its own addresses."""

from __future__ import annotations

from django.urls import include, path

from kring.core import views as core

urlpatterns = [
    path("healthz", core.healthz, name="healthz"),
    path("readyz", core.readyz, name="readyz"),
    path("", include("kring.home.urls")),  # first, because the pages asked for most are here
    path("", include("kring.conversations.urls")),  # and what an open page asks whenever something is said
    path("", include("kring.core.urls")),
    path("", include("kring.accounts.urls")),
    path("account/", include("kring.accounts.allauth_urls")),
    path("", include("kring.school.urls")),
    path("", include("kring.people.urls")),
    path("", include("kring.files.urls")),
    path("", include("kring.agreements.urls")),
    path("", include("kring.notifications.urls")),
    path("", include("kring.consents.urls")),
    path("", include("kring.photos.urls")),
    path("", include("kring.posts.urls")),
    path("", include("kring.agenda.urls")),
    path("", include("kring.help_requests.urls")),
    path("", include("kring.absences.urls")),
    path("", include("kring.meetings.urls")),
    path("", include("kring.cover.urls")),
    path("", include("kring.imports.urls")),
    path("", include("kring.audit.urls")),
    path("", include("kring.demo.urls")),
]
handler400 = "kring.core.views.bad_request"
handler403 = "kring.core.views.forbidden"
handler404 = "kring.core.views.not_found"
handler429 = "kring.core.views.too_many"
handler500 = "kring.core.views.server_error"
