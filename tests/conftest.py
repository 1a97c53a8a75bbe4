"""What every test stands on: a known day, a known school, no network, and Chromium where a test asks for it."""

from __future__ import annotations

import gc
import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
import time_machine
from django.conf import settings as django_settings
from django.core.cache import caches
from pytest_django.fixtures import Settings

from tests.browsing import browsing
from tests.cast import NOW, Cast
from tests.kept_cast import kept_cast
from tests.kept_schema import django_db_modify_db_settings

__all__ = ["browsing", "django_db_modify_db_settings"]

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
STRICT = os.environ.get("KRING_CI") == "1"
# A busy machine is no fault of what is tested.
hypothesis.settings.register_profile("kring", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("kring")
LOCAL = {"127.0.0.1", "::1", "localhost"}


@pytest.fixture(autouse=True)
def on_a_known_day(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let each test happen on Tuesday 24 November 2026, 10:00; browser tests choose for themselves."""
    if request.node.get_closest_marker("browser"):
        yield
        return
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection that leaves this machine."""
    connect = socket.socket.connect

    def local_only(self: socket.socket, address: object) -> None:
        if isinstance(address, tuple) and address[0] not in LOCAL:
            raise AssertionError(f"A test tried to reach {address[0]}")
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", local_only)


@pytest.fixture(autouse=True)
def own_files(settings: Settings, tmp_path: Path) -> Path:
    """Keep every stored file of a test in a folder of its own, and return it."""
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(settings.MEDIA_ROOT)},
        },
    }
    return tmp_path / "files"


@pytest.fixture(scope="session")
def counters_file() -> Iterator[Path | None]:
    """Return the file in which rate limits count on SQLite, and take it away at the end; None where it is a table."""
    location = django_settings.CACHES["default"]["LOCATION"]
    if not location.endswith(".sqlite3"):
        yield None
        return
    yield Path(location)
    for left in Path(location).parent.glob(f"{Path(location).name}*"):
        left.unlink()


@pytest.fixture(autouse=True)
def nothing_counted(counters_file: Path | None) -> None:
    """Forget the counts of the test before, which no transaction takes back on SQLite."""
    if counters_file:
        caches["default"].clear()


@pytest.fixture
def hints(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Return the hints to open pages as they are given, as topic and key; on both databases."""
    given: list[tuple[str, str]] = []
    monkeypatch.setattr("kring.notifications.live._send", lambda name, key: given.append((name, key)))
    return given


@pytest.fixture
def cast(db: None) -> Cast:
    """Return the two schools and everybody in them."""
    caches["memory"].clear()  # its schools have the names that they had in the test before
    return kept_cast()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes minutes begins first, so that no process waits for it alone at the end; the rest stays shuffled.

    Without Chromium, browser tests are skipped with one plain line; in CI that is a failure.
    """
    items.sort(key=lambda item: item.get_closest_marker("long") is None)
    if CHROMIUM or STRICT:
        return
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason="Chromium is not installed: browser tests are left out."))


def pytest_collection_finish() -> None:
    """What is there for the whole run need not be looked through for garbage again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    """Start the Chromium of the system, without reaching for anything outside."""
    assert CHROMIUM, "Chromium is missing, and KRING_CI asks for it."
    return {
        "executable_path": CHROMIUM,
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-dev-shm-usage",
        ],
    }
