"""Channels of the Finnish Service Catalogue, with numbers, addresses and opening hours, as ours."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, time
from typing import Any

from bot.catalogues import fields
from bot.catalogues.hours import spans
from bot.catalogues.problems import BadEntryError
from bot.catalogues.ptv_parts import by_type, day_of, localised, objects
from bot.domain.catalogue import Channel, ChannelKind, Exceptional, OpeningHours, Season, Words
from bot.domain.directory import Span, WeeklyHours
from bot.domain.language import Language

_KINDS = {
    "ServiceLocation": ChannelKind.PLACE,
    "Phone": ChannelKind.PHONE,
    "WebPage": ChannelKind.WEB,
    "PrintableForm": ChannelKind.FORM,
    "EChannel": ChannelKind.E_SERVICE,
}
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_ALWAYS = (Span(time(), time()),)


def is_channel(one: Mapping[str, Any]) -> bool:
    return str(one.get("serviceChannelType")) in _KINDS


def channels_of(one: Mapping[str, Any]) -> Iterable[Channel]:
    """One channel of PTV may be several of ours: a place has a telephone and an e-mail address too."""
    kind = _KINDS[str(one["serviceChannelType"])]
    names, hours = by_type(one.get("serviceChannelNames"), "Name"), _hours(one.get("serviceHours"))
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
            number = f"{prefix} {digits.removeprefix('0') if prefix else digits}".strip()
            told = phone.get("additionalInformation")
            found.setdefault(number, {Language.FI: fields.text(told, "note")} if told else {})
    return list(found.items())


def _emails(one: Mapping[str, Any]) -> list[str]:
    told = [*objects(one.get("emails")), *objects(one.get("supportEmails"))]
    found = [str(mail.get("value") or "") for mail in told]
    return list(dict.fromkeys(mail for mail in found if re.fullmatch(r"[^\s@<>]{1,100}@[^\s@<>]{1,200}", mail)))


def _hours(value: object) -> OpeningHours | None:
    """Exceptions and seasons; hours by appointment only are not opening hours."""
    seasons: list[Season] = []
    exceptions: list[Exceptional] = []
    for one in objects(value):
        first, last = day_of(one.get("validFrom")), day_of(one.get("validTo"))
        if one.get("isReservation"):
            continue
        if str(one.get("serviceHourType")) in {"Exceptional", "Exception", "Special"} and first is not None:
            exceptions.append(_exceptional(one, first, last))
        elif one.get("isAlwaysOpen"):
            seasons.append(Season(WeeklyHours((_ALWAYS,) * 7), first, last))
        elif (week := _week(one)) is not None:
            seasons.append(Season(week, None if last is None else first, last))
    return OpeningHours(tuple(seasons), tuple(exceptions)) if seasons or exceptions else None


def _exceptional(one: Mapping[str, Any], first: date, last: date | None) -> Exceptional:
    opened = () if one.get("isClosed") else tuple(_span(part) for part in objects(one.get("openingHour")))
    return Exceptional(first, max(first, last or first), opened, localised(one.get("additionalInformation")))


def _week(one: Mapping[str, Any]) -> WeeklyHours | None:
    """`dayTo` may be empty: then it is `dayFrom` alone. None where no hour is told."""
    days: list[list[Span]] = [[] for _ in _DAYS]
    for part in objects(one.get("openingHour")):
        if str(part.get("dayFrom")) not in _DAYS:
            continue
        first = _DAYS.index(str(part["dayFrom"]))
        last = _DAYS.index(str(part["dayTo"])) if str(part.get("dayTo")) in _DAYS else first
        for number in range(first, first + (last - first) % 7 + 1):
            days[number % 7].append(_span(part))
    told = tuple(tuple(sorted(set(found), key=lambda span: span.start)) for found in days)
    return WeeklyHours(told) if any(told) else None


def _span(part: Mapping[str, Any]) -> Span:
    """What goes on past midnight ends with the day here; its early hours belong to nobody's question about a day."""
    start, end = str(part.get("from") or "00:00")[:5], str(part.get("to") or "24:00")[:5]
    closes = "24:00" if end == "00:00" or end < start else end
    try:
        return spans(f"{start}-{closes}")[0]
    except IndexError:
        raise BadEntryError("An opening hour has no times.") from None
