"""One part of the benchmark on the database of the environment. Run by `python -m bench`."""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import threading
import time
from urllib.parse import urlencode

import django

from bench.album import with_album
from bench.photos import photo
from bench.servers import Figure, getter, measure, poster, serving

KRING = "config.wsgi:application"


def tell(what: str, figure: Figure, unit: Figure | None) -> None:
    """Print one line."""
    ratio = f"{figure.cpu_ms / unit.cpu_ms:8.1f}x" if unit else "        "
    print(f"{what:<46}{figure.cpu_ms:9.2f} ms CPU{ratio}   p50 {figure.p50_ms:8.2f} ms   p95 {figure.p95_ms:8.2f} ms")


def hello() -> Figure:
    """Measure the bare view: one worker, one thread, one connection."""
    with serving("bench.hello:application") as server:
        figure = measure(server, getter("/"), count=3000, warm=300)
    tell("hello: a bare Django view", figure, None)
    return figure


def prepare() -> None:
    """Set Django up, make the tables and collect the static files once."""
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)


def home() -> None:
    """The parent's home page: a small school, and 40 groups with three years of posts."""
    from bench.schools import build, cookie_for

    small = build(name="Klein", groups=12, children=300, guardians=500, posts_a_group=60, years=1)
    large = build(name="Groot", groups=40, children=1500, guardians=2400, posts_a_group=120, years=3)
    unit = hello()
    with serving(KRING, threads=1) as server:
        for name, bench in (("small school", small), ("40 groups, 3 years", large)):
            figure = measure(server, getter("/", cookie_for(bench.parent)), count=300, warm=40)
            tell(f"home, {name}", figure, unit)


def publish() -> None:
    """Publishing to 50 and 500 guardians, and what the worker does with it after."""
    from django.utils import timezone

    from bench.schools import CSRF, build, cookie_for
    from kring.notifications.models import Delivery, Notice
    from kring.notifications.outbox import expand
    from kring.people.viewers import viewer_for
    from kring.posts.actions import start_draft
    from kring.posts.models import Post
    from kring.posts.permissions import Target

    unit = hello()
    for size in (50, 500):
        bench = build(name=f"Bericht{size}", groups=1, children=size, guardians=size, posts_a_group=30, years=1)
        group = bench.groups[0]
        by = viewer_for(bench.teacher, now=timezone.now())
        target = Target(group_ids=frozenset({group.pk}))
        drafts = [start_draft(by=by, school=bench.school, kind="group", target=target) for _ in range(44)]
        form = {
            "csrfmiddlewaretoken": CSRF,
            "action": "publish",
            "kind": "group",
            "title": "Bladeren",
            "source": "Dertien soorten.",
            "audience": f"group:{group.public_id}",
            "when": "now",
        }
        paths = [f"/posts/{draft.public_id}/compose/" for draft in drafts]
        with serving(KRING, threads=1) as server:
            ask = poster(paths, urlencode(form), cookie_for(bench.teacher))
            tell(f"publish to {size} guardians", measure(server, ask, count=40, warm=4), unit)
        # The worker expands a notice once the fifteen seconds are over.
        Post.objects.filter(school=bench.school, visible_from__gt=timezone.now()).update(visible_from=timezone.now())
        notices = list(Notice.objects.filter(school=bench.school).order_by("-pk")[:5])
        began, cpu = time.perf_counter(), time.process_time()
        for notice in notices:
            expand(notice)
        each, used = (time.perf_counter() - began) / len(notices), (time.process_time() - cpu) / len(notices)
        rows = Delivery.objects.filter(notice__in=notices).count() // len(notices)
        print(f"  expansion: {rows} deliveries in {each * 1000:.0f} ms ({used * 1000:.0f} ms CPU of the worker)")


def _sign_in_form(email: str) -> str:
    from bench.schools import CSRF

    return urlencode({"csrfmiddlewaretoken": CSRF, "login": email, "password": "een goed wachtwoord"})


def _people_with_passwords(count: int) -> list[str]:
    from django.contrib.auth.hashers import make_password

    from bench.schools import build
    from kring.people.models import User

    bench = build(name=f"Inloggen{count}", groups=2, children=count, guardians=count, posts_a_group=20, years=1)
    hashed = make_password("een goed wachtwoord")
    users = list(User.objects.filter(persons__school=bench.school).order_by("pk")[:count])
    User.objects.filter(pk__in=[user.pk for user in users]).update(password=hashed)
    return [user.email for user in users]


def _hash_ms() -> float:
    from django.contrib.auth.hashers import check_password, make_password

    hashed = make_password("een goed wachtwoord")
    times = []
    for _ in range(15):
        cpu = time.process_time()
        check_password("een goed wachtwoord", hashed)
        times.append((time.process_time() - cpu) * 1000)
    return statistics.median(times)


