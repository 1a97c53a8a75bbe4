"""The addresses of this room."""

from __future__ import annotations

from django.urls import path

from kring.help_requests.views import addresses, answer, listing, replies, review, write

app_name = "help_requests"
urlpatterns = [
    path("help/", listing.own, name="list"),
    path("help/new/", write.new, name="new"),
    path("help/mail/", addresses.addresses, name="addresses"),
    path("help/mail/make/", addresses.make, name="make_address"),
    path("help/mail/<str:public_id>/renew/", addresses.renew, name="renew_address"),
    path("help/mail/<str:public_id>/end/", addresses.end, name="end_address"),
    path("help/documents/<str:public_id>/", write.document, name="document"),
    path("help/documents/<str:public_id>/detach/", write.detach, name="detach"),
    path("help/replies/<str:public_id>/tick/", replies.tick, name="tick"),
    path("help/replies/<str:public_id>/thank/", replies.thank, name="thank"),
    path("help/replies/<str:public_id>/place/", replies.place, name="give_place"),
    path("help/replies/<str:public_id>/free/", replies.free, name="free_place"),
    path("help/<str:public_id>/", listing.one, name="request"),
    path("help/<str:public_id>/edit/", write.edit, name="edit"),
    path("help/<str:public_id>/call-back/", write.call_back, name="call_back"),
    path("help/<str:public_id>/discard/", write.discard, name="discard"),
    path("help/<str:public_id>/review/", review.review, name="review"),
    path("help/<str:public_id>/ask-back/", review.ask_back, name="ask_back"),
    path("help/<str:public_id>/decline/", review.decline, name="decline"),
    path("help/<str:public_id>/responders/", review.responders, name="responders"),
    path("help/<str:public_id>/answer/", answer.answer, name="answer"),
    path("help/<str:public_id>/no-answer/", answer.take_back, name="take_back"),
    path("help/<str:public_id>/replies/", replies.replies, name="replies"),
    path("help/<str:public_id>/replies.csv", replies.export, name="export"),
    path("help/<str:public_id>/by-hand/", replies.by_hand, name="by_hand"),
    path("help/<str:public_id>/remind/", replies.remind, name="remind"),
    path("help/<str:public_id>/close/", replies.close, name="close"),
    path("school/<str:school_id>/help/", listing.to_review, name="to_review"),
]
