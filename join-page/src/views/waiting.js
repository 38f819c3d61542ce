/** The views between the check and the conference, and those after it. */
import { byId, make } from "../dom.js";
import { notice } from "../problems.js";
import { button, show } from "../shell.js";

/** Whether nobody answers at the door: it is said in whichever of these views is shown. @param {boolean} silent */
export function trouble(silent) {
    const place = byId("trouble");
    if (place && silent !== place.hasChildNodes()) place.replaceChildren(...(silent ? [notice("no_answer")] : []));
}

function troublePlace() {
    return make("div", { id: "trouble", role: "alert" });
}

/**
 * @param {import("../kit.js").Kit} kit
 * @param {() => void} leave
 */
export function waiting(kit, leave) {
    const preview = make("video", { autoplay: true, playsinline: true, class: "own small", label: "own_picture" });
    preview.muted = true;
    if (kit.open.camera) preview.srcObject = new MediaStream([kit.open.camera]);
    show(
        "waiting_title",
        make("p", { role: "status", class: "large", word: "waiting_text" }),
        make("div", { class: "dots", "aria-hidden": "true" }, make("i"), make("i"), make("i")),
        troublePlace(),
        kit.open.camera && preview,
        make("p", { class: "quiet", word: "waiting_more" }),
        button("leave", leave, { kind: "second" }),
    );
}

/** @param {{accept: () => void, refuse: () => void}} answers */
export function inUse({ accept, refuse }) {
    show(
        "in_use_title",
        make("p", { word: "in_use_text" }),
        button("in_use_yes", accept),
        button("in_use_no", refuse, { kind: "second" }),
    );
}

/** @param {string} key the words before a title: `<key>_title`, `<key>_text` @param {() => void} [again] */
export function ended(key, again) {
    show(`${key}_title`, make("p", { word: `${key}_text` }), again && button("come_back", again));
}

/** @param {import("../words.js").Text} reason @param {() => void} again */
export function turned(reason, again) {
    show("turned_title", make("p", { text: reason }), button("try_again", again, { kind: "second" }));
}

/** @param {() => void} cancel */
export function connecting(cancel) {
    show(
        "connecting_title",
        make("p", { role: "status", word: "connecting_text" }),
        make("div", { class: "dots", "aria-hidden": "true" }, make("i"), make("i"), make("i")),
        troublePlace(),
        button("leave", cancel, { kind: "second" }),
    );
}
