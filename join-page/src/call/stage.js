/** Everybody's pictures: a grid, or what is shown from a screen large above the people. */
import { ConnectionQuality, Track } from "livekit-client";
import { make } from "../dom.js";
import { say } from "../words.js";
import { columnsFor, heightFor } from "./layout.js";
import { Tile } from "./tile.js";

const GAP_PX = 9;

export class Stage {
    /** @type {Map<string, Tile>} */ #tiles = new Map();

    constructor() {
        this.shared = make("ul", { class: "shared", label: "shared_screens" });
        this.people = make("ul", { class: "people", label: "participants" });
        this.element = make("div", { class: "stage" }, this.shared, this.people);
        this.sizes = new ResizeObserver(() => this.#arrange());
        this.sizes.observe(this.people);
    }

    /**
     * Shows the room as it is now.
     * @param {import("livekit-client").Room} room
     * @param {{raised: Set<string>, soundOnly: boolean, ownName: string}} more
     */
    sync(room, more) {
        const kept = new Set();
        for (const participant of inOrder(room)) {
            this.#put(kept, participant.identity, this.people, personShown(room, participant, more));
            const screen = screenShown(room, participant);
            if (screen) this.#put(kept, `${participant.identity} screen`, this.shared, screen);
        }
        for (const [key, tile] of this.#tiles) {
            if (kept.has(key)) continue;
            tile.remove();
            this.#tiles.delete(key);
        }
        this.element.classList.toggle("sharing", this.shared.childElementCount > 0);
        this.#arrange();
    }

    clear() {
        this.sizes.disconnect();
        this.#tiles.forEach((tile) => tile.remove());
        this.#tiles.clear();
    }

    /** @param {Set<string>} kept @param {string} key @param {Element} list @param {import("./tile.js").Shown} shown */
    #put(kept, key, list, shown) {
        kept.add(key);
        let tile = this.#tiles.get(key);
        if (!tile) {
            tile = new Tile();
            this.#tiles.set(key, tile);
            if (shown.own || shown.screen) list.append(tile.element);
            else list.insertBefore(tile.element, list.querySelector(".tile.own"));
        }
        tile.update(shown);
    }

    #arrange() {
        const count = this.people.childElementCount;
        const { clientWidth, clientHeight } = this.people;
        const columns = columnsFor(count, clientWidth, clientHeight);
        this.people.style.setProperty("--columns", String(columns));
        this.people.style.setProperty("--high", `${heightFor(count, columns, clientWidth, clientHeight, GAP_PX)}px`);
    }
}

/** The others as they came, then oneself. @param {import("livekit-client").Room} room */
function inOrder(room) {
    const others = [...room.remoteParticipants.values()];
    others.sort((a, b) => (a.joinedAt?.getTime() ?? 0) - (b.joinedAt?.getTime() ?? 0));
    return [...others, room.localParticipant].filter((participant) => participant.identity);
}

/**
 * @param {import("livekit-client").Room} room
 * @param {import("livekit-client").Participant} participant
 * @param {{raised: Set<string>, soundOnly: boolean, ownName: string}} more
 * @returns {import("./tile.js").Shown}
 */
function personShown(room, participant, more) {
    const camera = cameraOf(participant);
    const microphone = participant.getTrackPublication(Track.Source.Microphone);
    const own = participant === room.localParticipant;
    const track = camera && !camera.isMuted && (own || !more.soundOnly) ? camera.track : null;
    return {
        track: track ?? null,
        name: own ? ["you", { name: more.ownName }] : participant.name || ["someone", {}],
        own,
        screen: false,
        muted: !microphone || microphone.isMuted,
        speaking: participant.isSpeaking,
        hand: more.raised.has(participant.identity),
        paused: !own && track?.streamState === Track.StreamState.Paused,
        weak: !own && participant.connectionQuality === ConnectionQuality.Poor,
    };
}

/** @param {import("livekit-client").Room} room @param {import("livekit-client").Participant} participant */
function screenShown(room, participant) {
    const publication = participant.getTrackPublication(Track.Source.ScreenShare);
    if (!publication || publication.isMuted) return null;
    const own = participant === room.localParticipant;
    return /** @type {import("./tile.js").Shown} */ ({
        track: publication.track ?? null,
        name: own ? ["your_screen", {}] : ["screen_of", { name: participant.name || say("someone") }],
        own,
        screen: true,
        muted: false,
        speaking: false,
        hand: false,
        paused: !own && publication.track?.streamState === Track.StreamState.Paused,
        weak: false,
    });
}

/** Whatever picture is not of a screen: some clients don't say what it is of. @param {import("livekit-client").Participant} participant */
export function cameraOf(participant) {
    const all = [...participant.videoTrackPublications.values()];
    return (
        all.find(({ source }) => source === Track.Source.Camera) ??
        all.find(({ source }) => source !== Track.Source.ScreenShare)
    );
}
