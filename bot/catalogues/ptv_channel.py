"""Channels of the Finnish Service Catalogue, with numbers, addresses and links, as ours."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from bot.catalogues import fields
from bot.catalogues.ptv_hours import hours_of
from bot.catalogues.ptv_parts import by_type, localised, objects
from bot.domain.catalogue import Channel, ChannelKind, Words
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


def channels_of(one: Mapping[str, Any]) -> Iterable[Channel]:
    """One channel of PTV may be several of ours: a place has a telephone and an e-mail address too."""
    kind = _KINDS[str(one["serviceChannelType"])]
    names, hours = by_type(one.get("serviceChannelNames"), "Name"), hours_of(one.get("serviceHours"))
    if kind is ChannelKind.PLACE:
        yield from (Channel(kind, names, value, hours) for value in _addresses(one))
    elif kind is not ChannelKind.PHONE:
        yield from (Channel(kind, names, value, hours) for value in _links(one))
    for number, note in _numbers(one):
        yield Channel(ChannelKind.PHONE, names, number, hours if kind is ChannelKind.PHONE else None, note)
    for value in _emails(one):
        yield Channel(ChannelKind.EMAIL, names, value)


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


def _links(one: Mapping[str, Any]) -> list[str]:
    keys = ("webPages", "webPage", "channelUrls", "urls")
    told = [page for key in keys for page in objects(one.get(key))]
    found = [str(page.get("url") or page.get("value") or "") for page in told]
    return list(dict.fromkeys(link for link in found if re.fullmatch(r"https?://\S{1,2000}", link)))[:1]


def _numbers(one: Mapping[str, Any]) -> list[tuple[str, Words]]:
    """International form with PTV's prefix; the same number in several languages is one."""
    found: dict[str, Words] = {}
    for phone in [*objects(one.get("phoneNumbers")), *objects(one.get("supportPhones"))]:
        if str(phone.get("type")) in {"None", "Phone"} and (
            digits := re.sub(r"[^\d+]", "", str(phone.get("number") or ""))
        ):
            prefix = re.sub(r"[^\d+]", "", str(phone.get("prefixNumber") or ""))
            if digits.startswith("+"):
                prefix = ""
            number = f"{prefix} {digits.removeprefix('0') if prefix else digits}".strip()
            told = phone.get("additionalInformation")
            found.setdefault(number, {Language.FI: fields.text(told, "note")} if told else {})
    return list(found.items())


def _emails(one: Mapping[str, Any]) -> list[str]:
    told = [*objects(one.get("emails")), *objects(one.get("supportEmails"))]
    found = [str(mail.get("value") or "") for mail in told]
    return list(dict.fromkeys(mail for mail in found if re.fullmatch(r"[^\s@<>]{1,100}@[^\s@<>]{1,200}", mail)))
