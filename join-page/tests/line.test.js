import assert from "node:assert/strict";
import { test } from "node:test";
import { LineJudge } from "../src/call/line.js";
import { shareOf } from "../src/call/loss.js";

/** Two seconds at a time, as the page measures. */
function lasting(judge, quality, seconds, from, loss = 0) {
    let changed = null;
    for (let at = from; at <= from + seconds * 1000; at += 2000) {
        if (judge.observe(quality, loss, at) && changed === null) changed = (at - from) / 1000;
    }
    return changed;
}

test("a line that is poor for eight seconds gives up its pictures, a shorter dip does not", () => {
    const judge = new LineJudge();
    assert.equal(lasting(judge, "poor", 6, 0), null);
    assert.equal(lasting(judge, "fair", 2, 8000), null);
    assert.equal(lasting(judge, "poor", 20, 12_000), 8);
    assert.equal(judge.soundOnly, true);
});

test("sound that is lost counts as a poor line, whatever the quality is called", () => {
    const judge = new LineJudge();
    assert.equal(lasting(judge, "good", 20, 0, 0.1), null);
    assert.equal(lasting(judge, "good", 20, 30_000, 0.15), 8);
});

test("pictures come back after half a minute, and later each time the line falls back", () => {
    const judge = new LineJudge();
    let at = 0;
    const waits = [];
    for (let round = 0; round < 7; round += 1) {
        lasting(judge, "poor", 10, at);
        waits.push(lasting(judge, "good", 700, at + 12_000));
        at += 1_000_000;
    }
    assert.deepEqual(waits, [30, 60, 120, 240, 480, 480, 480]);
});

test("what a person chose by hand stays", () => {
    const judge = new LineJudge();
    judge.choose(false);
    assert.equal(lasting(judge, "poor", 60, 0), null);
    judge.choose(true);
    assert.equal(lasting(judge, "good", 600, 100_000), null);
    assert.equal(judge.soundOnly, true);
});

test("a share of lost packets is told from enough of them, and never less than nothing", () => {
    assert.equal(shareOf(10, 90), 0.1);
    assert.equal(shareOf(5, 5), 0);
    assert.equal(shareOf(-50, 100), 0);
    assert.equal(shareOf(-50, -100), 0);
});
