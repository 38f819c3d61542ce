"""Makes `examples/advice/ptv`: a sample of the Finnish Service Catalogue's Open API, version 11, of a made-up town.

Run it as `python -m scripts.ptv_sample`; a test compares the files with what it makes.
"""

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[1] / "examples" / "advice" / "ptv"
TOWN, NEIGHBOUR = "989", "998"
_LANGUAGES = ("fi", "sv", "en")


def _id(kind: int, number: int) -> str:
    return f"00000000-0000-4000-8{kind:03d}-{number:012d}"


def _texts(type: str, *values: str) -> list[dict[str, str]]:
    return [
        {"language": lang, "value": value, "type": type}
        for lang, value in zip(_LANGUAGES, values, strict=False)
        if value
    ]


def _labels(*values: str) -> dict[str, Any]:
    return {"name": [{"language": lang, "value": v} for lang, v in zip(_LANGUAGES, values, strict=True)]}


def _hours(type: str, *spans: tuple[str, str, str, str], **more: Any) -> dict[str, Any]:
    opening = [{"dayFrom": first, "dayTo": last, "from": start, "to": end} for first, last, start, end in spans]
    return {
        "serviceHourType": type,
        "validFrom": None,
        "validTo": None,
        "isClosed": False,
        "openingHour": opening,
    } | more


def service(number: int, names: tuple[str, ...], summary: tuple[str, ...], channels: list[int], **more: Any) -> Any:
    """One published service of the town, for its own people."""
    town = {"code": TOWN, "name": [{"language": "fi", "value": "Mallila"}]}
    return {
        "id": _id(1, number),
        "serviceNames": _texts("Name", *names),
        "serviceDescriptions": _texts("Summary", *summary)
        + _texts("Description", f"{summary[0]} Lisätietoja palvelusta."),
        "keywords": [{"language": "fi", "value": names[0].lower()}],
        "ontologyTerms": [_labels(names[0].lower(), names[-1].lower(), names[-1].lower())],
        "serviceClasses": [_labels("Kunnan palvelut", "Kommunens tjänster", "Municipal services")],
        "serviceChargeType": "Chargeable",
        "areas": [{"type": "Municipality", "municipalities": [town]}],
        "serviceChannels": [{"serviceChannel": {"id": _id(2, channel)}} for channel in channels],
        "publishingStatus": "Published",
        "modified": "2026-09-14T08:21:05.113",
    } | more


def services() -> dict[str, Any]:
    """A page of a list, as the interface gives it."""
    neighbour = {"type": "Municipality", "municipalities": [{"code": NEIGHBOUR, "name": []}]}
    items = [
        service(1, ("Pysäköintitunnus asukkaalle", "Boendeparkering", "Resident parking permit"),
                ("Tunnuksella asukas pysäköi vyöhykkeellään ilman aikarajaa.",
                 "Med tillståndet parkerar invånaren i sin zon utan tidsgräns.", ""), [1, 5],
                serviceDescriptions=_texts("Summary", "Tunnuksella asukas pysäköi vyöhykkeellään ilman aikarajaa.")
                + _texts("UserInstruction", "Ota mukaan ajoneuvon rekisteriote.")
                + _texts("ChargeTypeAdditionalInfo", "Tunnus maksaa 40 euroa vuodessa.")),
        service(2, ("Torppa, perinnetalo", "Torpet", "The Cottage museum"),
                ("Perinnetalossa tutustutaan torpparin arkeen.", "", ""), [2]),
        service(3, ("Kuvataidekoulu", "Bildkonstskola", "Art school"),
                ("Koulu opettaa kuvataidetta lapsille ja nuorille.", "", "The school teaches art to children."), [3],
                serviceNames=_texts("Name", "Kuvataidekoulu", "Bildkonstskola", "Art school")
                + _texts("AlternativeName", "Kuvis")),
        service(4, ("Avustus kyläyhdistykselle", "Bidrag till byaföreningar", "Grant for village associations"),
                ("Avustusta haetaan kerran vuodessa.", "", ""), [4]),
        service(5, ("Neuvontapiste", "Rådgivning", "Information desk"),
                ("Neuvontapiste auttaa kaikissa kunnan asioissa.", "", ""), [2, 5], serviceChargeType="FreeOfCharge"),
        service(6, ("Yöpäivystys vesilaitoksella", "Vattenverkets jour", "Water works on call"),
                ("Vesilaitoksen päivystäjä tulee vuotoihin ympäri vuorokauden.", "", ""), [6]),
        service(7, ("Valtakunnallinen neuvonta", "Riksomfattande rådgivning", "National advice"),
                ("Koko maan palvelu.", "", ""), [5], areas=[]),
        service(8, ("Naapurin palvelu", "Grannens tjänst", "The neighbour's service"),
                ("Vain naapurikunnan asukkaille.", "", ""), [], areas=[neighbour]),
        service(9, ("Luonnos", "Utkast", "Draft"), ("Ei vielä julkaistu.", "", ""), [], publishingStatus="Draft"),
    ]  # fmt: skip
    return {"pageNumber": 1, "pageSize": 100, "pageCount": 1, "itemList": items}


