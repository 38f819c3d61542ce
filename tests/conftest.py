"""Fixtures that every folder of tests may use."""

from tests.support.live import homeserver

__all__ = ["homeserver"]
