"""Which channels a service of PTV names, and what becomes of them in its entry.

A service names channels by id, and they change without it. So the ids are kept beside the entry, and an import that
brings channels alone can join them anew.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.catalogues import fields, form
from bot.catalogues.ptv_channel import channels_of, is_channel
from bot.catalogues.ptv_parts import objects
from bot.domain.catalogue import Channel, Entry, Origin

Known = Mapping[str, Mapping[str, Any]]
"""Channels as PTV tells them, by id."""


@dataclass(frozen=True, slots=True)
class Tie:
    """A channel as a service names it; `name` is PTV's, and empty where it tells none."""

    id: str
    name: str = ""

    def __str__(self) -> str:
        return fields.shown(f"{self.name} ({self.id})" if self.name else self.id)


@dataclass(frozen=True, slots=True)
class Joined:
    """`left_out` names each part of a channel that could not be read and each channel that was not given."""

    channels: tuple[Channel, ...]
    left_out: tuple[str, ...] = ()
    missing: int = 0


def ties_of(service: Mapping[str, Any]) -> tuple[Tie, ...]:
    found: list[Tie] = []
    for tie in objects(service.get("serviceChannels")):
        named = tie.get("serviceChannel")
        reference = named if isinstance(named, Mapping) else tie
        name = reference.get("name")
        found.append(Tie(str(reference.get("id")), name if isinstance(name, str) else ""))
    return tuple(found)


def known_channels(items: Iterable[Mapping[str, Any]]) -> Known:
    return {str(one.get("id")): one for one in items if is_channel(one)}


def joined(ties: Sequence[Tie], known: Known) -> Joined:
    """What is not published is left out without a word, since that is the municipality's own choice."""
    channels: list[Channel] = []
    left_out: list[str] = []
    for tie in ties:
        whole = known.get(tie.id)
        if whole is not None and whole.get("publishingStatus", "Published") == "Published":
            read = channels_of(whole)
            channels += read.found
            left_out += [f"Channel {tie}: {reason}" for reason in read.bad]
    missing = dict.fromkeys(tie for tie in ties if tie.id not in known)
    left_out += [f"Channel {tie}: the service names it, but it was not given." for tie in missing]
    return Joined(tuple(channels), tuple(left_out), len(missing))


def with_channels(entry: Entry, found: Joined) -> Entry:
    """The entry with these channels in the place of its own. Raises `BadEntryError` where they can't be kept."""
    hours = next((channel.hours for channel in found.channels if channel.hours), None)
    return form.entry(form.plain(replace(entry, channels=found.channels, hours=hours)), Origin.PTV)
