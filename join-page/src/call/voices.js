/**
 * Everybody's sound: an element for each track that is there, whatever events told of it.
 *
 * livekit-client keeps events back while it mends a break, and can forget those of its last fiftieth of a second. What
 * the room holds is always true, so it is looked at and nothing is built on an event alone.
 */
export class Voices {
    /** @type {Map<import("livekit-client").Track, HTMLMediaElement>} */ #elements = new Map();

    /** @param {Element} place  where the elements stand, hidden */
    constructor(place) {
        this.place = place;
    }

    /** @param {import("livekit-client").Room} room */
    sync(room) {
        const there = new Set(soundsOf(room));
        for (const track of there) if (!this.#elements.has(track)) this.#begin(track);
        for (const track of this.#elements.keys()) if (!there.has(track)) this.#end(track);
    }

    /** @param {import("livekit-client").Track} track */
    #begin(track) {
        const element = track.attach();
        this.#elements.set(track, element);
        this.place.append(element);
    }

    /** @param {import("livekit-client").Track} track */
    #end(track) {
        track.detach().forEach((element) => element.remove());
        this.#elements.get(track)?.remove();
        this.#elements.delete(track);
    }
}

/** @param {import("livekit-client").Room} room */
function* soundsOf(room) {
    for (const participant of room.remoteParticipants.values()) {
        for (const publication of participant.audioTrackPublications.values()) {
            if (publication.track) yield publication.track;
        }
    }
}
