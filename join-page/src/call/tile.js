/** One picture with a name: of a person, or of what somebody shows from their screen. */
import { drawing, make, saySo } from "../dom.js";
import { ICONS, struck } from "../icons.js";

/**
 * @typedef {object} Shown
 * @property {import("livekit-client").Track | null} track  none: no picture now
 * @property {string | import("../dom.js").Saying} name
 * @property {boolean} own
 * @property {boolean} screen
 * @property {boolean} muted
 * @property {boolean} speaking
 * @property {boolean} hand
 * @property {boolean} paused  the picture rests because the line is too thin
 * @property {boolean} weak  this person's line is poor
 */

export class Tile {
    /** @type {import("livekit-client").Track | null} */ #track = null;

    constructor() {
        this.video = make("video", { autoplay: true, playsinline: true, hidden: true });
        this.video.muted = true; // sound has elements of its own
        this.blank = make("div", { class: "blank" }, drawing(ICONS.person));
        this.name = make("span", { class: "name" });
        this.mute = state("muted", struck("microphone"), "is_muted");
        this.hand = state("hand", ICONS.hand, "hand_is_up");
        this.weak = state("weak", ICONS.warning, "line_is_weak");
        this.rest = make("p", { class: "rest", word: "picture_rests", hidden: true });
        this.element = make(
            "li",
            { class: "tile" },
            this.video,
            this.blank,
            this.rest,
            this.weak,
            this.hand,
            make("p", { class: "tag" }, this.mute, this.name),
        );
    }

    /** @param {Shown} shown */
    update(shown) {
        this.#show(shown.track);
        if (Array.isArray(shown.name)) saySo(this.name, shown.name);
        else {
            saySo(this.name, null);
            this.name.textContent = shown.name;
        }
        this.mute.hidden = !shown.muted;
        this.hand.hidden = !shown.hand;
        this.weak.hidden = !shown.weak;
        this.rest.hidden = !shown.paused;
        this.element.classList.toggle("speaking", shown.speaking);
        this.element.classList.toggle("screen", shown.screen);
        this.element.classList.toggle("own", shown.own && !shown.screen);
        this.element.classList.toggle("has-picture", shown.track !== null);
    }

    remove() {
        this.#show(null);
        this.element.remove();
    }

    /** @param {import("livekit-client").Track | null} track */
    #show(track) {
        if (track === this.#track) return;
        this.#track?.detach(this.video);
        this.#track = track;
        this.video.hidden = !track;
        this.blank.hidden = Boolean(track);
        if (track) track.attach(this.video);
        this.video.muted = true; // attaching sets it by the track
    }
}

/** A drawing whose meaning is read aloud. @param {string} kind @param {string[]} paths @param {string} word */
function state(kind, paths, word) {
    return make(
        "span",
        { class: `state ${kind}`, hidden: true },
        drawing(paths),
        make("span", { class: "unseen", word }),
    );
}
