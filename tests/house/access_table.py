"""The access table: every address, and who gets through by GET and by POST. Read it as the promise itself.

Whoever does not stand in a cell gets the 404 of what is not there; whoever is not signed in, the way to sign in.
`refused` are those who may see the thing but not do this: 403. NOT means that the address does not take the method.
Who the roles are stands in tests/cast.py, the objects in scene.py. `TEAM` is that of groep 5, the group of `post`.
"""

from __future__ import annotations

from typing import NamedTuple

from tests.cast import ROLES
from tests.meetings.lines import LINES as MEETINGS

Roles = frozenset[str]


class May(NamedTuple):
    """Who gets through, and who is refused with a 403."""

    yes: Roles
    refused: Roles = frozenset()


class Line(NamedTuple):
    """One address. `about` names the objects in it; `more` goes in a query or a body (name: object, or the word)."""

    name: str
    about: str
    get: May | None
    post: May | None
    more: dict[str, str]


def who(*names: str) -> Roles:
    return frozenset(names)


NOT = None
NOBODY = May(frozenset())
EVERYBODY = May(frozenset(ROLES))
SIGNED_IN = May(frozenset(ROLES) - {"signed out"})
_office, _management, _board = who("office", "management"), who("management"), who("board_admin")
_team = _office | {"teacher", "duo"}
_families = who("guardian", "shielded_guardian", "class_parent")
_six = _office | {"other_teacher", "other_guardian", "parent_council"}
_staff = _team | {"other_teacher", "care_coordinator"}
_members = _staff | _families | _board | {"other_guardian", "parent_council", "limited"}
# Who may know that groep 5 exists: its families, limited guardians too, and everybody who works at the school.
_of_the_group = _staff | _families | {"limited"}
OFFICE, MANAGEMENT, BOARD, TEAM, MEMBERS = May(_office), May(_management), May(_board), May(_team), May(_members)
READERS, SIX, AUTHOR = May(_families | _team), May(_six), May(who("teacher"))
TEAM_OF_SIX = May(_office | {"other_teacher"})
_invited = _families | {"limited"}
INVITED, KEEPERS = May(_invited | _team), May(_team, refused=_invited)
PLANNERS = May(_team | {"other_teacher"}, refused=_members)
AGREED = May(_management, refused=_members)
CHANGERS = May(_team, refused=_families)
ANSWERS, TEACHERS = May(who("guardian")), May(who("teacher", "duo"))
GUARDIANS = May(who("guardian"))
CALAMITY = May(_management, refused=_team - _management | {"other_teacher"})
# Conversations: who is named and the team of the group; not office, not management, whoever else looks after the child
_talkers, _class = who("guardian", "teacher", "duo"), who("teacher", "duo")
TALKERS, CLASS, WRITER = May(_talkers), May(_class), May(who("guardian"), refused=_class)
WITH_A_CHILD = who(
    "guardian", "other_guardian", "limited", "shielded_guardian", "class_parent", "parent_council", "second_guardian"
)
TO_TEAM = May(WITH_A_CHILD, refused=frozenset(ROLES) - WITH_A_CHILD - {"signed out"})
TO_FAMILIES = May(_class, refused=_of_the_group - _class)
CIRCLE, TO_PARENT = May(_families), May(_families - {"class_parent"})
ASKERS = May(_class | {"class_parent"}, refused=_of_the_group - _class - {"class_parent"})
_without_school = who("none", "former_guardian", "ended_substitute", "board_admin")
AT_A_SCHOOL = May(frozenset(ROLES) - _without_school - {"signed out"}, refused=_without_school)
RING, NAMED, CLASS_PARENT = May(_families | _class), May(who("class_parent", "duo")), May(who("class_parent"))
HELP_ASKERS = May(
    who("class_parent", "parent_council"), refused=frozenset(ROLES) - {"class_parent", "parent_council", "signed out"}
)
HANDED_IN = May(frozenset(), refused=_class | {"class_parent"})
CLOSERS = May(_class | {"class_parent"}, refused=who("guardian", "shielded_guardian"))
OF_CHILD, FAMILY_ACTS = _team | {"guardian"}, May(who("guardian"), refused=_team)
_reporters = WITH_A_CHILD - {"limited"}
REPORTERS = May(_reporters, refused=frozenset(ROLES) - _reporters - {"signed out"})
_day = _team | {"other_teacher"}
DAY, EXPORTERS = May(_day, refused=_members - _day), May(_office, refused=_members - _office)
NOBODY_ANY_MORE = May(frozenset(), refused=_families | _team)


