"""The addresses of this room."""

from __future__ import annotations

from django.urls import path

from kring.core import pwa

app_name = "core"
urlpatterns = [
    path("manifest.webmanifest", pwa.manifest, name="manifest"),
    path("service-worker.js", pwa.service_worker, name="service_worker"),
    path("offline/", pwa.offline, name="offline"),
]
