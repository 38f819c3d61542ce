/** This person's microphone, camera and screen in the conference, and what goes wrong with them. */
import { alertAbout, announce } from "../announce.js";
import { problemOf } from "../devices.js";
import { ICONS } from "../icons.js";
import { helpFor } from "../problems.js";
import { button } from "../shell.js";
import { Word } from "./word.js";

/** @typedef {"camera" | "microphone"} Kind */

export class OwnMedia {
    #turning = false;
    #opening = { camera: true, microphone: true };

    /**
     * @param {object} given
     * @param {import("livekit-client").Room} given.room
     * @param {{camera: boolean, microphone: boolean}} given.wanted  what the person switched on
     * @param {import("./notices.js").Notices} given.notices
     * @param {() => Promise<import("../door.js").Answer>} given.ask  how one stands at the door
     * @param {(kind: Kind, busy: boolean) => void} given.busy
     * @param {(kind: Kind) => void} given.focus
     * @param {() => void} given.changed
     */
    constructor({ room, wanted, notices, ask, busy, focus, changed }) {
        this.room = room;
        this.wanted = wanted;
        this.notices = notices;
        this.busy = busy;
        this.focus = focus;
        this.changed = changed;
        this.word = new Word({ ask, changed: (has) => (has ? this.#given() : this.#taken()) });
    }

    /** While one comes in, what the person wants is being opened. @param {Kind} kind @param {boolean} opening */
    async opening(kind, opening) {
        this.#opening[kind] = opening;
        if (!opening && !this.wanted[kind] && this.isOn(kind)) await this.#set(kind, false);
        this.changed();
    }

    /** What the control shows. @param {Kind} kind */
    isOn(kind) {
        const own = this.room.localParticipant;
        if (this.#opening[kind]) return this.wanted[kind];
        return kind === "camera" ? own.isCameraEnabled : own.isMicrophoneEnabled;
    }

    /** Switches it on or off. @param {Kind} kind */
    async turn(kind) {
        if (this.#turning) return;
        if (this.#opening[kind]) {
            this.wanted[kind] = !this.wanted[kind];
            return this.changed();
        }
        const on = !this.isOn(kind);
        this.#turning = true;
        this.wanted[kind] = on; // first: whatever mutes the microphone after this was not the person
        this.busy(kind, true);
        try {
            await this.#set(kind, on);
            this.notices.drop(kind);
            announce(on ? `${kind}_on` : `${kind}_off`);
        } catch (error) {
            this.wanted[kind] = false;
            this.failed(kind, error);
        }
        this.busy(kind, false);
        this.#turning = false;
        this.changed();
    }

    /** @param {Kind} kind @param {boolean} on */
    #set(kind, on) {
        const own = this.room.localParticipant;
        return kind === "camera" ? own.setCameraEnabled(on) : own.setMicrophoneEnabled(on);
    }

    /** The camera rests or goes on as the line allows; what the person wants stays. @param {boolean} rests */
    async rest(rests) {
        const own = this.room.localParticipant;
        const on = this.wanted.camera && !rests;
        if (own.isCameraEnabled === on) return;
        await own.setCameraEnabled(on).catch((error) => this.failed("camera", error));
    }

    async share() {
        const own = this.room.localParticipant;
        try {
            await own.setScreenShareEnabled(!own.isScreenShareEnabled, {
                contentHint: "detail",
                selfBrowserSurface: "exclude",
            });
        } catch (error) {
            if (problemOf(error) !== "refused") announce("screen_failed");
        }
        this.changed();
    }

    /** @param {Kind} kind @param {unknown} error */
    failed(kind, error) {
        const problems = { camera: null, microphone: null, [kind]: problemOf(error) };
        const word = helpFor(problems) ?? "help_microphone_failed";
        alertAbout(word);
        const close = () => this.notices.drop(kind);
        this.notices.put(kind, word, button("close", close, { kind: "second" }));
    }

    close() {
        this.word.settle();
    }

    /** The microphone was switched off; by the chair, where the person wanted it on. */
    muted() {
        if (!this.wanted.microphone) return;
        this.wanted.microphone = false;
        this.#taken();
        this.word.taken();
    }

    unmuted() {
        this.word.settle();
        this.notices.drop("chair");
    }

    #taken() {
        alertAbout("chair_muted");
        const close = () => this.notices.drop("chair");
        this.notices.put("chair", "chair_muted", button("understood", close, { kind: "second" }));
    }

    /** The microphone stays off: only the person opens it. */
    #given() {
        announce("word_given");
        const speak = button("word_speak", () => {
            this.#heard();
            if (!this.isOn("microphone")) this.turn("microphone");
        });
        const later = button("word_later", () => this.#heard(), { kind: "second" });
        this.notices.tell("chair", "word_given", ICONS.microphone, speak, later);
    }

    #heard() {
        this.word.settle();
        this.notices.drop("chair");
        this.focus("microphone");
    }
}
