// Tones that say whose they are: each participant has a frequency of his own.
const FREQUENCIES = [440, 620, 830, 1070, 1340, 1640, 1970, 2330];
const VOLUME = 0.3;
const WINDOW = 4096;
const AUDIBLE = -60; // dBFS in the tone's own bin
const BINS_OFF = 2;
const LOBE = 3; // bins on each side of a tone that hold its energy (a Blackman window's main lobe)
const PURE = 0.8; // of all energy: noise has peaks as well

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
        const known = level > AUDIBLE && whose >= 0 && this.share(peak) > PURE;
        return { whose: known ? whose : null, level };
    }

    // How much of the whole energy stands around one bin.
    share(peak) {
        let whole = 0;
        let near = 0;
        this.bins.forEach((level, at) => {
            const energy = 10 ** (level / 10);
            whole += energy;
            near += Math.abs(at - peak) <= LOBE ? energy : 0;
        });
        return near / whole;
    }

    close() {
        this.source.disconnect();
    }
}
