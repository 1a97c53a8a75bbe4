"""Where a push message may go, and the key that this server shows there."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.conf import settings

from kring.notifications.channels import vapid
from kring.notifications.endpoints import are_keys, from_base64url, is_known_service, is_public, loopback_origin

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://fcm.googleapis.com/fcm/send/abc:def",
        "https://updates.push.services.mozilla.com/wpush/v2/gAAA",
        "https://web.push.apple.com/QGu",
        "https://wns2-am3p.notify.windows.com/w/?token=BQ",
        "https://fcm.googleapis.com:443/x",
        "https://FCM.googleapis.com/x",
    ],
)
def test_the_push_services_of_browsers_are_known(endpoint):
    assert is_known_service(endpoint, hosts=settings.PUSH_HOSTS)


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://fcm.googleapis.com/x",
        "https://fcm.googleapis.com:8443/x",
        "https://fcm.googleapis.com.example.org/x",
        "https://evilfcm.googleapis.com/x",
        "https://push.apple.com.example.org/x",
        "https://evilpush.apple.com/x",
        "https://fcm.googleapis.com@127.0.0.1/x",
        "https://user@fcm.googleapis.com/x",
        "https://127.0.0.1\\@fcm.googleapis.com/x",
        "https://127.0.0.1/x",
        "https://[::1]/x",
        "https://169.254.169.254/latest",
        "http://127.0.0.1:9000/x",
        "https://localhost/x",
        "https://fcm.googleapis.com\n.example.org/x",
        "https://fcm.googleapis.com /x",
        "https://fcm.googleapis.com:port/x",
        "https://[fcm.googleapis.com/x",
        "ftp://fcm.googleapis.com/x",
        "//fcm.googleapis.com/x",
        "https://fcm.googleapis.cöm/x",
        "https://fcm.googleapis.com/" + "x" * 1000,
        "",
    ],
)
def test_every_other_address_is_none(endpoint):
    assert not is_known_service(endpoint, hosts=settings.PUSH_HOSTS)


def test_an_origin_counts_only_when_it_is_named_whole():
    origins = ["http://127.0.0.1:9000"]
    assert is_known_service("http://127.0.0.1:9000/push/1", hosts=[], origins=origins)
    assert not is_known_service("http://127.0.0.1:9001/push/1", hosts=[], origins=origins)
    assert not is_known_service("http://127.0.0.1:9000@example.org/1", hosts=[], origins=origins)


@pytest.mark.parametrize("address", ["142.250.1.1", "2a00:1450:400e::5f", "64:ff9b::142.250.1.1"])
def test_a_public_address_may_be_connected_to(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "240.0.0.1",
        "192.0.2.1",
        "198.18.0.1",
        "::1",
        "::",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::127.0.0.1",
        "2002:7f00:1::",
        "2001:db8::1",
        "elsewhere",
    ],
)
def test_an_address_inside_a_network_may_not(address):
    assert not is_public(address)


def test_keys_are_a_point_on_the_curve_and_sixteen_bytes():
    point, secret = vapid.public_key(), "A" * 22
    assert are_keys(point, secret)
    assert are_keys(point + "=", secret + "==")
    assert not are_keys(point, "A" * 21)
    assert not are_keys("B" + "A" * 86, secret), "not on the curve"
    assert not are_keys("", "")
    assert not are_keys("not base64!", secret)


def test_the_key_is_made_once_and_only_its_owner_may_read_it(settings, tmp_path):
    settings.VAPID_PRIVATE_KEY = ""
    settings.VAPID_KEY_FILE = tmp_path / "vapid"
    with ThreadPoolExecutor(8) as many:
        found = {future.result() for future in [many.submit(vapid.public_key) for _ in range(16)]}
    assert len(found) == 1
    assert stat.S_IMODE((tmp_path / "vapid").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.glob("vapid*")] == ["vapid"]
    assert len(from_base64url(found.pop())) == 65


def test_the_key_of_the_settings_goes_before_that_of_the_folder(settings, tmp_path):
    settings.VAPID_KEY_FILE = tmp_path / "vapid"
    settings.VAPID_PRIVATE_KEY = "A" * 42 + "E"
    assert vapid.private_key().private_numbers().private_value == 1
    assert not (tmp_path / "vapid").exists()


@pytest.mark.parametrize(
    ("mode", "hosts", "starts"),
    [
        ("test", "http://127.0.0.1:9000", True),
        ("development", "http://127.0.0.1:9000", True),
        ("production", "http://127.0.0.1:9000", False),
        ("production", "https://localhost:9000", False),
        ("production", "http://[::1]:9000", False),
        ("production", "push.example.org", True),
        ("production", "push.example.org, 127.0.0.1", False),
        ("production", "https://push.example.org", False),
        ("production", "", True),
    ],
)
def test_production_does_not_start_with_a_push_service_on_this_machine(tmp_path, mode, hosts, starts):
    keep = {key: value for key, value in os.environ.items() if not key.startswith(("KRING_", "DATABASE_", "PYTEST"))}
    env = keep | {
        "KRING_MODE": mode,
        "KRING_PUSH_HOSTS": hosts,
        "DATA_DIR": str(tmp_path),
        "KRING_SECRET_KEY": "x" * 60,
        "KRING_BASE_URL": "https://kring.example.org",
        "KRING_ALLOWED_HOSTS": "kring.example.org",
    }
    command = [sys.executable, "-c", "import config.settings"]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)  # noqa: S603
    assert (done.returncode == 0) == starts, done.stderr
    assert starts or "KRING_PUSH_HOSTS" in done.stderr


def test_a_loopback_origin_is_recognised():
    assert loopback_origin("http://127.0.0.1:1")
    assert not loopback_origin("http://127.0.0.1")
    assert not loopback_origin("https://push.example.org:1")
    assert not loopback_origin("http://127.0.0.1:1/path")
    assert not loopback_origin("push.example.org")
