"""Calls: pure state machines at this level; everything that touches aiortc in a `media` package below it."""
