/** The second view: picture, microphone and speaker are tried, and then one joins with what there is. */
import { announce } from "../announce.js";
import { choosesSpeaker } from "../devices.js";
import { drawing, make, saySo } from "../dom.js";
import { ICONS, struck } from "../icons.js";
import { helpFor, notice } from "../problems.js";
import { button, show } from "../shell.js";
import { measure, playNotes } from "../sound.js";
import { picker } from "./picker.js";

const HEARD_AT = 0.35;

/**
 * @param {import("../kit.js").Kit} kit
 * @param {() => void} join
 */
export function check(kit, join) {
    const preview = make("video", { autoplay: true, playsinline: true, class: "own", label: "own_picture" });
    preview.muted = true;
    const covered = make("p", { class: "covered", word: "camera_off_now" });
    const bar = make("span", { class: "level-bar" });
    const level = make(
        "div",
        { class: "level", role: "meter", label: "level", "aria-valuemin": 0, "aria-valuemax": 100, "aria-valuenow": 0 },
        bar,
    );
    const heard = make("p", { class: "heard", word: "speak_to_try" });
    const help = make("div", { class: "helps" });
    const cameraSwitch = onOff("camera", () => turn("camera"));
    const microphoneSwitch = onOff("microphone", () => turn("microphone"));
    const pickers = {
        camera: picker(
            "camera",
            () => kit.chosen.camera,
            (id) => pick("camera", id),
        ),
        microphone: picker(
            "microphone",
            () => kit.chosen.microphone,
            (id) => pick("microphone", id),
        ),
        speaker: picker(
            "speaker",
            () => kit.chosen.speaker,
            (id) => (kit.chosen.speaker = id),
        ),
    };
    const joining = button("join", finish);
    let stopMeasuring = () => {};
    let wasHeard = false;

    show(
        "check_title",
        make("p", { word: "check_text" }),
        help,
        make(
            "div",
            { class: "check" },
            make(
                "section",
                { class: "check-picture", label: "picture" },
                make("div", { class: "preview" }, preview, covered),
                cameraSwitch.element,
                pickers.camera.element,
            ),
            make(
                "section",
                { class: "check-sound", label: "sound" },
                make("h2", { word: "microphone" }),
                level,
                heard,
                microphoneSwitch.element,
                pickers.microphone.element,
                make("h2", { word: "speaker" }),
                make("p", { word: "sound_help" }),
                button("play_sound", tryOut, { kind: "second", icon: drawing(ICONS.sound) }),
                choosesSpeaker() && pickers.speaker.element,
            ),
        ),
        make("p", { class: "quiet", word: "check_later" }),
        make("div", { class: "joining" }, joining),
    );
    openAll();
    const changed = () => Object.values(pickers).forEach((one) => one.refresh());
    navigator.mediaDevices?.addEventListener?.("devicechange", changed);

    async function openAll() {
        help.replaceChildren(make("p", { class: "asking", role: "status", word: "asking" }));
        await kit.openAll();
        redraw();
    }

    /** @param {"camera" | "microphone"} kind */
    async function turn(kind) {
        await kit.turn(kind, kit.open[kind] === null);
        redraw();
    }

    /** @param {"camera" | "microphone"} kind @param {string} id */
    async function pick(kind, id) {
        kit.chosen[kind] = id;
        await kit.turn(kind, true);
        redraw();
    }

    async function tryOut() {
        announce("sound_plays");
        await playNotes(kit.chosen.speaker).catch(() => announce("sound_failed"));
    }

    function redraw() {
        if (!preview.isConnected) return kit.close();
        const { camera, microphone } = kit.open;
        preview.srcObject = camera ? new MediaStream([camera]) : null;
        preview.hidden = !camera;
        covered.hidden = Boolean(camera);
        cameraSwitch.set(Boolean(camera));
        microphoneSwitch.set(Boolean(microphone));
        const key = helpFor({
            camera: kit.wanted.camera ? kit.problems.camera : null,
            microphone: kit.wanted.microphone ? kit.problems.microphone : null,
        });
        help.replaceChildren(...(key ? [notice(key, button("try_again", openAll, { kind: "second" }))] : []));
        if (key) announce(key);
        listen(microphone);
        saySo(joining.querySelector("span"), camera ? "join" : microphone ? "join_sound_only" : "join_listening");
        Object.values(pickers).forEach((one) => one.refresh());
    }

    /** @param {MediaStreamTrack | null} microphone */
    function listen(microphone) {
        stopMeasuring();
        level.hidden = !microphone;
        saySo(heard, microphone ? (wasHeard ? "you_are_heard" : "speak_to_try") : "microphone_off_now");
        stopMeasuring = microphone ? measure(microphone, measured) : () => {};
    }

    /** @param {number} share */
    function measured(share) {
        if (!level.isConnected) return stopMeasuring();
        bar.style.width = `${Math.round(share * 100)}%`;
        level.setAttribute("aria-valuenow", String(Math.round(share * 10) * 10));
        if (wasHeard || share < HEARD_AT) return;
        wasHeard = true;
        saySo(heard, "you_are_heard");
        heard.classList.add("good");
        announce("you_are_heard");
    }

    function finish() {
        stopMeasuring();
        navigator.mediaDevices?.removeEventListener?.("devicechange", changed);
        join();
    }
}

/** @param {"camera" | "microphone"} kind @param {() => void} press */
function onOff(kind, press) {
    const word = make("span", {});
    const icon = make("span", { class: "icon-place" });
    const element = make("button", { type: "button", class: "button second", on: { click: press } }, icon, word);
    /** @param {boolean} on */
    const set = (on) => {
        icon.replaceChildren(drawing(on ? ICONS[kind] : struck(kind)));
        saySo(word, on ? `turn_${kind}_off` : `turn_${kind}_on`);
    };
    set(false);
    return { element, set };
}