def line(name: str, about: str, get: May | None, post: May | None, **more: str) -> Line:
    return Line(name, about, get, post, more)


def kept(
    room: str, both: str, *, get: str = "", post: str = "", who: May = OFFICE, about: str = "school"
) -> list[Line]:
    """Return lines for addresses that office and management keep: `name:object` words."""
    found = []
    for words, takes_get, takes_post in ((both, True, True), (get, True, False), (post, False, True)):
        for word in words.split():
            name, _colon, thing = word.partition(":")
            place = f"{about} {thing}".strip()
            found.append(line(f"{room}:{name}", place, who if takes_get else NOT, who if takes_post else NOT))
    return found


# Rounds of conversations: the words of tests/meetings/lines.py.
_MEETING = {
    None: NOT, "signed in": SIGNED_IN, "own": GUARDIANS, "own refused": May(frozenset(), refused=who("guardian")),
    "invited": May(_families), "visible": May(_families | _staff), "shielded": May(who("shielded_guardian")),
    "staff": May(_staff), "team": TEAM, "office": OFFICE,
}  # fmt: skip
TABLE: list[Line] = [
    *[line(f"meetings:{n}", about, _MEETING[get], _MEETING[post], **more) for n, about, get, post, more in MEETINGS],
    line("healthz", "", EVERYBODY, EVERYBODY),
    line("readyz", "", EVERYBODY, EVERYBODY),
    line("core:manifest", "", EVERYBODY, NOT),
    line("core:service_worker", "", EVERYBODY, NOT),
    line("core:offline", "", EVERYBODY, NOT),
    line("core:robots_txt", "", EVERYBODY, NOT),
    line("core:security_txt", "", EVERYBODY, NOT),
    line("demo:sign_in", "", NOT, NOBODY),
    # One's own login
    line("accounts:profile", "", SIGNED_IN, NOT),
    line("accounts:phone", "self", May(who("guardian")), May(who("guardian"))),
    line("accounts:language", "", NOT, EVERYBODY),
    line("accounts:end_session", "session", NOT, SIGNED_IN),  # ends one's own only: test_gates.py
    line("accounts:welcome", "", SIGNED_IN, NOT),
    line("accounts:ready", "", SIGNED_IN, NOT),
    line("accounts:invitation_by_code", "", EVERYBODY, EVERYBODY),
    line("accounts:invitation", "code", EVERYBODY, EVERYBODY),  # who holds the code may look; it names nobody
    line("accounts:invitation_proof", "code", EVERYBODY, EVERYBODY),
    # The office
    *kept("accounts", "sign_in_help:person", get="invitations",
          post="invite_one:newcomer withdraw:invite answer_claim:invite"),
    line("accounts:invite_many", "school", NOT, OFFICE, group="group"),
    line("accounts:print", "school", OFFICE, OFFICE, group="group"),
    *kept("school", "settings add_group group:group lesson_hours:group add_layer layer:layer add_holiday",
          get="groups layers holidays", post="add_year remove_holiday:holiday"),
    *kept("people", "new_child change_child:child end_child:child enrol:child add_guardian:child keep_apart:child "
          "change_enrolment:enrolment "
          "move:enrolment end_enrolment:enrolment change_guardian:guardianship end_guardian:guardianship new_person "
          "change_person:person end_person:person give_role:person report_absence:person change_role:role "
          "end_role:role close_group:group",
          get="manage children child:child persons person:person team groups group:group",
          post="shield_child:child remove_child:child remove_person:person remove_group:group remove_layer:layer "
          "end_apart:apart remove_absence:absence"),
    *kept("people", "", get="log", who=MANAGEMENT),
    *kept("people", "add_school new_manager:school end_manager:manager new_administrator "
          "end_administrator:administrator", get="board", who=BOARD, about="board"),
    *kept("accounts", "", get="board_invitations", post="board_invite:outsider board_withdraw:outsider.invite "
          "board_answer:outsider.invite", who=BOARD, about="board"),
    *kept("imports", "uploads", get="import:import", post="levels:import apply:import cancel:import"),
    # Agreements
    line("agreements:page", "school", MEMBERS, NOT),
    line("agreements:public", "school", NOBODY, NOT),  # this school keeps them to itself
    line("agreements:version", "school number", MEMBERS, NOT),
    line("agreements:confirm", "school", NOT, May(_members - _board, refused=_board)),
    line("agreements:edit", "school", AGREED, AGREED),
    line("agreements:live", "school", NOT, AGREED),
    line("agreements:preview", "school", AGREED, NOT),
    line("agreements:publish", "school", NOT, AGREED),
    line("agreements:discard", "school", NOT, AGREED),
    line("agreements:copy", "board", BOARD, BOARD),
    # Notices
    line("notifications:live", "", SIGNED_IN, NOT),
    line("notifications:devices", "", SIGNED_IN, SIGNED_IN),
    line("notifications:device_seen", "", NOT, SIGNED_IN),
    line("notifications:device_renew", "", NOT, EVERYBODY),  # with the secret of the device; else 410
    line("notifications:device_remove", "device", NOT, May(who("guardian"))),
    line("notifications:inbox", "", SIGNED_IN, NOT),
    line("notifications:week", "", SIGNED_IN, NOT),
    line("notifications:read_all", "", NOT, SIGNED_IN),
    line("notifications:open", "line", NOT, May(who("guardian"))),
    line("notifications:preferences", "", SIGNED_IN, SIGNED_IN),
    line("notifications:own_hours", "school", May(_staff), May(_staff)),
    line("notifications:unreached", "school", OFFICE, NOT),
    line("notifications:unsubscribe", "stop", EVERYBODY, EVERYBODY),  # who holds the mail; it names nobody
    # Consents: not even management reads them, because this agreement (P4) does not say so; consents/test_access.py
    line("consents:own", "", SIGNED_IN, NOT),
    line("consents:child", "child", ANSWERS, ANSWERS),
    line("consents:changes", "child", ANSWERS, NOT),
    line("consents:school", "school", May(_team | {"other_teacher"}), NOT),
    line("consents:renew", "school", NOT, OFFICE),
    line("consents:group", "school group", TEACHERS, NOT),
    line("consents:remind", "school group", NOT, TEACHERS),
    line("consents:reasons", "school child", NOBODY, NOT),
    line("consents:paper", "school child self", NOBODY, NOBODY),
    # Preparing a school year; where the agreement has none: agenda/test_year.py
    *kept("agenda", "several:year copy_year:year publish_year:year import_calendar:year read_calendar:calendar",
          get="year", post="put_calendar_aside:calendar"),
    # The agenda: limited guardians have it too; who keeps an event is its team, and sees who comes and helps
    *[line(f"home:{name}", "", SIGNED_IN, NOT) for name in ("agenda", "print_agenda")],
    line("home:agenda", "", SIGNED_IN, NOT, view="month"),
    line("agenda:new", "school", PLANNERS, PLANNERS),
    line("agenda:event", "event", INVITED, NOT),
    line("agenda:event", "planned", May(_team), NOT),
    line("agenda:answer", "event", NOT, May(_invited, refused=_team)),
    line("agenda:take_back", "event", NOT, GUARDIANS),
    line("agenda:document", "event.document", INVITED, NOT),
    line("agenda:take", "event.free", NOT, INVITED),
    line("agenda:give_back", "event.signup", NOT, May(who("guardian"), refused=_team)),
    line("agenda:take_off", "event.signup", NOT, May(_team, refused=who("guardian"))),
    *kept("agenda", "edit cancel add_document ask", post="revive publish remove", who=KEEPERS, about="event"),
    *kept("agenda", "change_offer", post="by_hand close_offer reopen_offer", who=KEEPERS, about="event.offer"),
    *kept("agenda", "", post="remove_offer", who=KEEPERS, about="event.free"),
    *kept("agenda", "", post="remove_document", who=KEEPERS, about="event.document"),
    *kept("agenda", "", post="hold_reminder send_reminder take_up_reminder", who=TEAM, about="event.reminder"),
    # The agenda on one's own device: who holds the address needs no sign-in; agenda/test_feeds.py
    line("agenda:feed", "feed.token", EVERYBODY, NOT),
    line("agenda:on_phone", "", AT_A_SCHOOL, NOT),
    line("agenda:start_feed", "", NOT, AT_A_SCHOOL),
    line("agenda:renew_feed", "feed", NOT, GUARDIANS),
    line("agenda:stop_feed", "feed", NOT, GUARDIANS),
    # Photos
    line("photos:upload", "school group", NOT, May(_team, refused=_of_the_group)),
    line("photos:status", "post.photo", TEAM, NOT),
    line("photos:status", "six.photo", TEAM_OF_SIX, NOT),
    line("photos:describe", "post.photo", NOT, TEAM),
    line("photos:retry", "post.photo", NOT, TEAM),
    line("photos:alter", "post.photo", TEAM, NOT),
    line("photos:alter", "six.photo", TEAM_OF_SIX, NOT),
    line("photos:crop", "post.photo", NOT, TEAM),
    line("photos:crop", "six.photo", NOT, TEAM_OF_SIX),
    line("photos:cover", "post.photo", NOT, TEAM),
    line("photos:cover", "six.photo", NOT, TEAM_OF_SIX),
    line("photos:remove", "post.photo", NOT, TEAM),
    line("photos:remove", "draft.photo", NOT, TEAM),
    line("photos:hidden", "school group", May(_team, refused=_of_the_group), NOT),
    line("photos:one_child", "school group", May(_team, refused=_of_the_group), May(_team, refused=_of_the_group)),
    line("photos:used_elsewhere", "post.photo", NOT, TEAM),
    line("photos:taken_down", "post.photo", NOT, TEAM),
    line("photos:rendition", "post.photo size", READERS, NOT),
    line("photos:rendition", "draft.photo size", TEAM, NOT),
    line("photos:rendition", "scheduled.photo size", TEAM, NOT),
    line("photos:rendition", "fresh.photo size", TEAM, NOT),
    line("photos:rendition", "gone.photo size", TEAM, NOT),
    line("photos:rendition", "six.photo size", SIX, NOT),
    # Albums: a limited guardian has none, and of a child only its own full guardians have one
    line("photos:albums", "", SIGNED_IN, NOT),
    line("photos:group_album", "school group", READERS, NOT),
    line("photos:group_photo", "school group post.photo", READERS, NOT),
    line("photos:group_photo", "school group draft.photo", NOBODY, NOT),
    line("photos:group_photo", "school group six.photo", NOBODY, NOT),
    line("photos:group_download", "school group", NOT, READERS),
    line("photos:group_download_one", "school group post.photo", NOT, READERS),
    line("photos:group_download_one", "school group gone.photo", NOT, NOBODY),
    line("photos:child_album", "child", GUARDIANS, NOT),
    line("photos:child_photo", "child post.photo", NOBODY, NOT),  # the child is not in it
    line("photos:child_download", "child", NOT, GUARDIANS),
    line("photos:child_download_one", "child post.photo", NOT, NOBODY),
    line("posts:with_photo", "post.photo", READERS, NOT),
    line("posts:with_photo", "draft.photo", NOBODY, NOT),
    # News
    line("posts:seen", "", NOT, SIGNED_IN),  # counts what she may read only: posts/test_access.py
    line("posts:read", "post", READERS, NOT),
    line("posts:read", "draft", AUTHOR, NOT),
    line("posts:read", "scheduled", TEAM, NOT),
    line("posts:read", "fresh", TEAM, NOT),
    line("posts:read", "gone", READERS, NOT),  # families are told that it is gone, and why
    line("posts:read", "six", SIX, NOT),
    line("posts:read", "talks", READERS, NOT),
    line("posts:read", "wide", May(_members - _board), NOT),
    line("posts:compose", "draft", AUTHOR, AUTHOR),
    line("posts:compose", "post", NOBODY_ANY_MORE, NOBODY_ANY_MORE),
    line("posts:change_kind", "draft", AUTHOR, AUTHOR),
    line("posts:discard", "draft", NOT, AUTHOR),
    line("posts:edit", "post", CHANGERS, CHANGERS),
    line("posts:edit", "draft", May(frozenset(), refused=AUTHOR.yes), May(frozenset(), refused=AUTHOR.yes)),
    line("posts:undo", "post", NOT, CHANGERS),
    line("posts:undo", "fresh", NOT, TEAM),
    line("posts:stop", "scheduled", NOT, TEAM),
    line("posts:adopt", "scheduled", NOT, TEAM),
    line("posts:withdraw", "post", CHANGERS, CHANGERS),
    line("posts:remind", "post", NOT, CHANGERS),
    line("posts:calamity", "school", CALAMITY, CALAMITY),
    line("posts:react", "post", NOT, READERS),
    line("posts:react", "draft", NOT, NOBODY),
    line("posts:comment", "post", NOT, READERS),
    line("posts:comment", "six", NOT, SIX),
    line("posts:withdraw_comment", "comment", NOT, May(_team | {"guardian"}, refused=_families - {"guardian"})),
    line("posts:document", "post.document", READERS, NOT),
    line("posts:document", "draft.document", AUTHOR, NOT),
    line("posts:document", "gone.document", TEAM, NOT),
    line("posts:document", "six.document", SIX, NOT),
    line("posts:detach", "post.document", NOT, CHANGERS),
    line("posts:detach", "draft.document", NOT, AUTHOR),
    line("posts:new", "school", May(_team | {"other_teacher"}, refused=_members),
         May(_team | {"other_teacher"}, refused=_members)),
    line("posts:overview", "school", May(_office, refused=_members), NOT),
    line("posts:group", "school group", May(_team, refused=_of_the_group), NOT),
    line("posts:series", "school", May(_office, refused=_members), May(_office, refused=_members)),
    # Conversations
    line("conversations:list", "", SIGNED_IN, NOT),
    line("conversations:list", "", SIGNED_IN, NOT, q="words"),
    line("conversations:new", "", TO_TEAM, TO_TEAM),
    line("conversations:to_families", "school group", TO_FAMILIES, TO_FAMILIES),
    line("conversations:talk", "talk", TALKERS, TALKERS),
    line("conversations:talk", "direct", May(who("guardian", "class_parent")), May(who("guardian", "class_parent"))),
    line("conversations:talk", "ring", May(_families | _class), May(_families | _class)),
    line("conversations:seen", "talk", NOT, TALKERS, message="talk.message"),
    line("conversations:promise", "talk", NOT, TALKERS),
    line("conversations:settle", "talk", NOT, May(_class, refused=who("guardian"))),
    line("conversations:moments", "talk", TALKERS, TALKERS),
    line("conversations:take_over", "talk.promise", NOT, May(who("duo"), refused=who("guardian", "teacher"))),
    line("conversations:take_back", "talk.promise", NOT, May(who("teacher"), refused=who("guardian", "duo"))),
    line("conversations:edit", "talk.message", WRITER, WRITER),
    line("conversations:delete", "talk.message", NOT, WRITER),
    line("conversations:choose", "talk.moment", NOT, WRITER),
    line("conversations:decline", "talk.proposal", NOT, WRITER),
    line("conversations:withdraw", "talk.proposal", NOT, May(_class, refused=who("guardian"))),
    line("conversations:cancel", "limited.meeting", NOT, May(_class | {"limited"})),
    line("conversations:document", "talk.document", TALKERS, NOT),
    # Parents among each other: each group its own full guardians; reports are of management alone
    line("conversations:directory", "group", CIRCLE, NOT),
    line("conversations:listing", "group", NOT, CIRCLE),
    line("conversations:write", "group listed", TO_PARENT, TO_PARENT),
    line("conversations:ask", "group", ASKERS, ASKERS),
    line("conversations:mute", "ring", NOT, May(_families | _class)),
    line("conversations:block", "direct", NOT, May(who("guardian", "class_parent"))),
    line("conversations:unblock", "barred", NOT, May(who("class_parent"))),
    line("conversations:report_messages", "ring", May(_families | _class), May(_families | _class)),
    line("conversations:privately", "ring", CIRCLE, CIRCLE),
    line("conversations:answer", "ring.choice", NOT, May(_families, refused=_class)),
    line("conversations:take_back_answer", "ring", NOT, May(_families, refused=_class)),
    line("conversations:close", "ring", May(_class, refused=_families), May(_class, refused=_families)),
    line("conversations:reports", "school", May(MANAGEMENT.yes | BOARD.yes), NOT),
    line("conversations:report", "school report", MANAGEMENT, NOT),
    line("conversations:read_report", "school report", NOT, MANAGEMENT),
    line("conversations:settle_report", "school report", NOT, MANAGEMENT),
    line("conversations:take_away", "school report", NOT, MANAGEMENT, message="ring.message"),
    # Requests for help: the class parent asks, the teachers place it, named are she and the duo: only they read replies
    line("help_requests:list", "", SIGNED_IN, NOT),
    line("help_requests:new", "", HELP_ASKERS, HELP_ASKERS),
    line("help_requests:addresses", "", HELP_ASKERS, NOT),
    line("help_requests:make_address", "", NOT, CLASS_PARENT, **{"as": "group"}),
    *[line(f"help_requests:{name}", "help.address", NOT, CLASS_PARENT) for name in ("renew_address", "end_address")],
    line("help_requests:to_review", "school", May(_team | {"other_teacher"}), NOT),
    line("help_requests:request", "help.draft", CLASS_PARENT, NOT),
    line("help_requests:request", "help.sent", May(_class | {"class_parent"}), NOT),
    line("help_requests:request", "help", RING, NOT),
    line("help_requests:edit", "help.draft", CLASS_PARENT, CLASS_PARENT),
    line("help_requests:edit", "help.sent", HANDED_IN, HANDED_IN),
    line("help_requests:call_back", "help.sent", NOT, May(who("class_parent"), refused=_class)),
    line("help_requests:discard", "help.draft", NOT, CLASS_PARENT),
    line("help_requests:discard", "help.sent", NOT, HANDED_IN),
    line("help_requests:document", "help.document", CLASS_PARENT, NOT),
    line("help_requests:detach", "help.document", NOT, CLASS_PARENT),
    line("help_requests:review", "help.draft", May(who("class_parent")), May(who("class_parent"))),
    line("help_requests:review", "help.sent", May(_class | {"class_parent"}), May(_class | {"class_parent"})),
    *[line(f"help_requests:{name}", "help.sent", NOT, May(_class, refused=who("class_parent")))
      for name in ("ask_back", "decline")],
    line("help_requests:responders", "help.sent", May(_class | {"class_parent"}), May(_class | {"class_parent"})),
    line("help_requests:answer", "help", RING, May(_families, refused=_class), says="can"),
    line("help_requests:take_back", "help", NOT, May(_families, refused=_class)),
    line("help_requests:replies", "help", NAMED, NOT),
    line("help_requests:export", "help", NAMED, NOT),
    line("help_requests:by_hand", "help", NOT, NAMED),
    line("help_requests:remind", "help", NOT, NAMED),
    line("help_requests:close", "help", CLOSERS, CLOSERS),
    *[line(f"help_requests:{name}", "help.reply", NOT, May(NAMED.yes, refused=who("guardian")), task="help.task")
      for name in ("tick", "thank", "give_place", "free_place")],
    # Absence: full guardians of the child, its teachers, the office; leave is of management and the family alone
    line("absences:own", "", SIGNED_IN, NOT),
    *[line(f"absences:{name}", "", REPORTERS, REPORTERS) for name in ("new_visit", "report", "leave")],
    line("absences:visit", "visit", May(OF_CHILD), FAMILY_ACTS),
    line("absences:withdraw_visit", "visit", NOT, FAMILY_ACTS),
    *[line(f"absences:{name}", "ill", NOT, FAMILY_ACTS) for name in ("still_ill", "well")],
    line("absences:take_back", "ill", NOT, May(frozenset(), refused=OF_CHILD)),  # the school wrote it down
    *[line(f"absences:see_{name}", thing, NOT, May(_team, refused=who("guardian")))
      for name, thing in (("visit", "visit"), ("absence", "ill"))],
    line("absences:withdraw_leave", "leave", NOT, May(who("guardian"), refused=_management)),
    *[line(f"absences:{name}", thing, May(_management | {"guardian"}), NOT) for name, thing in
      (("leave_request", "leave"), ("letter", "leave.decided"), ("document", "leave.document"))],
    line("absences:day", "school", DAY, NOT),
    line("absences:find", "school", DAY, NOT, q="words"),
    line("absences:log", "school", NOT, DAY),
    line("absences:change", "school ill", May(_team), May(_team)),
    line("absences:here", "school ill", NOT, May(_team)),
    line("absences:export", "school", EXPORTERS, EXPORTERS),
    line("cover:away", "school", DAY, DAY),
    line("absences:leave_requests", "school", AGREED, NOT),
    line("absences:decide", "school leave", MANAGEMENT, MANAGEMENT),
    # Home
    *[line(f"home:{name}", "", SIGNED_IN, NOT) for name in ("news", "older", "search", "arrange", "more", "counts")],
    line("home:search", "", SIGNED_IN, NOT, q="words"),
    line("people:children", "school", OFFICE, NOT, q="words"),
    line("people:persons", "school", OFFICE, NOT, q="words"),
    line("people:add_guardian", "school child", OFFICE, OFFICE, q="words"),
    line("people:person", "school self", OFFICE, NOT),
    line("people:person", "school limited", OFFICE, NOT),
    line("accounts:invitations", "school", OFFICE, NOT, group="group"),
    line("imports:import", "school import", OFFICE, NOT, show="new"),
    line("home:team", "school", May(_staff, refused=_members), NOT),
]  # fmt: skip
