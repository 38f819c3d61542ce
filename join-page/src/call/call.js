/**
 * The conference itself: comes in, stays in over broken lines, and tells how it ended.
 *
 * livekit-client mends short breaks by itself. When it gives up, a new token is asked for and one comes in anew, as
 * long as the door lets one in and three minutes have not passed.
 */
import { ConnectionErrorReason, DisconnectReason, LocalAudioTrack, LocalVideoTrack, Room, Track } from "livekit-client";
import { alertAbout, announce } from "../announce.js";
import { DoorSilent } from "../door.js";
import { Awake } from "./awake.js";
import { CallView } from "./view.js";
import { cameraConstraints, microphoneConstraints, pauseBefore, roomOptions } from "./options.js";
import { wire } from "./wiring.js";

/** @typedef {"left" | "removed" | "ended" | "replaced" | "refused" | "lost"} End */

const GIVES_UP_AFTER_MS = 180_000;
const MOST_REFUSALS = 3;

/** @type {Partial<Record<DisconnectReason, End>>} */
const ENDS = {
    [DisconnectReason.CLIENT_INITIATED]: "left",
    [DisconnectReason.DUPLICATE_IDENTITY]: "replaced",
    [DisconnectReason.PARTICIPANT_REMOVED]: "removed",
    [DisconnectReason.ROOM_DELETED]: "ended",
    [DisconnectReason.ROOM_CLOSED]: "ended",
};

export class Call {
    #over = false;
    #coming = false;

    /**
     * @param {object} given
     * @param {import("../tokens.js").MediaTokens} given.tokens
     * @param {import("../kit.js").Kit} given.kit
     * @param {import("../door.js").Door} given.door
     * @param {string} given.name
     * @param {(how: End) => void} given.onEnd
     */
    constructor({ tokens, kit, door, name, onEnd }) {
        this.tokens = tokens;
        this.kit = kit;
        this.onEnd = onEnd;
        this.wanted = {
            camera: kit.wanted.camera && Boolean(kit.open.camera),
            microphone: Boolean(kit.open.microphone),
        };
        this.room = new Room(roomOptions(kit.chosen));
        this.awake = new Awake();
        const leave = () => this.finish("left");
        this.view = new CallView({ room: this.room, kit, door, name, wanted: this.wanted, leave });
        wire(this.room, this.view, (reason) => this.#disconnected(reason));
    }

    async run() {
        this.view.show();
        this.awake.start();
        await this.#comeIn();
    }

    /** Leaves, for a reason that the conference itself does not tell. @param {End} how */
    finish(how) {
        this.#end(how);
    }

    /** Tries until one is in, or it is over. */
    async #comeIn() {
        if (this.#coming) return;
        this.#coming = true;
        const until = Date.now() + GIVES_UP_AFTER_MS;
        let refusals = 0;
        for (let tries = 0; !this.#over; tries += 1) {
            await new Promise((resolve) => setTimeout(resolve, pauseBefore(tries)));
            const outcome = this.#over ? "over" : await this.#tryOnce(tries);
            if (outcome === "in" || outcome === "over") break;
            if (outcome === "ended") this.#end("removed");
            if (outcome === "refused" && (refusals += 1) >= MOST_REFUSALS) this.#end("refused");
            if (Date.now() > until) this.#end("lost");
            if (tries === 1) this.view.reconnecting(true);
        }
        this.#coming = false;
    }

    /** @param {number} tries @returns {Promise<"in" | "over" | "ended" | "refused" | "silent">} */
    async #tryOnce(tries) {
        try {
            const grant = await (tries === 0 ? this.tokens.current() : this.tokens.fresh());
            if (!grant) return "ended";
            await this.room.connect(grant.url, grant.token);
        } catch (error) {
            if (error instanceof DoorSilent) return "silent";
            return /** @type {any} */ (error)?.reason === ConnectionErrorReason.NotAllowed ? "refused" : "silent";
        }
        if (this.#over) {
            await this.room.disconnect();
            return "over";
        }
        this.view.reconnecting(false);
        this.view.connected();
        announce("you_are_in");
        this.#publish();
        return "in";
    }

    /** What was open in the check goes in as it is; after a break it is opened anew. */
    async #publish() {
        const { camera, microphone } = this.kit.handOver();
        const person = this.room.localParticipant;
        await this.#one(
            "microphone",
            microphone,
            () => person.setMicrophoneEnabled(true),
            (track) =>
                person.publishTrack(new LocalAudioTrack(track, microphoneConstraints(this.kit.chosen), false), {
                    source: Track.Source.Microphone,
                }),
        );
        await this.#one(
            "camera",
            camera,
            () => person.setCameraEnabled(true),
            (track) =>
                person.publishTrack(new LocalVideoTrack(track, cameraConstraints(this.kit.chosen), false), {
                    source: Track.Source.Camera,
                }),
        );
    }

    /**
     * @param {"camera" | "microphone"} kind
     * @param {MediaStreamTrack | null} track
     * @param {() => Promise<unknown>} open
     * @param {(track: MediaStreamTrack) => Promise<unknown>} publish
     */
    async #one(kind, track, open, publish) {
        const rests = kind === "camera" && this.view.pictures.soundOnly;
        await this.view.own.opening(kind, true);
        try {
            if (!this.wanted[kind] || rests) track?.stop();
            else await (track?.readyState === "live" ? publish(track) : open());
            await this.view.own.opening(kind, false);
        } catch (error) {
            await this.view.own.opening(kind, false);
            if (!this.#over) this.view.own.failed(kind, error);
        }
    }

    /** @param {DisconnectReason | undefined} reason */
    #disconnected(reason) {
        if (this.#over || this.#coming) return;
        const end = reason === undefined ? undefined : ENDS[reason];
        if (end) return this.#end(end);
        this.view.reconnecting(true);
        alertAbout("reconnecting");
        this.#comeIn();
    }

    /** @param {End} how */
    #end(how) {
        if (this.#over) return;
        this.#over = true;
        this.awake.stop();
        this.view.close();
        this.room.disconnect().catch(() => {});
        this.onEnd(how);
    }
}
