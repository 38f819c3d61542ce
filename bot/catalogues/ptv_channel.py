"""Channels of the Finnish Service Catalogue, with numbers, addresses and links, as ours.

Leaves it to `bot.catalogues.ptv_ties` which channel belongs to which service.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.catalogues import fields
from bot.catalogues.ptv_hours import hours_of
from bot.catalogues.ptv_parts import by_type, localised, objects
from bot.domain.catalogue import Channel, ChannelKind, OpeningHours, Words
from bot.domain.language import Language

_KINDS = {
    "ServiceLocation": ChannelKind.PLACE,
    "Phone": ChannelKind.PHONE,
    "WebPage": ChannelKind.WEB,
    "PrintableForm": ChannelKind.FORM,
    "EChannel": ChannelKind.E_SERVICE,
}


def is_channel(one: Mapping[str, Any]) -> bool:
    return str(one.get("serviceChannelType")) in _KINDS


@dataclass(frozen=True, slots=True)
class Channels:
    """Channels in order, and a reason for each part that was left out."""

    found: tuple[Channel, ...]
    bad: tuple[str, ...] = ()


def channels_of(one: Mapping[str, Any]) -> Channels:
    """One channel of PTV may be several of ours: a place has a telephone, an e-mail address and pages too."""
    kind, hours = _KINDS[str(one["serviceChannelType"])], hours_of(one.get("serviceHours"))
    return Channels(tuple(_channels(one, kind, hours.found)), hours.bad)


def _channels(one: Mapping[str, Any], kind: ChannelKind, hours: OpeningHours | None) -> Iterable[Channel]:
    names = by_type(one.get("serviceChannelNames"), "Name")
    if kind is ChannelKind.PLACE:
        yield from (Channel(kind, names, value, hours) for value in _addresses(one))
    elif kind is not ChannelKind.PHONE:
        yield from (Channel(kind, names, value, hours) for value in list(_links(one))[:1])
    for number, note in _numbers(one):
        yield Channel(ChannelKind.PHONE, names, number, hours if kind is ChannelKind.PHONE else None, note)
    for value in _emails(one):
        yield Channel(ChannelKind.EMAIL, names, value)
    if kind is ChannelKind.PLACE:
        yield from (Channel(ChannelKind.WEB, title or names, value) for value, title in _links(one).items())


def _addresses(one: Mapping[str, Any]) -> Iterable[str]:
    """Visiting addresses in Finnish, each once: `Kuja 3, 63700 Mallila`."""
    found = dict.fromkeys(
        _address(inner)
        for inner in objects(one.get("addresses"))
        if str(inner.get("type")) in {"None", "Location", "Visiting"}
    )
    return [address for address in found if address]


def _address(one: Mapping[str, Any]) -> str:
    street = one.get("streetAddress") or one.get("otherAddress") or one.get("postOfficeBoxAddress") or one
    if not isinstance(street, Mapping):
        return ""
    line = f"{_first(localised(street.get('street')))} {street.get('streetNumber') or ''}".strip()
    office = f"{street.get('postalCode') or ''} {_first(localised(street.get('postOffice')))}".strip()
    return fields.text(", ".join(filter(None, (line, office))), "address")


def _first(words: Words) -> str:
    return words.get(Language.FI) or next(iter(words.values()), "")


def _links(one: Mapping[str, Any]) -> dict[str, Words]:
    """Each address once, in PTV's order, with the titles of the page by language where it has any."""
    keys = ("webPages", "webPage", "channelUrls", "urls")
    found: dict[str, Words] = {}
    for page in (page for key in keys for page in objects(one.get(key))):
        link = str(page.get("url") or page.get("value") or "")
        if re.fullmatch(r"https?://\S{1,2000}", link):
            title = page.get("value") if page.get("url") else None
            found[link] = {**_said(page, title, "title"), **found.get(link, {})}
    return found


def _said(one: Mapping[str, Any], value: object, what: str) -> Words:
    """A text of an object that names its language beside it; Finnish where it names none, nothing for others."""
    language = str(one.get("language") or Language.FI)
    words = fields.text(value, what) if value and language in set(Language) else ""
    return {Language(language): words} if words else {}


def _numbers(one: Mapping[str, Any]) -> list[tuple[str, Words]]:
    """International form with PTV's prefix; the same number in several languages is one, with a note in each."""
    found: dict[str, Words] = {}
    for phone in [*objects(one.get("phoneNumbers")), *objects(one.get("supportPhones"))]:
        if str(phone.get("type")) in {"None", "Phone"} and (
            digits := re.sub(r"[^\d+]", "", str(phone.get("number") or ""))
        ):
            prefix = re.sub(r"[^\d+]", "", str(phone.get("prefixNumber") or ""))
            if digits.startswith("+"):
                prefix = ""
            number = f"{prefix} {digits.removeprefix('0') if prefix else digits}".strip()
            found[number] = {**_said(phone, phone.get("additionalInformation"), "note"), **found.get(number, {})}
    return list(found.items())


def _emails(one: Mapping[str, Any]) -> list[str]:
    told = [*objects(one.get("emails")), *objects(one.get("supportEmails"))]
    found = [str(mail.get("value") or "") for mail in told]
    return list(dict.fromkeys(mail for mail in found if re.fullmatch(r"[^\s@<>]{1,100}@[^\s@<>]{1,200}", mail)))
