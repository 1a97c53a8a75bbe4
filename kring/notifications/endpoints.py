"""Where a push message may go. An address that a browser hands over is input like any other (security.md, R8).

Plain functions on plain values: no settings, no network. Asked when a device is added and again before each sending.
"""

from __future__ import annotations

import base64
import binascii
import ipaddress
from collections.abc import Collection
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec

MOST = 1000  # characters of an address
POINT, SECRET = 65, 16  # bytes: an uncompressed point of P-256, and the secret of RFC 8291
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def is_known_service(endpoint: str, *, hosts: Collection[str], origins: Collection[str] = ()) -> bool:
    """Say whether `endpoint` is an https address, on the usual port, of one of `hosts`.

    A host that begins with a dot stands for every host that ends in it. `origins` are whole origins that count as
    well, such as http://127.0.0.1:9000 of a test.
    """
    if not endpoint.isascii() or not endpoint.isprintable() or " " in endpoint or len(endpoint) > MOST:
        return False
    try:
        parts = urlsplit(endpoint)
        port = parts.port
    except ValueError:
        return False
    if "@" in parts.netloc or "\\" in endpoint or not parts.hostname:
        return False
    if f"{parts.scheme}://{parts.netloc}" in origins:
        return True
    host = parts.hostname
    known = any(host == one or (one.startswith(".") and host.endswith(one)) for one in hosts)
    return parts.scheme == "https" and port in (None, 443) and known


def is_public(address: str) -> bool:
    """Say whether an IP address is one of the public internet, whatever it is wrapped in."""
    try:
        found: Address = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        if found.sixtofour or found.teredo:
            return False
        found = found.ipv4_mapped or (ipaddress.IPv4Address(int(found) & 0xFFFFFFFF) if found in _NAT64 else found)
    return found.is_global and not found.is_multicast and not found.is_reserved and not found.is_unspecified


def loopback_origin(origin: str) -> bool:
    """Say whether `origin` is a whole origin on this machine, such as http://127.0.0.1:9000."""
    try:
        parts = urlsplit(origin)
        local = parts.hostname == "localhost" or ipaddress.ip_address(parts.hostname or "").is_loopback
        return local and parts.scheme in {"http", "https"} and parts.port is not None and not parts.path
    except ValueError:
        return False


def are_keys(p256dh: str, auth: str) -> bool:
    """Say whether these are a browser's keys (RFC 8291): a point on P-256 and sixteen secret bytes, in base64url."""
    point, secret = from_base64url(p256dh), from_base64url(auth)
    if len(point) != POINT or len(secret) != SECRET:
        return False
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except ValueError:
        return False
    return True


def from_base64url(text: str) -> bytes:
    """Return the bytes of base64url with or without padding, or nothing when it is not that."""
    try:
        return base64.b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return b""


def to_base64url(raw: bytes) -> str:
    """Return base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
