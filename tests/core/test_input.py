"""What cannot be stored is a 400 before anything looks at it, wherever it stands; the same without it is not."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from tests.cast import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
LONE = b"+2AA-"  # UTF-7 for half a pair: the one way in which it passes the decoder of a form


@pytest.mark.parametrize(("nul", "status"), [("", 200), ("%00", 400)])
def test_in_a_query(cast: Cast, nul: str, status: int) -> None:
    assert cast.client("guardian").get(f"/search/?q=bos{nul}").status_code == status
    assert cast.client("guardian").get(f"/search/?q{nul}=bos").status_code == status


@pytest.mark.parametrize(("nul", "status"), [("", 404), ("%00", 400)])
def test_in_an_address(cast: Cast, nul: str, status: int) -> None:
    assert cast.client("guardian").get(f"/posts/abc{nul}/").status_code == status


@pytest.mark.parametrize(("nul", "status"), [("", 302), ("\\000", 400)])
def test_in_a_cookie_that_names_the_session(db: None, nul: str, status: int) -> None:
    assert Client().get("/", headers={"cookie": f'kring_session="{"a" * 31}{nul}"'}).status_code == status


@pytest.mark.parametrize(("nul", "status"), [("", 302), ("\x00", 400)])
def test_in_a_form(cast: Cast, nul: str, status: int) -> None:
    client = cast.client("guardian")
    assert client.post("/posts/seen/", {"posts": f"abc{nul}"}).status_code == status
    assert client.post("/posts/seen/", {f"posts{nul}": "abc"}).status_code == status


@pytest.mark.parametrize(("text", "status"), [(b"abc", 302), (LONE, 400)])
def test_a_lone_surrogate_in_a_form_with_a_strange_encoding(cast: Cast, text: bytes, status: int) -> None:
    body = b'--x\r\nContent-Disposition: form-data; name="posts"\r\n\r\n' + text + b"\r\n--x--\r\n"
    client = cast.client("guardian")
    strange = client.generic("POST", "/posts/seen/", body, "multipart/form-data; boundary=x; charset=utf-7")
    assert strange.status_code == status


@pytest.mark.parametrize("name", ["foto\x00.jpg", "foto\ud800.jpg"])
def test_in_the_name_of_a_file_it_never_falls_over(cast: Cast, name: str) -> None:
    address = f"/school/{cast.school.public_id}/groups/{cast.five.public_id}/photos/"
    body = (
        b'--x\r\nContent-Disposition: form-data; name="photo_files"; filename="'
        + name.encode("utf-8", "surrogatepass")
        + b'"\r\nContent-Type: image/jpeg\r\n\r\ngeen foto\r\n--x--\r\n'
    )
    answer = cast.client("teacher").generic("POST", address, body, "multipart/form-data; boundary=x")
    assert answer.status_code in (302, 400)


STRANGE = ["[]", "1", "null", "{}", '{"id": "\\u0000", "rawId": "\\ud800"}', "\ufeff", "[" * 2000]
HALF_RIGHT = [
    {"id": 1, "rawId": [], "response": {}},
    {"id": "YQ", "rawId": "YQ", "response": {"clientDataJSON": "e30"}},
]


@pytest.mark.parametrize("text", [*STRANGE, *map(json.dumps, HALF_RIGHT)])
def test_strange_json_of_a_passkey_leads_back_to_the_door(db: None, text: str) -> None:
    answer = Client().post("/account/2fa/webauthn/login/", {"credential": text})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/account/login/")
