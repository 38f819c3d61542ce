"""The way up: tracks announced, offers answered, sections matched with what was announced."""

import asyncio
import logging

from livekit.protocol import rtc as pr

from bot.calls.sdp import reading, writing
from bot.calls.sdp.values import Description, Section
from bot.calls.signalling import messages
from bot.calls.signalling.member import Member
from bot.calls.signalling.publication import Publication

log = logging.getLogger(__name__)

MOST_TRACKS = 12
"""Published at a time by one participant."""


class Publishing:
    """One member's negotiation, one offer after another."""

    def __init__(self, member: Member) -> None:
        self._member = member
        self._lock = asyncio.Lock()
        self._version = 0

    def announce(self, request: pr.AddTrackRequest) -> Publication | None:
        """A track that is going to be offered; None where no more may be."""
        member = self._member
        if len(member.publications) + len(member.pending) >= MOST_TRACKS or not member.held.can_publish:
            return None
        publication = Publication(request, member.sid)
        member.pending.append(publication)
        member.send(messages.published(publication.cid, publication.info))
        return publication

    async def answer(self, offered: pr.SessionDescription) -> tuple[list[Publication], list[Publication]]:
        """Answers; gives the tracks that are new and those that the offer has no more."""
        description = reading.read(offered.sdp)
        if description is None:
            log.info("an offer could not be read")
            return [], []
        async with self._lock:
            self._version += 1
            fresh = [found for section in description.sections if (found := self._matched(section)) is not None]
            ended = self._ended(description)
            local = self._member.up_transport.local()
            self._member.send(messages.answer(writing.answer(description, local, self._version), offered.id))
            self._member.up_transport.start(description)
        return fresh, ended

    def _matched(self, section: Section) -> Publication | None:
        """The announced track of a new section: by the client's own id, else the first of its kind."""
        member = self._member
        if section.kind == "application" or section.rejected or section.mid in member.up.tracks:
            return None
        if section.direction not in ("sendonly", "sendrecv") or writing.chosen(section) is None:
            return None
        alike = [one for one in member.pending if one.is_video == (section.kind == "video")]
        found = next((one for one in alike if one.cid == section.track_id), next(iter(alike), None))
        if found is None:
            return None
        member.pending.remove(found)
        found.info.mid = section.mid
        found.is_sent = True
        member.publications[found.sid] = found
        member.up.add(section, found.track)
        return found

    def _ended(self, description: Description) -> list[Publication]:
        """Sections that were sent and are not any more."""
        over = {one.mid for one in description.sections if one.rejected or one.direction in ("recvonly", "inactive")}
        known = self._member.up.tracks
        tracks = [known[mid] for mid in over if mid in known]
        return [found for track in tracks if (found := self._member.publication_of(track)) is not None]
