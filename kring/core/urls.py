"""The addresses of this room."""

from __future__ import annotations

from django.urls import path

from kring.core import pwa, security

app_name = "core"
urlpatterns = [
    path("manifest.webmanifest", pwa.manifest, name="manifest"),
    path("service-worker.js", pwa.service_worker, name="service_worker"),
    path("offline/", pwa.offline, name="offline"),
    path(".well-known/security.txt", security.security_txt, name="security_txt"),
    path("robots.txt", security.robots_txt, name="robots_txt"),
]
