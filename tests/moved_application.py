"""What Granian serves in a test that moves the clock: the real application, in the moment that the test says."""

from tests.moved_clock import stand_still_until_told

stand_still_until_told()

from config.rsgi import application  # noqa: E402  in that moment already

__all__ = ["application"]
