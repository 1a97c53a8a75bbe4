"""What the clock does for documents. May run twice."""

from __future__ import annotations

from itertools import islice

from django.utils import timezone

from kring.files import durable, rules
from kring.files.models import Document


def sweep_documents() -> int:
    """Delete files that no row knows: left by a crash between file and row. Returns how many went.

    Files of the last hour are left alone: their row may still be on its way.
    """
    before = timezone.now() - rules.SWEEP_AFTER
    gone = 0
    names = durable.listing(rules.FOLDER)
    while some := list(islice(names, 500)):
        kept = set(Document.objects.stored_as(some))
        lost = [name for name in some if name not in kept and durable.is_older(name, before)]
        durable.drop(lost)
        gone += len(lost)
    return gone
