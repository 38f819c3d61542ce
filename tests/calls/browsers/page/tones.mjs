// Tones that say whose they are: each participant has a frequency of his own.
const FREQUENCIES = [440, 620, 830, 1070, 1340, 1640, 1970, 2330];
const VOLUME = 0.3;
const WINDOW = 4096;
const AUDIBLE = -60; // dBFS in the tone's own bin
const BINS_OFF = 2;

let shared;

function audio() {
    shared ??= new AudioContext();
    shared.resume();
    return shared;
}

// A track with one participant's tone.
export function tone(number) {
    const context = audio();
    const oscillator = new OscillatorNode(context, { frequency: FREQUENCIES[number] });
    const volume = new GainNode(context, { gain: VOLUME });
    const out = context.createMediaStreamDestination();
    oscillator.connect(volume).connect(out);
    oscillator.start();
    const [track] = out.stream.getAudioTracks();
    track.addEventListener("ended", () => oscillator.stop());
    return track;
}

export class Ear {
    constructor(track) {
        this.source = audio().createMediaStreamSource(new MediaStream([track]));
        this.analyser = new AnalyserNode(audio(), { fftSize: WINDOW, smoothingTimeConstant: 0 });
        this.source.connect(this.analyser);
        this.bins = new Float32Array(this.analyser.frequencyBinCount);
    }

    // Whose tone is the loudest thing in this track, and its level; whose is null when no known tone is.
    hear() {
        this.analyser.getFloatFrequencyData(this.bins);
        const peak = this.bins.reduce((best, level, at, all) => (level > all[best] ? at : best), 0);
        const level = Math.max(this.bins[peak], -200);
        const width = audio().sampleRate / WINDOW;
        const whose = FREQUENCIES.findIndex((frequency) => Math.abs(frequency / width - peak) < BINS_OFF);
        return { whose: level > AUDIBLE && whose >= 0 ? whose : null, level };
    }

    close() {
        this.source.disconnect();
    }
}