def channel(number: int, type: str, name: str, **more: Any) -> dict[str, Any]:
    return {
        "id": _id(2, number),
        "serviceChannelType": type,
        "serviceChannelNames": _texts("Name", name),
        "publishingStatus": "Published",
    } | more


def channels() -> list[dict[str, Any]]:
    """One of each type, with all kinds of hours."""
    street = {
        "street": [{"language": "fi", "value": "Torpparintie"}],
        "streetNumber": "4",
        "postalCode": "00989",
        "postOffice": [{"language": "fi", "value": "Mallila"}],
    }
    phone = {"type": "Phone", "prefixNumber": "+358", "number": "000000989", "language": "fi"}
    week = _hours("DaysOfTheWeek", ("Monday", "Friday", "09:00:00", "15:00:00"))
    closed = _hours("Exceptional", validFrom="2026-12-24T00:00:00", validTo="2026-12-26T00:00:00", isClosed=True)
    short = _hours(
        "Exceptional",
        ("Monday", "", "10:00:00", "12:00:00"),
        validFrom="2026-12-31T00:00:00",
        validTo="2026-12-31T00:00:00",
    )
    summer = _hours(
        "Standard",
        ("Tuesday", "Sunday", "11:00:00", "17:00:00"),
        validFrom="2027-06-01T00:00:00",
        validTo="2027-08-15T00:00:00",
    )
    night = _hours("OverMidnight", ("Friday", "", "18:00:00", "02:00:00"))
    return [
        channel(1, "EChannel", "Pysäköintitunnuksen haku",
                webPages=[{"url": "https://asiointi.mallila.example/tunnus"}]),
        channel(2, "ServiceLocation", "Torppa", addresses=[{"type": "Location", "streetAddress": street}],
                phoneNumbers=[phone], emails=[{"value": "torppa@mallila.example"}],
                serviceHours=[_hours("DaysOfTheWeek", ("Saturday", "", "12:00:00", "16:00:00")),
                              summer, closed, short]),
        channel(3, "WebPage", "Kuvataidekoulun sivut", webPages=[{"url": "https://www.mallila.example/kuvis"}]),
        channel(4, "PrintableForm", "Avustushakemus",
                channelUrls=[{"value": "https://www.mallila.example/hakemus.pdf"}]),
        channel(5, "Phone", "Neuvonnan puhelin", phoneNumbers=[phone], serviceHours=[week, night, closed]),
        channel(6, "Phone", "Vesilaitoksen päivystys", phoneNumbers=[phone | {"number": "000000112"}],
                serviceHours=[_hours("DaysOfTheWeek", isAlwaysOpen=True)]),
    ]  # fmt: skip


def files() -> dict[str, str]:
    """Contents by file name."""
    made = {"services.json": services(), "channels.json": channels()}
    return {name: json.dumps(value, ensure_ascii=False, indent=1) + "\n" for name, value in made.items()}


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in files().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
        print(f"{FOLDER / name} written")


if __name__ == "__main__":
    main()
