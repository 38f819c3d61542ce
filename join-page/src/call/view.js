/** The page of the conference: the pictures, the notices above them and the controls below. */
import { alertAbout, announce } from "../announce.js";
import { make, saySo } from "../dom.js";
import { button, conferenceName, languages, replace } from "../shell.js";
import { say } from "../words.js";
import { Bar } from "./bar.js";
import { Hands } from "./hands.js";
import { Notices } from "./notices.js";
import { OwnMedia } from "./own.js";
import { Pictures } from "./pictures.js";
import { openSettings } from "./settings.js";
import { Stage } from "./stage.js";
import { Voices } from "./voices.js";

const MEASURED_EVERY_MS = 2000;
/** The room is also looked at without an event: livekit-client loses some while it mends a break. */
const LOOKED_AT_EVERY_MS = 500;
/** A break that is mended sooner is not worth a word. */
const SHOWN_AFTER_MS = 1000;

export class CallView {
    /** When one came in, or came back; none while one is not. @type {number | null} */
    since = null;
    #pending = false;
    #closed = false;
    /** @type {ReturnType<typeof setTimeout> | undefined} */ #broken;
    /** @type {ReturnType<typeof setInterval>[]} */ #timers = [];

    /**
     * @param {object} given
     * @param {import("livekit-client").Room} given.room
     * @param {import("../kit.js").Kit} given.kit
     * @param {import("../door.js").Door} given.door
     * @param {string} given.name
     * @param {{camera: boolean, microphone: boolean}} given.wanted  what the person switched on
     * @param {() => void} given.leave
     */
    constructor({ room, kit, door, name, wanted, leave }) {
        const changed = () => this.later();
        this.room = room;
        this.name = name;
        this.notices = new Notices();
        this.stage = new Stage();
        this.hands = new Hands(
            room,
            (identity, up) => this.#handChanged(identity, up),
            () => door.hand(),
        );
        this.own = new OwnMedia({
            room,
            wanted,
            notices: this.notices,
            ask: () => door.status(),
            busy: (kind, busy) => this.bar.busy(kind, busy),
            focus: (kind) => this.bar.focus(kind),
            changed,
        });
        this.pictures = new Pictures({ room, own: this.own, notices: this.notices, changed });
        this.sounds = make("div", { hidden: true });
        this.voices = new Voices(this.sounds);
        this.line = make("p", { class: "line", word: "line_unknown" });
        this.count = make("p", { class: "count" });
        this.bar = new Bar(
            {
                microphone: () => this.own.turn("microphone"),
                camera: () => this.own.turn("camera"),
                hand: () => this.hands.put(!this.hands.own),
                screen: () => this.own.share(),
                sound_only: () => this.pictures.choose(!this.pictures.soundOnly),
                settings: () => openSettings(room, kit.chosen, () => alertAbout("settings_failed")),
                leave,
            },
            { sharesScreen: Boolean(navigator.mediaDevices?.getDisplayMedia) },
        );
    }

    show() {
        const heading = make("h1", { tabindex: "-1" }, conferenceName("span"));
        const facts = make("div", { class: "facts" }, this.count, this.line);
        const top = make("header", { class: "top in-call" }, heading, facts, languages());
        const parts = [this.notices.element, this.stage.element, this.bar.element, this.sounds];
        document.body.classList.add("calling");
        replace(make("main", { id: "main", class: "call" }, ...parts), top, "call_title");
        heading.focus();
        this.sync();
        this.#timers = [
            setInterval(() => this.since !== null && this.pictures.measure(), MEASURED_EVERY_MS),
            setInterval(() => this.sync(), LOOKED_AT_EVERY_MS),
        ];
    }

    close() {
        this.#closed = true;
        this.own.close();
        this.#timers.forEach(clearInterval);
        clearTimeout(this.#broken);
        document.querySelector("dialog")?.remove();
        document.body.classList.remove("calling");
        this.stage.clear();
    }

    connected() {
        this.since = Date.now();
        this.hands.tellAgain();
        this.sync();
    }

    /** Shows the room anew, once for all events of a moment. */
    later() {
        if (this.#pending) return;
        this.#pending = true;
        setTimeout(() => {
            this.#pending = false;
            this.sync();
        }, 30);
    }

    sync() {
        if (this.#closed) return;
        const { localParticipant: own, remoteParticipants: others } = this.room;
        const { soundOnly } = this.pictures;
        this.voices.sync(this.room);
        this.pictures.keep();
        this.stage.sync(this.room, { raised: this.hands.raised, soundOnly, ownName: this.name });
        this.bar.update({
            microphone: this.own.isOn("microphone"),
            camera: this.own.isOn("camera"),
            hand: this.hands.own,
            screen: own.isScreenShareEnabled,
            sound_only: soundOnly,
        });
        saySo(this.count, ["present", { count: others.size + 1 }]);
        saySo(this.line, `line_${this.pictures.quality ?? "unknown"}`);
        if (others.size > 0 || this.since === null) this.notices.drop("alone");
        else if (!this.notices.has("alone")) this.notices.put("alone", "alone");
    }

    /** @param {boolean} broken */
    reconnecting(broken) {
        clearTimeout(this.#broken);
        if (broken) this.#broken = setTimeout(() => this.notices.put("line", "reconnecting"), SHOWN_AFTER_MS);
        else this.notices.drop("line");
        this.since = broken ? null : Date.now();
    }

    /** @param {boolean} blocked by the browser, until a button is pressed */
    soundBlocked(blocked) {
        if (!blocked) return this.notices.drop("sound");
        const allow = button("sound_allow", () => this.room.startAudio());
        alertAbout("sound_blocked");
        this.notices.put("sound", "sound_blocked", allow);
    }

    /** @param {string} identity @param {boolean} up */
    #handChanged(identity, up) {
        const own = identity === this.room.localParticipant.identity;
        const name = this.room.remoteParticipants.get(identity)?.name || say("someone");
        if (own) announce(up ? "own_hand_up" : "own_hand_down");
        else if (up) announce("hand_raised", { name });
        this.later();
    }
}
