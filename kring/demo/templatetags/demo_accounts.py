"""The demo's buttons on the sign-in page."""

from __future__ import annotations

from django import template

from kring.demo.accounts import Account, demo_accounts

register = template.Library()


@register.simple_tag(name="demo_accounts")
def demo_accounts_tag() -> list[Account]:
    """Return the demo accounts; an empty list in a real installation."""
    return demo_accounts()
