"""The service worker is served with names of files that change with their content, as a real installation has them."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from django.test import Client
from pytest_django.fixtures import Settings


@pytest.mark.django_db
def test_the_service_worker_keeps_the_hashed_files_of_this_release(settings: Settings, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path
    # What Kring's own storage builds on; without its compression, which takes long.
    hashed = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": hashed}}
    call_command("collectstatic", interactive=False, verbosity=0)
    answer = Client().get("/service-worker.js")
    assert answer.status_code == 200
    assert staticfiles_storage.url("css/kring.css") in answer.content.decode()
    assert staticfiles_storage.url("css/kring.css") != "/static/css/kring.css"
