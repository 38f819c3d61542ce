"""One entry as plain values: what a hand-written file says, and what the storage keeps as JSON. One form for both."""

import json
from collections.abc import Mapping
from functools import partial
from typing import Any

from bot.catalogues import fields
from bot.catalogues.hours import opening_hours, plain_hours
from bot.catalogues.problems import BadEntryError
from bot.domain.catalogue import Channel, ChannelKind, Entry, EntryId, Origin, Synonym
from bot.domain.ids import ServiceId, UnitId


def entry(value: object, origin: Origin = Origin.FILE) -> Entry:
    """Raises `BadEntryError`. What it does not know is left out, so that newer files can be read.

    Its origin is what the caller says: a file can't claim to be the staff's.
    """
    parts = fields.mapping(value, "An entry")
    name = fields.words(parts.get("name"), "name")
    if not name:
        raise BadEntryError("An entry needs a name.")
    read_hours = fields.if_there(parts.get("hours"), opening_hours)
    return Entry(
        id=EntryId(fields.name_of_entry(parts.get("id"))),
        name=name,
        summary=fields.words(parts.get("summary"), "summary"),
        description=fields.words(parts.get("description"), "description"),
        terms=fields.many_words(parts.get("terms"), "terms"),
        questions=fields.many_words(parts.get("questions"), "questions"),
        hours_text=fields.words(parts.get("hours_text"), "hours_text"),
        prices=fields.words(parts.get("prices"), "prices"),
        channels=tuple(_channel(one) for one in fields.listed(parts.get("channels"), "channels")),
        hours=read_hours,
        source=fields.if_there(parts.get("url"), partial(fields.address, what="url")) or "",
        updated=fields.if_there(parts.get("updated"), partial(fields.day, what="updated")),
        municipalities=tuple(fields.code(one) for one in fields.listed(parts.get("municipalities"), "municipalities")),
        matters=tuple(fields.name_of_entry(one) for one in fields.listed(parts.get("matters"), "matters")),
        bookable=_named(parts, "bookable", ServiceId),
        unit=_named(parts, "unit", UnitId),
        origin=origin,
    )


def _named(parts: Mapping[str, Any], key: str, kind: Any) -> Any:
    found = fields.if_there(parts.get(key), fields.name_of_entry)
    return None if found is None else kind(found)


def _channel(value: object) -> Channel:
    parts = fields.mapping(value, "A channel")
    kind = str(parts.get("kind"))
    if kind not in set(ChannelKind):
        raise BadEntryError(f"A channel's kind is one of: {', '.join(ChannelKind)}.")
    return Channel(
        ChannelKind(kind),
        fields.words(parts.get("name"), "name"),
        fields.text(parts.get("value", ""), "value"),
        fields.if_there(parts.get("hours"), opening_hours),
        fields.words(parts.get("note"), "note"),
    )


def synonym(value: object) -> Synonym:
    """`{fi: päikky*, means: [päiväkoti]}`."""
    parts = dict(fields.mapping(value, "A synonym"))
    meant = tuple(filter(None, (fields.text(one, "means") for one in fields.listed(parts.pop("means", None), "means"))))
    if len(parts) != 1 or not meant:
        raise BadEntryError("A synonym is written as {fi: päikky*, means: [päiväkoti]}.")
    ((key, said),) = parts.items()
    return Synonym(fields.language(key, "A synonym"), fields.text(said, "A synonym").lower(), meant)


def plain(found: Entry) -> dict[str, Any]:
    """What `entry` reads back into an equal value; empty parts are left out."""
    kept: dict[str, Any] = {
        "id": found.id,
        **{key: dict(getattr(found, key)) for key in ("name", "summary", "description", "hours_text", "prices")},
        **{key: {lang: list(many) for lang, many in getattr(found, key).items()} for key in ("terms", "questions")},
        "channels": [_plain_channel(one) for one in found.channels],
        "hours": found.hours and plain_hours(found.hours),
        "url": found.source,
        "updated": found.updated and found.updated.isoformat(),
        "municipalities": list(found.municipalities),
        "matters": list(found.matters),
        "bookable": found.bookable,
        "unit": found.unit,
        "origin": found.origin,
    }
    return {key: value for key, value in kept.items() if value}


def _plain_channel(channel: Channel) -> dict[str, Any]:
    kept = {
        "kind": channel.kind,
        "name": dict(channel.name),
        "value": channel.value,
        "hours": channel.hours and plain_hours(channel.hours),
        "note": dict(channel.note),
    }
    return {key: value for key, value in kept.items() if value}


def to_json(found: Entry) -> str:
    return json.dumps(plain(found), ensure_ascii=False, sort_keys=True)


def from_json(kept: str) -> Entry:
    """What `to_json` wrote. Raises `BadEntryError` where it was changed by hand."""
    try:
        value = json.loads(kept)
        return entry(value, Origin(value["origin"]))
    except (ValueError, LookupError, TypeError) as fault:
        raise BadEntryError(str(fault)) from fault
