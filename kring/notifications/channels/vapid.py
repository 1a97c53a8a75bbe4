"""The key by which push services know this server (RFC 8292). Made once; a new one ends every device's subscription."""

from __future__ import annotations

import os
import tempfile
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from kring.notifications.endpoints import from_base64url, to_base64url

BYTES = 32


def private_key() -> ec.EllipticCurvePrivateKey:
    """Return the key: that of the settings, else the one in the data folder, which is made when it is not there."""
    return _key(settings.VAPID_PRIVATE_KEY or _kept(Path(settings.VAPID_KEY_FILE)))


def public_key() -> str:
    """Return what a browser needs to subscribe: the public point in base64url."""
    point = (
        private_key()
        .public_key()
        .public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    )
    return to_base64url(point)


@lru_cache(maxsize=4)
def _key(text: str) -> ec.EllipticCurvePrivateKey:
    raw = from_base64url(text)
    try:
        if len(raw) != BYTES:
            raise ValueError
        return ec.derive_private_key(int.from_bytes(raw, "big"), ec.SECP256R1())
    except ValueError:
        raise ImproperlyConfigured("The VAPID key is not 32 bytes in base64url: see docs/running.md.") from None


def _kept(path: Path) -> str:
    if not path.exists():
        number = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
        with tempfile.NamedTemporaryFile("w", dir=path.parent, prefix=f"{path.name}-", delete=False) as made:
            made.write(to_base64url(number.to_bytes(BYTES, "big")))  # readable by its owner only, from the first byte
            made.flush()
            os.fsync(made.fileno())
        try:
            os.link(made.name, path)  # fails when another process was first: then that key counts
        except FileExistsError:
            pass
        finally:
            os.unlink(made.name)
    return path.read_text().strip()
