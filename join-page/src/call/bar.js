/** The controls: few, large, with words, and always in the same place. */
import { drawing, make, saySo } from "../dom.js";
import { ICONS, struck } from "../icons.js";

/**
 * @typedef {"microphone" | "camera" | "hand" | "screen" | "sound_only" | "settings" | "leave"} Control
 * @typedef {Record<Control, () => unknown>} Presses
 */

/** What stands under each drawing, switched on and off; null: not shown. @type {Record<string, {icon: keyof typeof ICONS, on: string, off: string}>} */
const TOGGLES = {
    microphone: { icon: "microphone", on: "microphone_on", off: "microphone_off" },
    camera: { icon: "camera", on: "camera_on", off: "camera_off" },
    hand: { icon: "hand", on: "hand_down", off: "hand_up" },
    screen: { icon: "screen", on: "screen_stop", off: "screen_share" },
    sound_only: { icon: "picture", on: "pictures_on", off: "pictures_off" },
};

export class Bar {
    /** @param {Presses} presses @param {{sharesScreen: boolean}} can */
    constructor(presses, { sharesScreen }) {
        /** @type {Record<string, {button: any, word: any, place: any}>} */
        this.toggles = {};
        const names = Object.keys(TOGGLES).filter((name) => name !== "screen" || sharesScreen);
        for (const name of names) this.toggles[name] = control(name, presses[/** @type {Control} */ (name)]);
        const settings = control("settings", presses.settings);
        settings.place.append(drawing(ICONS.settings));
        saySo(settings.word, "settings");
        const leave = control("leave", presses.leave);
        leave.place.append(drawing(ICONS.leave));
        saySo(leave.word, "leave");
        const buttons = [...names.map((name) => this.toggles[name].button), settings.button, leave.button];
        this.element = make("div", { class: `bar of-${buttons.length}`, role: "group", label: "controls" }, ...buttons);
    }

    /** @param {Record<string, boolean>} states by control: on or off */
    update(states) {
        for (const [name, on] of Object.entries(states)) {
            const toggle = this.toggles[name];
            if (!toggle || toggle.button.dataset.state === String(on)) continue;
            const { icon, on: whenOn, off: whenOff } = TOGGLES[name];
            toggle.button.dataset.state = String(on);
            const crossed = name === "microphone" || name === "camera" ? !on : name === "sound_only" && !on;
            toggle.place.replaceChildren(drawing(crossed ? struck(icon) : ICONS[icon]));
            saySo(toggle.word, on ? whenOn : whenOff);
        }
    }

    /** @param {string} name */
    focus(name) {
        this.toggles[name]?.button.focus();
    }

    /** @param {string} name @param {boolean} busy */
    busy(name, busy) {
        this.toggles[name]?.button.setAttribute("aria-busy", String(busy));
    }
}

/** @param {string} name @param {() => unknown} press */
function control(name, press) {
    const place = make("span", { class: "icon-place" });
    const word = make("span", { class: "control-word" });
    const button = make("button", { type: "button", class: `control ${name}`, on: { click: press } }, place, word);
    return { button, word, place };
}
