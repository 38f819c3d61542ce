/** What stands around every view: the languages above, and the one view itself with its heading. */
import { byId, make, saySo } from "./dom.js";
import { LANGUAGES, choose, language, of, onLanguage, say } from "./words.js";

const NAMES = { fi: "Suomi", sv: "Svenska", en: "English" };

/** @type {import("./words.js").Text} */
let title = { fi: "", sv: "", en: "" };
/** @type {string | null} */
let heading = null;

/** @param {import("./words.js").Text} name */
export function beginShell(name) {
    title = name;
    saySo(byId("skip"), "skip");
    onLanguage(titled);
    onLanguage(() => document.querySelectorAll("button.language").forEach(mark));
}

/** The choice of language. */
export function languages() {
    const buttons = LANGUAGES.map((wanted) =>
        make(
            "button",
            { type: "button", class: "language", lang: wanted, on: { click: () => choose(wanted) } },
            NAMES[wanted],
        ),
    );
    buttons.forEach(mark);
    return make("div", { class: "languages", role: "group", label: "languages" }, ...buttons);
}

/** @param {Element} button */
function mark(button) {
    button.setAttribute("aria-pressed", String(button.getAttribute("lang") === language()));
}

/** The conference's name, in the language that is chosen. @param {string} tag @param {string} [kind] */
export function conferenceName(tag, kind = "") {
    return make(tag, { class: kind, text: title });
}

/**
 * Puts a view in place of the last one, and the focus on its heading.
 * @param {string} key the heading's words; stands in the window's title as well
 * @param {...(Node | null | false)} children
 */
export function show(key, ...children) {
    heading = key;
    const top = make("h1", { tabindex: "-1", word: key });
    const card = make("div", { class: "card" }, top, ...children);
    const header = make("header", { class: "top" }, conferenceName("p", "conference"), languages());
    replace(make("main", { id: "main" }, card), header);
    top.focus();
}

/** Puts a whole page of its own. @param {Node} main @param {Node} header @param {string} [key] */
export function replace(main, header, key) {
    if (key) heading = key;
    byId("page").replaceChildren(header, main);
    titled();
    window.scrollTo(0, 0);
}

function titled() {
    document.title = [heading ? say(heading) : "", of(title)].filter(Boolean).join(" · ");
}

/**
 * A large button.
 * @param {string} word
 * @param {() => unknown} press
 * @param {{kind?: string, icon?: Node}} [how]
 */
export function button(word, press, { kind = "first", icon } = {}) {
    return make(
        "button",
        { type: "button", class: `button ${kind}`, on: { click: press } },
        icon,
        make("span", { word }),
    );
}
