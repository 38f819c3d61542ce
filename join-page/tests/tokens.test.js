import assert from "node:assert/strict";
import { test } from "node:test";
import { MediaTokens } from "../src/tokens.js";

const grant = (token, lasts_s = 600) => ({ url: "wss://media.example", token, lasts_s });

test("a token that is good for a while yet is not asked for again", async () => {
    let now = 0;
    let asked = 0;
    const tokens = new MediaTokens({ ask: async () => grant(`asked ${(asked += 1)}`), now: () => now });
    tokens.take(grant("first"));
    assert.equal((await tokens.current()).token, "first");
    now += 500_000;
    assert.equal((await tokens.current()).token, "first");
    now += 20_000;
    assert.equal((await tokens.current()).token, "asked 1", "less than ninety seconds are left");
    assert.equal((await tokens.current()).token, "asked 1");
});

test("many who want a new token ask once", async () => {
    let asked = 0;
    const tokens = new MediaTokens({ ask: async () => grant(`asked ${(asked += 1)}`) });
    const found = await Promise.all([tokens.fresh(), tokens.fresh(), tokens.current()]);
    assert.deepEqual(
        found.map(({ token }) => token),
        ["asked 1", "asked 1", "asked 1"],
    );
    assert.equal((await tokens.fresh()).token, "asked 2");
});

test("while it is started it renews before the end, again and again", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout", "Date"] });
    let asked = 0;
    const tokens = new MediaTokens({ ask: async () => grant(`asked ${(asked += 1)}`) });
    tokens.take(grant("first"));
    tokens.start();
    for (const expected of [1, 2, 3]) {
        t.mock.timers.tick(509_000);
        await settled();
        assert.equal(asked, expected - 1);
        t.mock.timers.tick(1_000);
        await settled();
        assert.equal(asked, expected);
    }
    tokens.stop();
    t.mock.timers.tick(10_000_000);
    await settled();
    assert.equal(asked, 3, "and not once it is stopped");
});

test("nobody answers: it asks again; refused: it says so and stops", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout", "Date"] });
    const answers = [() => Promise.reject(new Error("silent")), async () => null];
    let refused = 0;
    const tokens = new MediaTokens({ ask: () => answers.shift()(), onRefused: () => (refused += 1) });
    tokens.take(grant("first"));
    tokens.start();
    t.mock.timers.tick(510_000);
    await settled();
    assert.equal(refused, 0);
    t.mock.timers.tick(15_000);
    await settled();
    assert.equal(refused, 1);
    t.mock.timers.tick(10_000_000);
    await settled();
    assert.equal(refused, 1);
});

async function settled() {
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
}
