/**
 * This person's camera and microphone between the views: what is open, what is wanted, and which devices were chosen.
 */
import { close, openBoth, openCamera, openMicrophone } from "./devices.js";

export class Kit {
    constructor() {
        /** @type {import("./devices.js").Chosen} */
        this.chosen = {};
        /** @type {{camera: MediaStreamTrack | null, microphone: MediaStreamTrack | null}} */
        this.open = { camera: null, microphone: null };
        /** @type {{camera: import("./devices.js").Problem | null, microphone: import("./devices.js").Problem | null}} */
        this.problems = { camera: null, microphone: null };
        this.wanted = { camera: true, microphone: true };
    }

    async openAll() {
        this.close();
        const { camera, microphone, problems } = await openBoth(this.chosen);
        this.open = { camera, microphone };
        this.problems = problems;
    }

    /** Opens or closes one of them. @param {"camera" | "microphone"} kind @param {boolean} on */
    async turn(kind, on) {
        this.wanted[kind] = on;
        close(this.open[kind]);
        this.open[kind] = null;
        if (!on) return;
        const { track, problem } = await (kind === "camera" ? openCamera : openMicrophone)(this.chosen);
        this.open[kind] = track;
        this.problems[kind] = problem;
    }

    /** Hands the open tracks over to whoever publishes them, who closes them as well. */
    handOver() {
        const open = this.open;
        this.open = { camera: null, microphone: null };
        return open;
    }

    close() {
        close(this.open.camera);
        close(this.open.microphone);
        this.open = { camera: null, microphone: null };
    }
}
