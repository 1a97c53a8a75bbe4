"""A device is added, seen again, taken away."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from kring.audit import actions as audit
from kring.core.access import Refused, require
from kring.core.viewer import Viewer
from kring.notifications.endpoints import are_keys, is_known_service
from kring.notifications.models import PushSubscription
from kring.people.models import User

EACH = 10  # devices of one login: the one that was silent longest gives way


@transaction.atomic
def add_device(*, by: Viewer, session_key: str, endpoint: str, p256dh: str, auth: str, label: str) -> PushSubscription:
    """Let the browser at `endpoint` take push messages for the viewer, and for nobody else.

    Raises Refused when the address is not that of a known push service, or when the keys are none.
    """
    require(by.is_signed_in and bool(session_key))
    if not is_known_service(endpoint, hosts=settings.PUSH_HOSTS, origins=settings.PUSH_ORIGINS):
        raise Refused(_("This browser uses a push service that Kring does not know. Try another browser."))
    if not are_keys(p256dh, auth):
        raise Refused(_("Your browser did not say how to reach it. Reload the page and try again."))
    user = User.objects.get(pk=by.user_id or 0)
    # The browser is of who uses it now: somebody else who used it before is told there no more.
    device, is_new = PushSubscription.objects.update_or_create(
        endpoint=endpoint,
        defaults={
            "user": user,
            "p256dh": p256dh,
            "auth": auth,
            "label": label[:60],
            "session_key": session_key,
            "session_epoch": user.session_epoch,
            "seen_at": by.now,
            "failures": 0,
            "failing_since": None,
        },
        create_defaults={
            "user": user,
            "endpoint": endpoint,
            "p256dh": p256dh,
            "auth": auth,
            "label": label[:60],
            "session_key": session_key,
            "session_epoch": user.session_epoch,
            "made_at": by.now,
            "seen_at": by.now,
        },
    )
    if is_new:
        kept = PushSubscription.objects.filter(user=user).order_by("-seen_at", "-pk").values_list("pk", flat=True)
        PushSubscription.objects.filter(user=user).exclude(pk__in=list(kept[:EACH])).delete()
        audit.record(by=by, what="notifications.device_added")
    return device


@transaction.atomic
def device_seen(*, by: Viewer, session_key: str, endpoint: str) -> bool:
    """Note that the browser at `endpoint` is in use by the viewer; return whether it may go on taking push messages.

    It may not when its owner took it away from elsewhere, or when it took them for somebody else.
    """
    require(by.is_signed_in)
    found = PushSubscription.objects.filter(endpoint=endpoint)
    user = User.objects.get(pk=by.user_id or 0)
    mine = found.filter(user=user).update(session_key=session_key, session_epoch=user.session_epoch, seen_at=by.now)
    if not mine:
        found.delete()
    return bool(mine)


@transaction.atomic
def renew_device(*, old_endpoint: str, old_auth: str, endpoint: str, p256dh: str, auth: str, now: datetime) -> bool:
    """Let a device that its browser gave another address go on under that; say whether it was one of ours.

    Needs no sign-in, because no page is open when it happens: `old_auth`, which only the browser and this server know
    (the push service does not), is the right to do this one thing. May be done twice.
    """
    device = PushSubscription.objects.alive().filter(endpoint=old_endpoint).first()
    if device is None or not constant_time_compare(device.auth, old_auth):
        return PushSubscription.objects.alive().filter(endpoint=endpoint, auth=auth).exists() and bool(auth)
    if not is_known_service(endpoint, hosts=settings.PUSH_HOSTS, origins=settings.PUSH_ORIGINS):
        return False
    if not are_keys(p256dh, auth):
        return False
    renewed = {"endpoint": endpoint, "p256dh": p256dh, "auth": auth, "seen_at": now}
    try:
        with transaction.atomic():
            mine = PushSubscription.objects.filter(pk=device.pk, endpoint=old_endpoint)
            mine.update(**renewed, failures=0, failing_since=None)
    except IntegrityError:  # the new address stands here already: it was turned on by hand meanwhile
        device.delete()
    return True


@transaction.atomic
def remove_device(*, by: Viewer, device: PushSubscription) -> None:
    """Send nothing to one of the viewer's own devices any more."""
    require(by.is_signed_in and device.user_id == by.user_id)
    device.delete()
    audit.record(by=by, what="notifications.device_removed")


def forget_devices_of(*, session_keys: Iterable[str]) -> int:
    """Forget the devices that belong to these sessions, because they end; return how many."""
    keys = [key for key in session_keys if key]
    return PushSubscription.objects.filter(session_key__in=keys).delete()[0] if keys else 0
