import assert from "node:assert/strict";
import { test } from "node:test";
import { Word } from "../src/call/word.js";
import { DoorSilent } from "../src/door.js";

/** A door that gives these answers in turn, and then the last one for ever. */
function door(...answers) {
    const asked = { count: 0 };
    asked.ask = async () => {
        const answer = answers[Math.min(asked.count, answers.length - 1)];
        asked.count += 1;
        if (answer instanceof Error) throw answer;
        return answer;
    };
    return asked;
}

const let_ = (has_word) => ({ state: "let", media: {}, name: "", has_word });

async function pass(t, ms) {
    t.mock.timers.tick(ms);
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
}

test("whoever was not muted asks nothing", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const asked = door(let_(null));
    new Word({ ask: asked.ask, changed: () => assert.fail() });
    await pass(t, 60_000);
    assert.equal(asked.count, 0);
});

test("a word that is given back is told once, and taken again it is told too", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const told = [];
    const asked = door(let_(false), let_(false), let_(true), let_(true), let_(false));
    const word = new Word({ ask: asked.ask, changed: (has) => told.push(has) });
    word.taken();
    for (const expected of [[], [], [true], [true], [true, false]]) {
        await pass(t, 2000);
        assert.deepEqual(told, expected);
    }
});

test("a door that is silent, busy or says something else changes nothing and is asked again", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const told = [];
    const answers = [new DoorSilent("away"), { state: "waiting" }, let_(null), { state: "busy" }, let_(true)];
    const asked = door(...answers);
    const word = new Word({ ask: asked.ask, changed: (has) => told.push(has) });
    word.taken();
    for (const wait of [2000, 2000, 2000, 2000]) await pass(t, wait);
    await pass(t, 7000);
    assert.equal(asked.count, 4, "a busy door is left in peace for a while");
    await pass(t, 1000);
    assert.deepEqual(told, [true]);
});

test("once it is of no matter nothing is asked, and no late answer is heeded", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    let answer;
    let count = 0;
    const ask = () => {
        count += 1;
        return new Promise((resolve) => (answer = resolve));
    };
    const word = new Word({ ask, changed: () => assert.fail() });
    word.taken();
    await pass(t, 2000);
    word.settle();
    answer(let_(true));
    await pass(t, 60_000);
    assert.equal(count, 1);
});
