// SPDX-License-Identifier: GPL-2.0-or-later
// trace.mjs PROGRAM SOURCE: a trace for Perfetto, read by the reader of Chrome's own performance panel: each context
// is a thread of its name, with the slices that were written, nested as they were written.
import assert from "node:assert";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

const [program, source] = process.argv.slice(2);
globalThis.DOMRect ??= class {
	constructor(x, y, width, height) { Object.assign(this, { x, y, width, height }); }
};
let Trace;
try {
	Trace = await import("@paulirish/trace_engine/models/trace/trace.js");
} catch {
	console.log("skipped: no @paulirish/trace_engine; 'npm install' in tests/page");
	process.exit(77);
}

// How deep slices of one thread lie within each other, by their times alone; apart from that they may not overlap.
function depthOf(slices) {
	const open = [];
	let deepest = 0;
	for (const slice of [...slices].sort((a, b) => a.ts - b.ts || b.dur - a.dur)) {
		const end = slice.ts + slice.dur;
		while (open.length && open.at(-1) <= slice.ts) open.pop();
		assert.ok(!open.length || end <= open.at(-1) + 1e-6, `${slice.name} at ${slice.ts} ends outside of what it is in`);
		open.push(end);
		deepest = Math.max(deepest, open.length);
	}
	return deepest;
}

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "faultline-trace-"));
process.on("exit", () => fs.rmSync(folder, { recursive: true }));
for (const name of ["core-v2-storm-gated", "core-v3-storm-before-mask"]) {
	const file = path.join(folder, `${name}.perfetto.json`);
	const run = spawnSync(program, ["replay", "--quiet", "--trace", file, path.join(source, "corpus", "findings", `${name}.case`)]);
	assert.equal(run.status, 1, String(run.stderr));
	const events = JSON.parse(fs.readFileSync(file, "utf8")).traceEvents;
	const names = new Map(events.filter((event) => event.name === "thread_name").map((event) => [`${event.pid}/${event.tid}`, event.args.name]));
	const slices = new Map();
	for (const event of events.filter((event) => event.ph === "X")) {
		const key = `${event.pid}/${event.tid}`;
		slices.set(key, [...(slices.get(key) ?? []), event]);
	}
	assert.ok(slices.size >= 4 && [...slices.values()].flat().length > 50);

	const model = Trace.TraceModel.Model.createWithAllHandlers();
	await model.parse(structuredClone(events), {});
	const read = model.parsedTrace();
	assert.ok(read.data.Meta.traceIsGeneric, "it is no trace of a web page");
	assert.equal(read.traceEvents.length, events.length, "an event was dropped");
	const seen = new Set();
	for (const [pid, process] of read.data.Renderer.processes) {
		for (const [tid, thread] of process.threads) {
			const key = `${pid}/${tid}`;
			assert.equal(thread.name, names.get(key));
			assert.equal(thread.entries.length, slices.get(key).length, thread.name);
			assert.equal(thread.tree.maxDepth, depthOf(slices.get(key)), thread.name);
			seen.add(key);
		}
	}
	assert.deepEqual([...seen].sort(), [...slices.keys()].sort());
	console.log(`${name}: ${events.length} events, ${seen.size} threads with slices`);
}
