/** Plain help where a camera or a microphone can't be used: what is wrong, what to do, and that one can go on. */
import { drawing, make } from "./dom.js";
import { ICONS } from "./icons.js";

/**
 * @param {{camera: import("./devices.js").Problem | null, microphone: import("./devices.js").Problem | null}} problems
 * @returns {string | null} the key of the words that say it best
 */
export function helpFor({ camera, microphone }) {
    if (camera === "insecure" || microphone === "insecure") return "help_insecure";
    if (camera === "refused" && microphone === "refused") return "help_both_refused";
    if (microphone) return `help_microphone_${microphone}`;
    if (camera) return `help_camera_${camera}`;
    return null;
}

/** @param {string} key @param {...(Node | null | false)} more */
export function notice(key, ...more) {
    return make("div", { class: "notice" }, drawing(ICONS.warning), make("div", {}, make("p", { word: key }), ...more));
}
