/** The first view: what this is, and the person's name. */
import { make } from "../dom.js";
import { show } from "../shell.js";

const LONGEST = 60;

/**
 * @param {{when: string | null, waits: boolean, name: string}} known
 * @param {(name: string) => void} done
 */
export function start(known, done) {
    const input = make("input", {
        id: "name",
        name: "name",
        type: "text",
        autocomplete: "name",
        maxlength: LONGEST,
        required: true,
        "aria-describedby": "name-help name-fault",
        value: known.name,
    });
    const fault = make("p", { id: "name-fault", class: "fault" });
    const form = make(
        "form",
        { novalidate: true, on: { submit: submitted } },
        make("label", { for: "name", word: "your_name" }),
        make("p", { id: "name-help", class: "quiet", word: "name_help" }),
        input,
        fault,
        make("button", { type: "submit", class: "button first" }, make("span", { word: "go_on" })),
    );

    /** @param {Event} event */
    function submitted(event) {
        event.preventDefault();
        const name = input.value.trim().replace(/\s+/g, " ");
        if (name) return done(name);
        input.setAttribute("aria-invalid", "true");
        fault.replaceChildren(make("span", { word: "name_missing" }));
        input.focus();
    }

    show(
        "welcome",
        make("p", { word: known.waits ? "welcome_text" : "welcome_practice" }),
        known.when && make("p", { class: "when" }, make("span", { word: "when" }), ` ${known.when}`),
        form,
        make("p", { class: "quiet privacy", word: "privacy" }),
    );
}
