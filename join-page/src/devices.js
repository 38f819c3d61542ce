/**
 * Camera, microphone and speaker of this device: opening them, listing them, and why it did not work.
 *
 * @typedef {"refused" | "missing" | "busy" | "insecure" | "failed"} Problem
 * @typedef {{camera?: string, microphone?: string, speaker?: string}} Chosen  device ids
 */

export const CAMERA = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 24, max: 30 } };
export const MICROPHONE = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };

/** @type {Record<string, Problem>} */
const PROBLEMS = {
    NotAllowedError: "refused",
    SecurityError: "refused",
    NotFoundError: "missing",
    OverconstrainedError: "missing",
    NotReadableError: "busy",
    AbortError: "busy",
};

/** @param {unknown} error @returns {Problem} */
export function problemOf(error) {
    return PROBLEMS[/** @type {any} */ (error)?.name] ?? "failed";
}

/**
 * Opens both with one question to the person, and what can be had where both can't.
 * @param {Chosen} chosen
 * @returns {Promise<{camera: MediaStreamTrack | null, microphone: MediaStreamTrack | null,
 *     problems: {camera: Problem | null, microphone: Problem | null}}>}
 */
export async function openBoth(chosen) {
    try {
        const stream = await ask({ video: camera(chosen), audio: microphone(chosen) });
        return { ...tracksOf(stream), problems: { camera: null, microphone: null } };
    } catch {
        const sound = await openMicrophone(chosen);
        const picture = await openCamera(chosen);
        return {
            camera: picture.track,
            microphone: sound.track,
            problems: { camera: picture.problem, microphone: sound.problem },
        };
    }
}

/** @param {Chosen} chosen */
export function openCamera(chosen) {
    return one({ video: camera(chosen) });
}

/** @param {Chosen} chosen */
export function openMicrophone(chosen) {
    return one({ audio: microphone(chosen) });
}

/** @param {MediaStreamConstraints} wanted @returns {Promise<{track: MediaStreamTrack | null, problem: Problem | null}>} */
async function one(wanted) {
    try {
        const [track] = (await ask(wanted)).getTracks();
        return { track: track ?? null, problem: null };
    } catch (error) {
        return { track: null, problem: error === INSECURE ? "insecure" : problemOf(error) };
    }
}

const INSECURE = new Error("media devices need https or localhost");

/** @param {MediaStreamConstraints} wanted */
function ask(wanted) {
    if (!navigator.mediaDevices?.getUserMedia) return Promise.reject(INSECURE);
    return navigator.mediaDevices.getUserMedia(wanted);
}

/** @param {MediaStream} stream */
function tracksOf(stream) {
    return { camera: stream.getVideoTracks()[0] ?? null, microphone: stream.getAudioTracks()[0] ?? null };
}

/** @param {Chosen} chosen */
function camera(chosen) {
    return { ...CAMERA, ...(chosen.camera ? { deviceId: { ideal: chosen.camera } } : { facingMode: "user" }) };
}

/** @param {Chosen} chosen */
function microphone(chosen) {
    return { ...MICROPHONE, ...(chosen.microphone ? { deviceId: { ideal: chosen.microphone } } : {}) };
}

export const KINDS = /** @type {const} */ ({
    camera: "videoinput",
    microphone: "audioinput",
    speaker: "audiooutput",
});

/** Devices of a kind; those that may not be named yet are left out. @param {keyof typeof KINDS} kind */
export async function devicesOf(kind) {
    const all = (await navigator.mediaDevices?.enumerateDevices?.()) ?? [];
    return all.filter((device) => device.kind === KINDS[kind] && device.deviceId !== "" && device.label !== "");
}

/** Whether this browser lets a page choose where its sound goes. */
export function choosesSpeaker() {
    return "setSinkId" in HTMLMediaElement.prototype;
}

/** @param {MediaStreamTrack | null | undefined} track */
export function close(track) {
    track?.stop();
}
