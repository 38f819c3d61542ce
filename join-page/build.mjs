// Builds the join page into dist/: files named by their content, and manifest.json, which is written last.
import { rm, writeFile, readFile, readdir } from "node:fs/promises";
import { basename } from "node:path";
import { build } from "esbuild";

const DIST = new URL("dist/", import.meta.url);

await rm(DIST, { recursive: true, force: true });
const result = await build({
    absWorkingDir: new URL(".", import.meta.url).pathname,
    entryPoints: { app: "src/main.js", page: "src/page.css" },
    outdir: "dist",
    bundle: true,
    splitting: true,
    format: "esm",
    target: ["chrome100", "firefox100", "safari15.4"],
    minify: true,
    charset: "utf8",
    legalComments: "none",
    entryNames: "[name]-[hash]",
    chunkNames: "[name]-[hash]",
    metafile: true,
    logLevel: "warning",
});

const outputs = Object.entries(result.metafile.outputs);
const named = (ending) => outputs.find(([path, made]) => made.entryPoint?.endsWith(ending) && path)?.[0];
const late = outputs.filter(([path, made]) => made.entryPoint === "src/call/call.js" && path).map(([path]) => path);

/** The licences of what is bundled, for whoever asks: they stay beside the files. */
async function licences() {
    const packages = new Set();
    for (const [, made] of outputs) {
        for (const input of Object.keys(made.inputs)) {
            const found = /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input);
            if (found) packages.add(found[1]);
        }
    }
    const texts = [];
    for (const name of [...packages].sort()) {
        const folder = new URL(`node_modules/${name}/`, import.meta.url);
        const about = JSON.parse(await readFile(new URL("package.json", folder), "utf8"));
        const file = (await readdir(folder)).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
        const text = file ? await readFile(new URL(file, folder), "utf8") : "";
        texts.push(`${name} ${about.version} (${about.license})\n\n${text}`);
    }
    return texts.join(`\n${"-".repeat(80)}\n\n`);
}

await writeFile(new URL("licences.txt", DIST), await licences());
await writeFile(
    new URL("manifest.json", DIST),
    JSON.stringify({
        script: basename(named("main.js")),
        style: basename(named("page.css")),
        later: late.map((path) => basename(path)),
        files: outputs.map(([path]) => basename(path)).sort(),
    }),
);
