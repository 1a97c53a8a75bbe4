"""What is typed becomes safe HTML."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from kring.core.formatting import to_html


def test_paragraphs_lists_bold_and_links() -> None:
    html = to_html("Hallo *allemaal*\nen _welkom_\n\n- een\n- twee\n\n1. eerst\n2. dan\n\nZie www.example.org.")
    assert "<p>Hallo <strong>allemaal</strong><br>en <em>welkom</em></p>" in html
    assert "<ul><li>een</li><li>twee</li></ul>" in html
    assert "<ol><li>eerst</li><li>dan</li></ol>" in html
    assert '<a href="https://www.example.org"' in html
    assert "</a>.</p>" in html


def test_markup_that_is_typed_stays_text() -> None:
    html = to_html('<script>alert(1)</script> <img src=x onerror=1> <a href="javascript:alert(1)">x</a>')
    assert "<script" not in html
    assert "<img" not in html
    assert "<a " not in html
    assert "&lt;script&gt;" in html


def test_empty_text_is_empty() -> None:
    assert to_html("") == ""
    assert to_html(" \n\n ") == ""


@given(st.text(alphabet=st.characters(blacklist_categories=["Cs"], blacklist_characters="\x00"), max_size=200))
def test_nothing_typed_makes_a_tag_that_is_not_allowed(text: str) -> None:
    tags = {tag.lower() for tag in re.findall(r"<\s*/?\s*([a-zA-Z][\w-]*)", to_html(text))}
    assert tags <= {"p", "br", "strong", "em", "ul", "ol", "li", "a"}


def test_a_link_cannot_carry_an_attribute() -> None:
    html = to_html('https://example.org/"onmouseover="alert(1)')
    assert set(re.findall(r" (\w+)=\"", re.findall(r"<a [^>]*>", html)[0])) == {"href", "rel"}
