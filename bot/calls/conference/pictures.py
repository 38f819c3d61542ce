"""Who sees whom, and how sharp: the last N who spoke, and what each viewer's client has room for."""

from collections.abc import Iterable

from bot.calls.conference.people import Person, Track, Wish

_NO_WISH = Wish()


def seen_by(viewer: Person, people: Iterable[Person], last_n: int) -> dict[str, int]:
    """Track sid to the highest quality for this viewer. Nobody sees themselves; shared screens are always shown."""
    others = [person for person in people if person is not viewer]
    shown = _by_recency(others)[:last_n] if last_n else others
    return {
        sid: wish.best_of(track.layers)
        for person in others
        for sid, track in person.tracks.items()
        if _is_picture(track) and (track.is_screen or person in shown) and (wish := _wish(viewer, sid)).wants
    }


def wanted(track: Track, people: Iterable[Person], last_n: int) -> int:
    """The highest quality of one track by `seen_by` for any viewer; -1 for none."""
    if not _is_picture(track):
        return -1
    viewers = [person for person in people if person is not track.owner]
    if last_n and not track.is_screen:
        viewers = _who_see(track.owner, [*viewers, track.owner], last_n)
    wishes = [wish for viewer in viewers if (wish := _wish(viewer, track.facts.sid)).wants]
    return max((wish.best_of(track.layers) for wish in wishes), default=-1)


def _who_see(shown: Person, people: Iterable[Person], last_n: int) -> list[Person]:
    """Nobody is among their own last N, so those before `shown` see one person further."""
    order = _by_recency(people)
    place = order.index(shown)
    before = order[:place]
    if place < last_n:
        return [person for person in people if person is not shown]
    return before if place == last_n else []


def _by_recency(people: Iterable[Person]) -> list[Person]:
    """Who shows a camera, the last to speak first.

    By when they began, so that two who speak at once don't change places with every word.
    """
    shown = [person for person in people if any(_is_camera(track) for track in person.tracks.values())]
    return sorted(shown, key=lambda person: (-person.voice.began_at, person.voice.order))


def _is_picture(track: Track) -> bool:
    return not track.is_audio and track.flows


def _is_camera(track: Track) -> bool:
    return _is_picture(track) and not track.is_screen


def _wish(viewer: Person, track_sid: str) -> Wish:
    return viewer.wishes.get(track_sid, _NO_WISH)
