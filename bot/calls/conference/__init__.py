"""The policy of one conference: who may come in, who hears and sees whom, who spoke, who was present when.

Pure: no I/O, no clock, no randomness but what is handed in.
"""

from bot.calls.conference.room import Conference
from bot.calls.conference.values import (
    Admitted,
    LayerFacts,
    Policy,
    PolicyChange,
    Present,
    Refusal,
    Refused,
    Source,
    Speaker,
    TrackFacts,
    TrackKind,
)

__all__ = [
    "Admitted",
    "Conference",
    "LayerFacts",
    "Policy",
    "PolicyChange",
    "Present",
    "Refusal",
    "Refused",
    "Source",
    "Speaker",
    "TrackFacts",
    "TrackKind",
]
