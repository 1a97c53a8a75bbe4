"""The addresses of this room. allauth's stand in allauth_urls.py."""

from __future__ import annotations

from django.urls import URLPattern, path

from kring.accounts.views import board, invitations, joining, office, profile, recovery

app_name = "accounts"
urlpatterns: list[URLPattern] = [
    path("account/", profile.profile, name="profile"),
    path("account/phone/<str:person_id>/", profile.phone, name="phone"),
    path("account/language/", profile.language, name="language"),
    path("account/sessions/<int:session_id>/end/", profile.end_session, name="end_session"),
    path("account/welcome/", joining.welcome, name="welcome"),
    path("account/welcome/ready/", joining.ready, name="ready"),
    path("account/invitation/", invitations.by_code, name="invitation_by_code"),
    path("account/invitation/<str:code>/", invitations.invitation, name="invitation"),
    path("account/invitation/<str:code>/proof/", invitations.proof, name="invitation_proof"),
    path("school/<str:school_id>/invitations/", office.overview, name="invitations"),
    path("school/<str:school_id>/invitations/send/", office.send_many, name="invite_many"),
    path("school/<str:school_id>/invitations/print/", office.print_pages, name="print"),
    path("school/<str:school_id>/invitations/person/<str:person_id>/", office.invite_one, name="invite_one"),
    path("school/<str:school_id>/invitations/person/<str:person_id>/help/", recovery.help_page, name="sign_in_help"),
    path("school/<str:school_id>/invitations/<str:invite_id>/withdraw/", office.withdraw_one, name="withdraw"),
    path("school/<str:school_id>/invitations/<str:invite_id>/answer/", office.answer, name="answer_claim"),
    path("board/<str:board_id>/invitations/", board.overview, name="board_invitations"),
    path("board/<str:board_id>/invitations/person/<str:person_id>/", board.invite_one, name="board_invite"),
    path("board/<str:board_id>/invitations/<str:invite_id>/withdraw/", board.withdraw_one, name="board_withdraw"),
    path("board/<str:board_id>/invitations/<str:invite_id>/answer/", board.answer, name="board_answer"),
]
