/** How media are sent and received: for people who talk, on lines of every kind. */
import { AudioPresets, VideoPresets } from "livekit-client";
import { CAMERA, MICROPHONE } from "../devices.js";

const LONGEST_PAUSE_MS = 2000;

/** @param {import("../devices.js").Chosen} chosen @returns {import("livekit-client").RoomOptions} */
export function roomOptions(chosen) {
    return {
        adaptiveStream: true,
        dynacast: true,
        disconnectOnPageLeave: true,
        reconnectPolicy: { nextRetryDelayInMs },
        videoCaptureDefaults: { ...ideal(chosen.camera), resolution: VideoPresets.h720.resolution },
        audioCaptureDefaults: { ...ideal(chosen.microphone), ...MICROPHONE },
        audioOutput: chosen.speaker ? { deviceId: chosen.speaker } : undefined,
        publishDefaults: {
            videoCodec: "vp8",
            backupCodec: false,
            simulcast: true,
            audioPreset: AudioPresets.speech,
            dtx: true,
            red: false,
        },
    };
}

/**
 * An engine that is started again answers within seconds: it is asked often at first, at moments of each one's own.
 * After a minute the page takes over, with a new token.
 * @param {{elapsedMs: number}} context
 */
export function nextRetryDelayInMs({ elapsedMs }) {
    if (elapsedMs > 60_000) return null;
    return (elapsedMs < 15_000 ? 400 : 2000) * (0.5 + Math.random());
}

/** @param {import("../devices.js").Chosen} chosen */
export function cameraConstraints(chosen) {
    return { ...CAMERA, ...ideal(chosen.camera) };
}

/** @param {import("../devices.js").Chosen} chosen */
export function microphoneConstraints(chosen) {
    return { ...MICROPHONE, ...ideal(chosen.microphone) };
}

/** @param {string | undefined} id */
function ideal(id) {
    return id ? { deviceId: { ideal: id } } : {};
}

/** Milliseconds before the n-th try to come in again, from 0. @param {number} tries */
export function pauseBefore(tries) {
    return tries === 0 ? 0 : Math.min(LONGEST_PAUSE_MS, 500 * 2 ** (tries - 1));
}
