// Pictures that say whose they are. A quarter holds the participant's colour, another says camera or screen, a row
// of squares counts the frames in binary, and the rest moves so that an encoder has work to do.
const COLOURS = [
    [205, 40, 40],
    [40, 150, 60],
    [45, 75, 215],
    [225, 190, 40],
    [190, 60, 190],
    [50, 185, 195],
    [235, 130, 50],
    [120, 80, 50],
];
const LIKE_ENOUGH = 60; // of 441: lossy compression shifts a colour by a tenth of that
const BITS = 12;
const BRIGHT = 128;
const SMALL = { width: 64, height: 36 };

export class Pattern {
    constructor(number, { width, height, screen }) {
        this.canvas = Object.assign(document.createElement("canvas"), { width, height });
        this.context = this.canvas.getContext("2d");
        this.colour = `rgb(${COLOURS[number].join()})`;
        this.screen = screen;
        this.count = 0;
        this.texture = texture(number + 1);
    }

    paint() {
        const { context, count } = this;
        const { width, height } = this.canvas;
        const across = (count * 5) % width;
        context.drawImage(this.texture, -across, height / 2, width, height / 2);
        context.drawImage(this.texture, width - across, height / 2, width, height / 2);
        context.fillStyle = this.colour;
        context.fillRect(0, 0, width / 2, height / 2);
        context.fillStyle = this.screen ? "white" : "black";
        context.fillRect(width / 2, 0, width / 2, height / 2);
        for (let bit = 0; bit < BITS; bit++) {
            context.fillStyle = (count >> bit) & 1 ? "white" : "black";
            context.fillRect((bit * width) / BITS, height * 0.85, width / BITS + 1, height * 0.15);
        }
        this.count++;
    }
}

// What a video element shows: whose picture (null: nobody's), camera or screen, and the counter.
const small = Object.assign(document.createElement("canvas"), SMALL).getContext("2d", { willReadFrequently: true });

export function read(video) {
    small.drawImage(video, 0, 0, SMALL.width, SMALL.height);
    let count = 0;
    for (let bit = 0; bit < BITS; bit++) {
        count |= (luma(mean((bit + 0.3) / BITS, 0.91, 0.4 / BITS, 0.05)) > BRIGHT) << bit;
    }
    const screen = luma(mean(0.6, 0.1, 0.3, 0.3)) > BRIGHT;
    return { whose: nearest(mean(0.1, 0.1, 0.3, 0.3)), screen, count };
}

function mean(left, top, width, height) {
    const area = [left * SMALL.width, top * SMALL.height, Math.max(1, width * SMALL.width), Math.max(1, height * SMALL.height)];
    const { data } = small.getImageData(...area.map(Math.round));
    const sum = [0, 0, 0];
    data.forEach((value, at) => at % 4 < 3 && (sum[at % 4] += value));
    return sum.map((value) => (value * 4) / data.length);
}

const luma = ([red, green, blue]) => 0.299 * red + 0.587 * green + 0.114 * blue;
const distance = (one, other) => Math.hypot(...one.map((value, at) => value - other[at]));

function nearest(seen) {
    const distances = COLOURS.map((colour) => distance(colour, seen));
    const least = Math.min(...distances);
    return least < LIKE_ENOUGH ? distances.indexOf(least) : null;
}

// Noise that looks the same at every run.
function texture(seed) {
    const canvas = Object.assign(document.createElement("canvas"), { width: 160, height: 45 });
    const context = canvas.getContext("2d");
    const image = context.createImageData(canvas.width, canvas.height);
    let state = seed * 2654435761;
    for (let at = 0; at < image.data.length; at++) {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        image.data[at] = at % 4 === 3 ? 255 : state >>> 24;
    }
    context.putImageData(image, 0, 0);
    return canvas;
}
