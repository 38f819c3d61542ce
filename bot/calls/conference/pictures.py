"""Who sees whom, and how sharp: the last N who spoke, and what each viewer's client has room for."""

from collections.abc import Iterable

from bot.calls.conference.people import Person, Track, Wish

_NO_WISH = Wish()


def seen_by(viewer: Person, people: Iterable[Person], last_n: int) -> dict[str, int]:
    """Track sid to the highest quality for this viewer. Nobody sees themselves; shared screens are always shown."""
    others = sorted((person for person in people if person is not viewer), key=_recency)
    rank = 0
    seen: dict[str, int] = {}
    for person in others:
        cameras, screens = _pictures(person)
        shown = [*screens, *(cameras if not last_n or rank < last_n else ())]
        rank += bool(cameras)
        seen |= {track.facts.sid: _quality(viewer, track) for track in shown if _wish(viewer, track).wants}
    return seen


def _pictures(person: Person) -> tuple[list[Track], list[Track]]:
    flowing = [track for track in person.tracks.values() if track.flows and not track.is_audio]
    return [track for track in flowing if not track.is_screen], [track for track in flowing if track.is_screen]


def _quality(viewer: Person, track: Track) -> int:
    return _wish(viewer, track).best_of(track.facts.layers)


def _wish(viewer: Person, track: Track) -> Wish:
    return viewer.wishes.get(track.facts.sid, _NO_WISH)


def _recency(person: Person) -> tuple[float, int]:
    """By when they last began to speak, so that two who speak at once don't change places with every word."""
    return (-person.voice.began_at, person.voice.order)
