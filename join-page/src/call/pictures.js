/** Whether pictures are sent and shown: as the line allows, or as the person chose by hand. */
import { ConnectionQuality } from "livekit-client";
import { alertAbout, announce } from "../announce.js";
import { button } from "../shell.js";
import { LineJudge } from "./line.js";
import { SoundLoss } from "./loss.js";
import { cameraOf } from "./stage.js";

/** @type {Partial<Record<ConnectionQuality, import("./line.js").Quality>>} */
const QUALITIES = { excellent: "good", good: "fair", poor: "poor", lost: "poor" };

export class Pictures {
    #judge = new LineJudge();
    #loss = new SoundLoss();

    /**
     * @param {object} given
     * @param {import("livekit-client").Room} given.room
     * @param {import("./own.js").OwnMedia} given.own
     * @param {import("./notices.js").Notices} given.notices
     * @param {() => void} given.changed
     */
    constructor({ room, own, notices, changed }) {
        this.room = room;
        this.own = own;
        this.notices = notices;
        this.changed = changed;
    }

    get soundOnly() {
        return this.#judge.soundOnly;
    }

    get quality() {
        return QUALITIES[this.room.localParticipant.connectionQuality];
    }

    /** @param {boolean} soundOnly */
    choose(soundOnly) {
        this.#judge.choose(soundOnly);
        announce(soundOnly ? "now_sound_only" : "now_pictures");
        this.#apply();
    }

    /** To be called every other second while one is in. */
    async measure() {
        const loss = await this.#loss.since(this.room);
        if (!this.#judge.observe(this.quality ?? "fair", loss, Date.now())) return;
        alertAbout(this.soundOnly ? "poor_line" : "now_pictures");
        this.#apply();
    }

    /** Every camera is as was chosen, newcomers' too. What is shown from a screen stays. */
    keep() {
        for (const participant of this.room.remoteParticipants.values()) {
            const publication = /** @type {any} */ (cameraOf(participant));
            if (publication?.isSubscribed) publication.setEnabled(!this.soundOnly);
        }
    }

    async #apply() {
        this.keep();
        this.notices.drop("poor");
        if (this.soundOnly && !this.#judge.byHand) {
            const show = () => this.choose(false);
            this.notices.put("poor", "poor_line", button("pictures_on", show, { kind: "second" }));
        }
        await this.own.rest(this.soundOnly);
        this.changed();
    }
}
