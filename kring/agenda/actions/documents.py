"""Documents that go with an event."""

from __future__ import annotations

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from kring.agenda.models import Event, EventDocument
from kring.agenda.permissions import can_edit_event
from kring.audit import actions as audit
from kring.core.access import Refused, require
from kring.core.viewer import Viewer
from kring.files.actions import remove_document, store_document

MOST = 5


def attach_document(*, by: Viewer, event: Event, upload: UploadedFile) -> EventDocument:
    """Attach one PDF or office file. Raises Refused with the reason when it is not one, too large or one too many.

    The file work stands outside the transaction, as in `files`.
    """
    require(can_edit_event(by, event))
    have = EventDocument.objects.filter(event=event).count()
    if have >= MOST:
        raise Refused(_("An event holds at most %(number)d documents.") % {"number": MOST})
    document = store_document(by=by, school=event.school, upload=upload)
    with transaction.atomic():
        row = EventDocument.objects.create(school_id=event.school_id, event=event, document=document, position=have)
        audit.record(by=by, what="agenda.document_attached", about=event)
    return row


@transaction.atomic
def detach_document(*, by: Viewer, attached: EventDocument) -> None:
    """Take a document off an event and throw it away."""
    require(can_edit_event(by, attached.event))
    document, event = attached.document, attached.event
    attached.delete()
    audit.record(by=by, what="agenda.document_detached", about=event)
    remove_document(by=by, document=document)
