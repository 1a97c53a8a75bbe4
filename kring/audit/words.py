"""What the log says: one sentence for each kind of event, with %(who)s and %(about)s.

Rooms name their events (`room.verb`); this room stands below them all and knows only their names. A test finds every
event in the code that has no sentence here.
"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, str | Promise] = {
    "school.board_made": _("%(who)s founded the board %(about)s"),
    "school.made": _("%(who)s added the school %(about)s"),
    "school.changed": _("%(who)s changed the settings of the school"),
    "school.year_made": _("%(who)s made a school year"),
    "school.group_made": _("%(who)s made the group %(about)s"),
    "school.group_changed": _("%(who)s changed the group %(about)s"),
    "school.group_ended": _("%(who)s ended the group %(about)s"),
    "school.lesson_hours_set": _("%(who)s set the lesson hours of %(about)s"),
    "school.layer_made": _("%(who)s made the layer %(about)s"),
    "school.layer_changed": _("%(who)s changed the layer %(about)s"),
    "school.holiday_added": _("%(who)s changed the calendar: %(about)s"),
    "school.holiday_removed": _("%(who)s took back a change to the calendar"),
    "people.person_added": _("%(who)s added %(about)s"),
    "people.person_removed": _("%(who)s removed an adult who was added by mistake"),
    "people.person_changed": _("%(who)s changed the data of %(about)s"),
    "people.person_ended": _("%(who)s ended all roles and children of %(about)s"),
    "people.child_added": _("%(who)s added the child %(about)s"),
    "people.child_removed": _("%(who)s removed a child that was added by mistake"),
    "people.child_changed": _("%(who)s changed the data of the child %(about)s"),
    "people.child_left": _("%(who)s let %(about)s leave the school"),
    "people.child_shielded": _("%(who)s shielded %(about)s"),
    "people.child_unshielded": _("%(who)s took the shield off %(about)s"),
    "people.child_enrolled": _("%(who)s put %(about)s in a group"),
    "people.enrolment_ended": _("%(who)s ended the place in a group of %(about)s"),
    "people.enrolment_withdrawn": _("%(who)s took back a place in a group"),
    "people.enrolment_changed": _("%(who)s corrected the place in a group of %(about)s"),
    "people.guardian_added": _("%(who)s added a guardian: %(about)s"),
    "people.guardian_changed": _("%(who)s changed what a guardian sees: %(about)s"),
    "people.guardian_ended": _("%(who)s ended a guardianship: %(about)s"),
    "people.guardian_withdrawn": _("%(who)s took back a guardianship"),
    "people.group_removed": _("%(who)s removed a group that was made by mistake"),
    "people.layer_removed": _("%(who)s removed a layer"),
    "people.kept_apart": _("%(who)s keeps two guardians of %(about)s apart"),
    "people.apart_ended": _("%(who)s no longer keeps two guardians apart"),
    "people.role_given": _("%(who)s gave a role to %(about)s"),
    "people.role_changed": _("%(who)s changed a role of %(about)s"),
    "people.role_ended": _("%(who)s ended a role of %(about)s"),
    "people.role_withdrawn": _("%(who)s took back a role"),
    "people.absence_reported": _("%(who)s wrote down that %(about)s is away"),
    "people.absence_removed": _("%(who)s took back that a colleague is away"),
    "accounts.accepted": _("%(who)s accepted an invitation"),
    "accounts.address_changed": _("%(who)s changed the address to sign in with"),
    "accounts.claim_approved": _("%(who)s approved another address for an invitation"),
    "accounts.claim_refused": _("%(who)s refused another address for an invitation"),
    "accounts.claimed": _("%(who)s asked to use another address for an invitation"),
    "accounts.invited": _("%(who)s sent an invitation"),
    "accounts.invited_many": _("%(who)s sent several invitations"),
    "accounts.login_let_go": _("%(who)s took %(about)s off a login, for a new invitation"),
    "accounts.second_factor_removed": _("%(who)s took away the second step at sign-in of %(about)s"),
    "accounts.password_changed": _("%(who)s changed the password"),
    "accounts.phone_changed": _("%(who)s changed the telephone number"),
    "accounts.school_started": _("%(who)s started the school in Kring"),
    "accounts.session_ended": _("%(who)s ended a session on another device"),
    "accounts.withdrawn": _("%(who)s withdrew an invitation"),
    "agreement.copied": _("%(who)s copied the agreements of another school"),
    "agreement.draft_discarded": _("%(who)s threw away a draft of the agreements"),
    "agreement.published": _("%(who)s published a new version of the agreements"),
    "comment.added": _("%(who)s wrote a reaction"),
    "comment.withdrawn": _("%(who)s withdrew a reaction"),
    "consent.answered": _("%(who)s answered which photos %(about)s may be in"),
    "consent.answered_on_paper": _("%(who)s entered what was answered on paper about photos of %(about)s"),
    "consent.reminded": _("%(who)s reminded the families of %(about)s about consent for photos"),
    "consent.renewal_started": _("%(who)s asked all families again for consent for photos"),
    "conversation.meeting_agreed": _("%(who)s made an appointment in a conversation"),
    "conversation.meeting_cancelled": _("%(who)s cancelled an appointment"),
    "conversation.message_changed": _("%(who)s changed words in a conversation"),
    "conversation.message_deleted": _("%(who)s took words in a conversation away"),
    "conversation.message_sent": _("%(who)s wrote in a conversation"),
    "conversation.moments_declined": _("%(who)s chose none of the proposed moments"),
    "conversation.moments_proposed": _("%(who)s proposed moments to talk"),
    "conversation.moments_withdrawn": _("%(who)s took proposed moments back"),
    "conversation.promise_taken_back": _("%(who)s took back that an answer comes"),
    "conversation.promise_taken_over": _("%(who)s took over an answer of a colleague"),
    "conversation.promised": _("%(who)s promised an answer"),
    "conversation.settled": _("%(who)s settled a conversation"),
    "conversation.started": _("%(who)s started a conversation"),
    "document.stored": _("%(who)s added a document"),
    "document.removed": _("%(who)s removed a document"),
    "imports.previewed": _("%(who)s read a roster, without changing anything"),
    "imports.applied": _("%(who)s applied an import of the roster"),
    "imports.cancelled": _("%(who)s cancelled an import of the roster"),
    "imports.levels_set": _("%(who)s set year levels for an import"),
    "photo.added": _("%(who)s added a photo"),
    "photo.cropped": _("%(who)s cropped a photo"),
    "photo.covered": _("%(who)s covered a part of a photo"),
    "photo.removed": _("%(who)s removed a photo"),
    "photos.used": _("%(who)s shared photos"),
    "photos.hidden": _("%(who)s hid a photo"),
    "photos.downloaded": _("%(who)s downloaded photos"),
    "photos.downloaded_many": _("%(who)s downloaded unusually many photos in one day"),
    "photos.named": _("%(who)s said who is in a photo"),
    "photos.used_elsewhere": _("%(who)s used a photo outside Kring"),
    "photos.taken_down": _("%(who)s took a photo down outside Kring"),
    "post.adopted": _("%(who)s took over a message of a colleague"),
    "post.changed": _("%(who)s changed a message"),
    "post.discarded": _("%(who)s threw away a draft message"),
    "post.published": _("%(who)s published a message"),
    "post.scheduled": _("%(who)s scheduled a message"),
    "post.series_scheduled": _("%(who)s scheduled a series of messages"),
    "post.started": _("%(who)s started a message"),
    "post.stopped": _("%(who)s stopped a scheduled message"),
    "post.undone": _("%(who)s undid a message before it was visible"),
    "post.withdrawn": _("%(who)s withdrew a message"),
}

# What the log can be narrowed to: word in the address -> beginnings of the names of events.
KINDS: dict[str, tuple[str | Promise, tuple[str, ...]]] = {
    "people": (_("People and groups"), ("people.",)),
    "school": (_("Settings"), ("school.", "agreement")),
    "access": (_("Signing in and invitations"), ("accounts.",)),
    "messages": (
        _("Messages and photos"),
        ("post", "comment", "photo", "consent", "conversation", "document", "files."),
    ),
    "imports": (_("Imports"), ("imports.",)),
}


def sentence(what: str, *, who: str, about: str) -> str:
    """Return the sentence for the event `what`, in the language of the page. An unknown one is shown by its name."""
    pattern = SENTENCES.get(what)
    if pattern is None:
        return gettext("%(who)s: %(what)s") % {"who": who, "what": what}
    return str(pattern) % {"who": who, "about": about or gettext("(no longer there)")}
