"""The addresses of this room."""

from __future__ import annotations

from django.urls import path

from kring.posts.views import calamity, compose, read, team

app_name = "posts"
urlpatterns = [
    path("posts/seen/", read.seen, name="seen"),
    path("posts/<str:public_id>/", read.read, name="read"),
    path("posts/<str:public_id>/compose/", compose.compose, name="compose"),
    path("posts/<str:public_id>/kind/", compose.change_kind, name="change_kind"),
    path("posts/<str:public_id>/discard/", compose.discard, name="discard"),
    path("posts/<str:public_id>/edit/", compose.edit, name="edit"),
    path("posts/<str:public_id>/undo/", read.undo, name="undo"),
    path("posts/<str:public_id>/stop/", read.stop, name="stop"),
    path("posts/<str:public_id>/adopt/", read.adopt, name="adopt"),
    path("posts/<str:public_id>/withdraw/", read.withdraw, name="withdraw"),
    path("posts/<str:public_id>/remind/", read.remind, name="remind"),
    path("posts/<str:public_id>/heart/", read.react, name="react"),
    path("posts/<str:public_id>/comment/", read.comment, name="comment"),
    path("posts/comments/<str:public_id>/withdraw/", read.withdraw_comment, name="withdraw_comment"),
    path("posts/documents/<str:public_id>/", read.document, name="document"),
    path("posts/documents/<str:public_id>/detach/", compose.detach, name="detach"),
    path("posts/with-photo/<str:public_id>/", read.with_photo, name="with_photo"),
    path("school/<str:school_id>/posts/new/", compose.new, name="new"),
    path("school/<str:school_id>/posts/", team.overview, name="overview"),
    path("school/<str:school_id>/groups/<str:group_id>/posts/", team.group, name="group"),
    path("school/<str:school_id>/calamity/", calamity.calamity, name="calamity"),
    path("school/<str:school_id>/kwink/", team.series, name="series"),
]
