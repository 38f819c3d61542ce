/** The choice among several devices of one kind; nothing to see where there is nothing to choose. */
import { make } from "../dom.js";
import { devicesOf } from "../devices.js";

/**
 * @param {"camera" | "microphone" | "speaker"} kind
 * @param {() => string | undefined} chosen
 * @param {(id: string) => void} choose
 * @returns {{element: HTMLElement, refresh: () => Promise<void>}}
 */
export function picker(kind, chosen, choose) {
    const select = make("select", { id: `pick-${kind}`, on: { change: () => choose(select.value) } });
    const element = make(
        "div",
        { class: "picker", hidden: true },
        make("label", { for: `pick-${kind}`, word: `choose_${kind}` }),
        select,
    );
    return { element, refresh };

    async function refresh() {
        const devices = await devicesOf(kind);
        element.hidden = devices.length < 2;
        select.replaceChildren(...devices.map((device) => make("option", { value: device.deviceId }, device.label)));
        const wanted = devices.find((device) => device.deviceId === chosen()) ?? devices[0];
        if (wanted) select.value = wanted.deviceId;
    }
}
