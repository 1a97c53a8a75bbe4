"""The addresses of this room."""

from __future__ import annotations

from django.urls import path

from kring.conversations.views import act, among, group, listing, reports, start, talk

app_name = "conversations"
urlpatterns = [
    path("conversations/", listing.talks, name="list"),
    path("conversations/new/", start.to_team, name="new"),
    path("conversations/groups/<str:group_id>/parents/", among.directory, name="directory"),
    path("conversations/groups/<str:group_id>/parents/listing/", among.listing, name="listing"),
    path("conversations/groups/<str:group_id>/parents/<str:person_id>/write/", among.write, name="write"),
    path("conversations/groups/<str:group_id>/ask/", group.ask, name="ask"),
    path("conversations/<str:public_id>/", talk.talk, name="talk"),
    path("conversations/<str:public_id>/mute/", among.mute, name="mute"),
    path("conversations/<str:public_id>/block/", among.block, name="block"),
    path("conversations/<str:public_id>/report/", reports.report, name="report_messages"),
    path("conversations/<str:public_id>/privately/", group.privately, name="privately"),
    path("conversations/<str:public_id>/no-answer/", group.take_back_answer, name="take_back_answer"),
    path("conversations/<str:public_id>/close/", group.close, name="close"),
    path("conversations/parents/<str:person_id>/unblock/", among.unblock, name="unblock"),
    path("conversations/choices/<str:public_id>/answer/", group.answer, name="answer"),
    path("conversations/<str:public_id>/seen/", act.seen, name="seen"),
    path("conversations/<str:public_id>/promise/", act.promise, name="promise"),
    path("conversations/<str:public_id>/settle/", act.settle, name="settle"),
    path("conversations/<str:public_id>/moments/", talk.moments, name="moments"),
    path("conversations/promises/<str:public_id>/take-over/", act.take_over, name="take_over"),
    path("conversations/promises/<str:public_id>/take-back/", act.take_back, name="take_back"),
    path("conversations/messages/<str:public_id>/edit/", talk.edit, name="edit"),
    path("conversations/messages/<str:public_id>/delete/", act.delete, name="delete"),
    path("conversations/moments/<str:public_id>/choose/", act.choose, name="choose"),
    path("conversations/proposals/<str:public_id>/decline/", act.decline, name="decline"),
    path("conversations/proposals/<str:public_id>/withdraw/", act.withdraw, name="withdraw"),
    path("conversations/meetings/<str:public_id>/cancel/", act.cancel, name="cancel"),
    path("conversations/documents/<str:public_id>/", act.document, name="document"),
    path("school/<str:school_id>/reports/", reports.reports, name="reports"),
    path("school/<str:school_id>/reports/<str:public_id>/", reports.one_report, name="report"),
    path("school/<str:school_id>/reports/<str:public_id>/read/", reports.read_report, name="read_report"),
    path("school/<str:school_id>/reports/<str:public_id>/settle/", reports.settle_report, name="settle_report"),
    path("school/<str:school_id>/reports/<str:public_id>/take-away/", reports.take_away, name="take_away"),
    path("school/<str:school_id>/groups/<str:group_id>/conversations/new/", start.to_families, name="to_families"),
]
