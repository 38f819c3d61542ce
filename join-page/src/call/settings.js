/** Devices and language within the conference, in a dialogue that keyboard and screen reader stay inside of. */
import { choosesSpeaker } from "../devices.js";
import { make } from "../dom.js";
import { button, languages } from "../shell.js";
import { picker } from "../views/picker.js";

/**
 * @param {import("livekit-client").Room} room
 * @param {import("../devices.js").Chosen} chosen
 * @param {() => void} failed
 */
export function openSettings(room, chosen, failed) {
    const kinds = /** @type {const} */ (["camera", "microphone", "speaker"]);
    const live = { camera: "videoinput", microphone: "audioinput", speaker: "audiooutput" };
    const pickers = kinds
        .filter((kind) => kind !== "speaker" || choosesSpeaker())
        .map((kind) =>
            picker(
                kind,
                () => chosen[kind] ?? room.getActiveDevice(/** @type {any} */ (live[kind])),
                (id) => pick(kind, id),
            ),
        );
    const dialogue = make(
        "dialog",
        { class: "card settings", "aria-labelledby": "settings-title", on: { close: () => dialogue.remove() } },
        make("h2", { id: "settings-title", tabindex: "-1", word: "settings" }),
        make("div", { class: "field" }, make("p", { word: "languages" }), languages()),
        ...pickers.map((one) => one.element),
        button("close", () => dialogue.close()),
    );
    document.body.append(dialogue);
    dialogue.showModal();
    dialogue.querySelector("h2")?.focus();
    pickers.forEach((one) => one.refresh());

    /** @param {"camera" | "microphone" | "speaker"} kind @param {string} id */
    async function pick(kind, id) {
        chosen[kind] = id;
        await room.switchActiveDevice(/** @type {any} */ (live[kind]), id).catch(failed);
    }
}