def signin() -> None:
    """One sign-in with a password, and what is left of it without its hash."""
    from bench.schools import CSRF

    emails = _people_with_passwords(60)
    unit, hash_ms = hello(), _hash_ms()
    headers = {
        "Host": "localhost",
        "Cookie": f"kring_csrf={CSRF}",
        "Content-Type": "application/x-www-form-urlencoded",
    }

    def ask(connection: object, n: int) -> None:
        _sign_in(connection, headers, emails[n])

    with serving(KRING, threads=1) as server:
        figure = measure(server, ask, count=15, warm=2)
    tell("sign-in with a password", figure, unit)
    rest = Figure(figure.cpu_ms - hash_ms, figure.p50_ms, figure.p95_ms, figure.count)
    tell(f"  without its hash ({hash_ms:.0f} ms CPU)", rest, unit)


def _sign_in(connection: object, headers: dict[str, str], email: str) -> int:
    connection.request("POST", "/account/login/", body=_sign_in_form(email), headers=headers)  # type: ignore[attr-defined]
    response = connection.getresponse()  # type: ignore[attr-defined]
    response.read()
    if response.status not in (302, 429):
        raise SystemExit(f"Signing in answered {response.status}.")
    return int(response.status)


def storm() -> None:
    """Many sign-ins at once, with somebody reading the home page beside it."""
    from bench.schools import CSRF, build, cookie_for

    emails = _people_with_passwords(40)
    reader = build(name="Lezer", groups=4, children=80, guardians=80, posts_a_group=40, years=1)
    headers = {
        "Host": "localhost",
        "Cookie": f"kring_csrf={CSRF}",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    with serving(KRING, threads=4) as server:
        ask = getter("/", cookie_for(reader.parent))
        idle = measure(server, ask, count=150, warm=30)
        statuses: list[int] = []
        threads = [
            threading.Thread(target=lambda email=email: statuses.append(_sign_in(server.connection(), headers, email)))
            for email in emails
        ]
        began = time.perf_counter()
        for thread in threads:
            thread.start()
        during = measure(server, ask, count=100, warm=0)
        for thread in threads:
            thread.join()
        seconds = time.perf_counter() - began
    told = f"{statuses.count(302)} signed in, {statuses.count(429)} told to wait, last answer after {seconds:.1f} s"
    print(f"sign-in storm of {len(emails)}: {told}")
    print(
        f"  home beside it: p95 {during.p95_ms:.0f} ms; idle {idle.p95_ms:.0f} ms ({during.p95_ms / idle.p95_ms:.1f}x)"
    )


def album() -> None:
    """A group's album of 500 photos: pages a second of one connection, and the picture itself."""
    from bench.schools import cookie_for

    bench, addresses = with_album()
    unit = hello()
    with serving(KRING, threads=1) as server:
        for path, what in addresses.items():
            figure = measure(server, getter(path, cookie_for(bench.parent)), count=200, warm=30)
            tell(what, figure, unit)
            print(f"  {figure.a_second:.0f} a second; hello {unit.a_second:.0f}")


def talk() -> None:
    """A message in a group conversation of 50 with 50 open pages, and a page of one with 5,000 messages."""
    from bench.prosody import is_installed, send_and_see_there
    from bench.schools import cookie_for
    from bench.talks import long_talk, ring, send_and_see

    unit = hello()
    bench, conversation = long_talk()
    with serving(KRING, threads=1) as server:
        path = f"/conversations/{conversation}/"
        tell("conversation with 5,000 messages", measure(server, getter(path, cookie_for(bench.parent)), count=120,
             warm=20), unit)  # fmt: skip
    bench, conversation, readers = ring(50)
    with serving("config.rsgi:application", interface="rsgi") as server:
        seen = send_and_see(server.port, conversation, cookie_for(bench.teacher), [cookie_for(one) for one in readers])
    for what, times in (("hint at the last of 50 open pages", seen.hints), ("words on the last of 50", seen.screens)):
        p50, p95 = statistics.median(times), sorted(times)[int(len(times) * 0.95) - 1]
        print(f"  {what}: p50 {p50:.0f} ms ({p50 / unit.p50_ms:.0f}x hello), p95 {p95:.0f} ms")
    print(f"  one after another: {seen.a_second:.1f} messages a second, each on all 50 screens")
    if not is_installed():
        print("  Prosody is not installed, so nothing is measured beside it.")
        return
    there = send_and_see_there(50)
    p50, p95 = statistics.median(there.screens), sorted(there.screens)[int(len(there.screens) * 0.95) - 1]
    print(
        f"  Prosody, words at the last of 50: p50 {p50:.1f} ms ({p50 / unit.p50_ms:.0f}x hello), p95 {p95:.1f} ms; "
        f"{there.a_second:.0f} messages a second"
    )


def agenda() -> None:
    """The agenda of a family with four children in a full year; fifty families that want a place at the same moment."""
    from bench.agenda import FAMILIES, PLACES, full_family, outcome, sign_up_at_once, wanted_places
    from bench.schools import cookie_for

    bench = full_family()
    unit = hello()
    with serving(KRING, threads=1) as server:
        for path, what in (("/agenda/", "two weeks of four children"), ("/agenda/?view=month", "their month")):
            tell(what, measure(server, getter(path, cookie_for(bench.parent)), count=200, warm=30), unit)
    offer_id, path, cookies = wanted_places()
    with serving(KRING, threads=4) as server:
        measure(server, getter("/", cookies[0]), count=20, warm=10)
        before = server.cpu()
        seconds = sign_up_at_once(server, path, cookies)
        used = (server.cpu() - before) * 1000 / len(cookies)
    numbers, waiting = outcome(offer_id)
    if numbers != list(range(1, PLACES + 1)) or waiting != FAMILIES - PLACES:
        raise SystemExit(f"{len(numbers)} places were handed out, {waiting} wait.")
    print(
        f"{FAMILIES} families at once for {PLACES} places: each place once, {waiting} wait; {used:.1f} ms CPU each "
        f"({used / unit.cpu_ms:.1f}x hello), last answer after {seconds[-1] * 1000:.0f} ms"
    )


def feed() -> None:
    """A calendar with 300 events, as an app fetches it: for the first time, and when it has it already."""
    from bench.feeds import fetcher, full_year

    unit = hello()
    _bench, paths = full_year()
    with serving(KRING, threads=1) as server:
        tell("feed of 300 events", measure(server, fetcher(paths), count=240, warm=24), unit)
        tell("the same, not changed since", measure(server, fetcher(paths, {}), count=240, warm=24), unit)


def day_view() -> None:
    """The list of who is away, for the office of 1,500 children and for the search while somebody types."""
    from bench.absences import school_with_absences
    from bench.schools import cookie_for

    _bench, office, path = school_with_absences()
    unit = hello()
    with serving(KRING, threads=1) as server:
        for name, address in (
            ("list of the day, 1,500 children", path),
            ("a child found while typing", f"{path}find/?q=kind14"),
        ):
            tell(name, measure(server, getter(address, cookie_for(office)), count=100, warm=15), unit)


def push() -> None:
    """One event to 500 devices: looking up whom to tell, and sending to a push service on this machine."""
    from bench.pushes import NUMBER, push_500

    with tempfile.TemporaryDirectory() as folder:
        told = push_500(folder)
    print(
        f"push to {told.arrived} of {NUMBER} devices: {told.arrived / told.sending:.0f} a second "
        f"({told.sending_cpu / NUMBER * 1000:.1f} ms CPU of the sender each); bodies of {sorted(told.lengths)} bytes; "
        f"expansion {told.expansion:.2f} s"
    )


def idle() -> None:
    """2,000 pages that only stand open: memory, and how soon they hear a hint."""
    from bench.idle import LOGINS, middle, stand_open
    from bench.schools import cookie_for
    from bench.talks import ring

    unit = hello()
    _bench, conversation, readers = ring(LOGINS)
    with serving("config.rsgi:application", interface="rsgi") as server:
        getter("/", cookie_for(readers[0]))(server.connection(), 0)
        stood = stand_open(server, conversation, [cookie_for(one) for one in readers], [one.pk for one in readers])
    mega, each = 1024 * 1024, (stood.after - stood.before) / stood.pages / 1024
    print(
        f"{stood.pages} open pages of {len(readers)} logins: {stood.before / mega:.0f} MB before, "
        f"{stood.after / mega:.0f} MB with them, {each:.0f} kB each; all open after {stood.opening:.0f} s"
    )
    for what, times in (("all of them", stood.everybody), ("the pages of one login", stood.one_login)):
        p50, longest = middle(times)
        print(f"  a hint to {what}: p50 {p50:.0f} ms ({p50 / unit.p50_ms:.0f}x hello), at most {longest:.0f} ms")


def roster() -> None:
    """1,500 children with guardians; see bench_import.py."""
    import subprocess

    subprocess.run([sys.executable, "bench/bench_import.py"], check=False, env={**os.environ})


def meetings() -> None:
    """The planner of report conversations; see planner.py."""
    from bench.planner import planner

    planner()


def adjoining_in_the_app() -> None:
    """What adjoining options cost a family in the app; see families.py."""
    from bench.families import adjoining

    adjoining()


def planning_all_at_once() -> None:
    """Planning a round all at once in the app; see whole.py."""
    from bench.whole import plan_all

    plan_all()


def booking_at_once() -> None:
    """Booking when all parents come at once; see booking.py."""
    from bench.booking import booking

    booking(hello())


RUN = {
    "home": home,
    "publish": publish,
    "signin": signin,
    "storm": storm,
    "photo": photo,
    "album": album,
    "talk": talk,
    "agenda": agenda,
    "feed": feed,
    "day": day_view,
    "push": push,
    "idle": idle,
    "import": roster,
    "planner": meetings,
    "adjoining": adjoining_in_the_app,
    "whole": planning_all_at_once,
    "booking": booking_at_once,
}


def main() -> None:
    """Run one part."""
    part = sys.argv[1]
    if part not in ("import", "planner"):
        prepare()
    RUN[part]()


if __name__ == "__main__":
    main()
