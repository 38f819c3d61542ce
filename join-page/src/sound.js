/** The page's own sounds, and how loud the microphone is. */

/** @type {AudioContext | null} */
let context = null;

/** One for the page: browsers allow few. To be called out of a press of a button first, or it stays silent. */
function sounds() {
    context ??= new AudioContext();
    if (context.state === "suspended") context.resume().catch(() => {});
    return context;
}

const NOTES_HZ = [523.25, 659.25, 783.99];
const NOTE_S = 0.45;
const LOUDNESS = 0.12;

/**
 * Three soft notes, on the speaker that was chosen.
 * @param {string | undefined} speaker a device id
 * @returns {Promise<void>} when they have been played
 */
export async function playNotes(speaker) {
    const audio = sounds();
    const out = audio.createMediaStreamDestination();
    const element = new Audio();
    element.srcObject = out.stream;
    if (speaker && "setSinkId" in element) await /** @type {any} */ (element).setSinkId(speaker).catch(() => {});
    await element.play();
    NOTES_HZ.forEach((pitch, index) => note(audio, out, pitch, audio.currentTime + 0.1 + index * NOTE_S));
    await new Promise((resolve) => setTimeout(resolve, (NOTES_HZ.length + 1) * NOTE_S * 1000));
    element.srcObject = null;
}

/** @param {AudioContext} audio @param {AudioNode} out @param {number} pitch Hz @param {number} at seconds */
function note(audio, out, pitch, at) {
    const tone = new OscillatorNode(audio, { type: "sine", frequency: pitch });
    const volume = new GainNode(audio, { gain: 0 });
    volume.gain.setValueAtTime(0, at);
    volume.gain.linearRampToValueAtTime(LOUDNESS, at + 0.05);
    volume.gain.linearRampToValueAtTime(0, at + NOTE_S);
    tone.connect(volume).connect(out);
    tone.start(at);
    tone.stop(at + NOTE_S);
}

const TICK_MS = 80;
const FLOOR_DB = -60;

/**
 * Measures a microphone until it is told to stop.
 * @param {MediaStreamTrack} track
 * @param {(share: number) => void} heard  0 silent … 1 loud
 * @returns {() => void} stops it
 */
export function measure(track, heard) {
    const audio = sounds();
    const source = audio.createMediaStreamSource(new MediaStream([track]));
    const meter = new AnalyserNode(audio, { fftSize: 1024 });
    source.connect(meter);
    const samples = new Float32Array(meter.fftSize);
    const timer = setInterval(() => {
        meter.getFloatTimeDomainData(samples);
        heard(shareOf(samples));
    }, TICK_MS);
    return () => {
        clearInterval(timer);
        source.disconnect();
    };
}

/** Root mean square on a scale of decibels. @param {Float32Array} samples */
export function shareOf(samples) {
    let sum = 0;
    for (const sample of samples) sum += sample * sample;
    const decibels = 10 * Math.log10(sum / samples.length + 1e-12);
    return Math.min(1, Math.max(0, (decibels - FLOOR_DB) / (-10 - FLOOR_DB)));
}
