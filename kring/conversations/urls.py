"""The addresses of this room."""

from __future__ import annotations

from django.urls import path

from kring.conversations.views import act, listing, start, talk

app_name = "conversations"
urlpatterns = [
    path("conversations/", listing.talks, name="list"),
    path("conversations/new/", start.to_team, name="new"),
    path("conversations/<str:public_id>/", talk.talk, name="talk"),
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
    path("school/<str:school_id>/groups/<str:group_id>/conversations/new/", start.to_families, name="to_families"),
]
