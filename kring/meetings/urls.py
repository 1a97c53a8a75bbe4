"""The addresses of this room."""

from __future__ import annotations

from django.urls import path

from kring.meetings.views import choose, desk, plan, team, wishes

app_name = "meetings"
SCHOOL = "school/<str:school_id>/meetings/"
ROUND = f"{SCHOOL}<str:round_id>/"
GROUP, PARTY = f"{ROUND}groups/<str:group_id>/", f"{ROUND}families/<str:party_id>/"
SITTING = f"{ROUND}sessions/<str:sitting_id>/"
PLANS = f"{ROUND}plans/"
RUN = f"{PLANS}<str:run_id>/"
urlpatterns = [
    path("meetings/", choose.own, name="own"),
    path("meetings/<str:round_id>/", choose.choose, name="choose"),
    path("meetings/<str:round_id>/taken/", choose.taken, name="taken"),
    path("meetings/<str:round_id>/take/", choose.take, name="take"),
    path("meetings/<str:round_id>/wishes/", wishes.give, name="give_wishes"),
    path("meetings/bookings/<str:booking_id>/change/", choose.change, name="change"),
    path("meetings/bookings/<str:booking_id>/conversation.ics", choose.calendar_file, name="calendar_file"),
    path("meetings/bookings/<str:booking_id>/give-back/", choose.give_back, name="give_back"),
    path("meetings/bookings/<str:booking_id>/accept/", choose.accept, name="accept"),
    path("meetings/bookings/<str:booking_id>/decline/", choose.decline, name="decline"),
    path("meetings/parties/<str:party_id>/wait/", choose.wait, name="wait"),
    path("meetings/parties/<str:party_id>/stop-waiting/", choose.stop_waiting, name="stop_waiting"),
    path("meetings/parties/<str:party_id>/ask/", wishes.ask, name="ask"),
    path("meetings/asks/<str:ask_id>/withdraw/", wishes.withdraw, name="withdraw_ask"),
    path("meetings/parties/<str:party_id>/apart/", choose.apart, name="apart"),
    path(SCHOOL, plan.rounds, name="rounds"),
    path(f"{SCHOOL}new/", plan.new_round, name="new_round"),
    path(ROUND, plan.round, name="round"),
    path(f"{ROUND}change/", plan.change, name="change_round"),
    path(f"{ROUND}ready/", plan.set_ready, name="set_ready"),
    path(f"{ROUND}cancel/", plan.cancel, name="cancel_round"),
    path(f"{ROUND}sessions/", plan.add_session, name="add_session"),
    path(f"{ROUND}doors/<str:day>/", team.door, name="door"),
    path(GROUP, team.families, name="families"),
    path(f"{GROUP}seat/", plan.seat, name="seat"),
    path(f"{GROUP}needed/", team.needed, name="needed"),
    path(f"{GROUP}remind/", team.remind, name="remind"),
    path(PARTY, team.party, name="party"),
    path(f"{PARTY}put/", team.put, name="put"),
    path(f"{PARTY}decline/", team.decline, name="decline_ask"),
    path(f"{PARTY}cancel/", team.call_off, name="call_off"),
    path(f"{PARTY}length/", team.length, name="length"),
    path(f"{PARTY}invite/", team.invite, name="invite"),
    path(f"{PARTY}join/", team.join, name="join"),
    path(f"{PARTY}slip/", team.slip, name="slip"),
    path(SITTING, team.sheet, name="sheet"),
    path(f"{SITTING}place/", plan.place, name="place"),
    path(f"{SITTING}remove/", plan.unseat, name="unseat"),
    path(f"{SITTING}keep-free/", team.keep_free, name="keep_free"),
    path(f"{SITTING}close/", team.close, name="close"),
    path(PLANS, desk.plans, name="plans"),
    path(f"{PLANS}start/", desk.start, name="start_plan"),
    path(RUN, desk.whole, name="whole_plan"),
    path(f"{RUN}stop/", desk.stop, name="stop_plan"),
    path(f"{RUN}discard/", desk.discard, name="discard_plan"),
    path(f"{RUN}lock/", desk.lock, name="lock_times"),
    path(f"{RUN}publish/", desk.publish, name="publish_plan"),
    path(f"{RUN}families/<str:party_id>/", desk.move, name="move_time"),
    path(f"{RUN}families/<str:party_id>/out/", desk.take_out, name="take_out"),
]
