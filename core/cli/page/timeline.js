// SPDX-License-Identifier: GPL-2.0-or-later
// A timeline as SVG: a row an event, from the top to the bottom. From the left: the step, lanes for power, PM
// status, lines and FSR bits, then a line for the hardware and one for each context, then the words.

const ROW = 21;
const LANE = 20;
const LIFE = 26;
const POWER = ["on", "gated", "off"];
const STATUS = ["active", "resuming", "suspended", "suspending"];
const FSR_BITS = [[1, "TF"], [2, "AFF"], [3, "PF"], [4, "EF"], [5, "TLBMCF"], [6, "TLBLKF"], [7, "ASF"], [8, "UUT"], [30, "SS"], [31, "MULTI"]];
const GFSR_BITS = [[0, "ICF"], [1, "USF"], [2, "SMCF"], [3, "UCBF"], [4, "UCIF"], [5, "CAF"], [6, "EF"], [7, "PF"], [8, "UUT"], [31, "MULTI"]];
const KIND_COLOURS = { hardware: "hardware", task: "task", worker: "worker", timer: "timer", "IRQ thread": "thread", "hard interrupt": "hardirq" };
const ARROWS = ["interrupt", "wakes the thread", "reads what was written"];

const hex = (number) => "0x" + number.toString(16);
const bit = (number, at) => Math.floor(number / 2 ** at) % 2;

function bitNames(value, bits) {
	return bits.filter(([at]) => bit(value, at)).map(([, name]) => name).join(" ");
}

function svg(name, attributes, ...children) {
	const made = document.createElementNS("http://www.w3.org/2000/svg", name);
	for (const [key, value] of Object.entries(attributes || {})) made.setAttribute(key, value);
	made.append(...children);
	return made;
}

function colourOf(timeline, column) {
	const context = timeline.contexts[column];
	return `var(--${context ? KIND_COLOURS[context[1]] : "soft"})`;
}

// Lists of changes as one value a row; and the functions that the row's context is in.
function unfold(timeline) {
	const rows = timeline.steps.length;
	const spread = (changes) => {
		const values = [];
		let at = -1;
		for (let row = 0; row < rows; row++) {
			while (at + 1 < changes.length && changes[at + 1][0] <= row) at++;
			values.push(at < 0 ? null : changes[at]);
		}
		return values;
	};
	timeline.state = spread(timeline.states);
	timeline.register = spread(timeline.registers);
	timeline.stack = [];
	timeline.depth = [];
	const stacks = {}, depths = {};
	for (const [column, name] of timeline.open) {
		(stacks[column] ||= []).push(name);
		depths[column] = (depths[column] || 0) + 1;
	}
	for (let row = 0; row < rows; row++) {
		const column = timeline.columns[row], kind = timeline.kinds[row];
		const stack = (stacks[column] ||= []);
		if (kind === "{") stack.push(timeline.words[row].slice(2));
		timeline.stack.push([...stack]);
		if (kind === "}") stack.pop();
		if ("}]o".includes(kind)) depths[column] = Math.max(0, (depths[column] || 0) - 1);
		timeline.depth.push(depths[column] || 0);
		if ("{[i".includes(kind)) depths[column] = (depths[column] || 0) + 1;
	}
	return timeline;
}

// What a lane says in a row is a width between 0 and 1.
function lanesOf(timeline) {
	const lanes = [
		{ name: "power", read: (row) => [1, 0.5, 0.12][timeline.state[row][1]], kind: "level" },
		{ name: "SMMU PM", read: (row) => [1, 0.6, 0.12, 0.35][timeline.state[row][2]], kind: "level" },
		{ name: "GPU PM", read: (row) => [1, 0.6, 0.12, 0.35][timeline.state[row][3]], kind: "level" },
	];
	for (let line = 0; line < 16; line++) {
		if (!timeline.states.some((state) => bit(state[4] | state[5], line))) continue;
		lanes.push({
			name: `line ${line}`, kind: "level",
			read: (row) => bit(timeline.state[row][4], line),
			masked: (row) => bit(timeline.state[row][5], line),
		});
	}
	const first = timeline.registers[0] || [];
	for (let bank = 0; bank + 2 < first.length; bank++)
		for (const [at, name] of FSR_BITS) {
			if (!timeline.registers.some((now) => bit(now[bank + 2][0], at))) continue;
			lanes.push({
				name: `CB${bank} ${name}`, kind: "bit",
				read: (row) => (timeline.register[row] ? bit(timeline.register[row][bank + 2][0], at) : 0),
			});
		}
	for (const [at, name] of GFSR_BITS) {
		if (!timeline.registers.some((now) => bit(now[1], at))) continue;
		lanes.push({ name: `sGFSR ${name}`, kind: "bit", read: (row) => (timeline.register[row] ? bit(timeline.register[row][1], at) : 0) });
	}
	return lanes;
}

function drawLane(lane, x, rows) {
	const group = svg("g", {});
	let from = 0;
	const differs = (row) => row === rows || lane.read(row) !== lane.read(from) || (lane.masked && lane.masked(row) !== lane.masked(from));
	for (let row = 1; row <= rows; row++) {
		if (!differs(row)) continue;
		const value = lane.read(from), masked = lane.masked && lane.masked(from);
		const height = (row - from) * ROW;
		group.append(svg("rect", { class: lane.kind, x, y: from * ROW, width: Math.max(value * (LANE - 8), 1), height, opacity: value ? 0.85 : 0.35 }));
		if (masked) group.append(svg("rect", { class: "masked", x: x - 1.5, y: from * ROW + 1, width: LANE - 5, height: height - 2 }));
		from = row;
	}
	return group;
}

function place(timeline) {
	const lanes = lanesOf(timeline);
	const labels = [...lanes.map((lane) => lane.name), ...timeline.contexts.map((context) => context[0])];
	const head = 26 + Math.max(...labels.map((label) => label.length)) * 6.7;
	const lanesAt = 46, lifeAt = lanesAt + lanes.length * LANE + 14;
	const hardware = lifeAt, who = lifeAt + (timeline.contexts.length + 1) * LIFE;
	const names = timeline.contexts.map((context) => context[0].length);
	const wordsAt = who + Math.max(3, ...names) * 7.6 + 12;
	const longest = Math.max(...timeline.words.map((words, row) => Math.min(words.length, 110) + timeline.depth[row] * 2));
	return { head, lanes, lanesAt, hardware, who, wordsAt, width: wordsAt + longest * 7.6 + 30, life: (column) => lifeAt + (column + 1) * LIFE };
}

function drawHead(timeline, at) {
	const head = svg("svg", { width: at.width, height: at.head, viewBox: `0 0 ${at.width} ${at.head}`, "aria-hidden": "true" });
	const label = (x, text, colour) => head.append(svg("text", { x: 0, y: 0, transform: `translate(${x + 4} ${at.head - 6}) rotate(-60)`, style: colour ? `fill: ${colour}` : "" }, text));
	head.append(svg("text", { class: "soft", x: 6, y: at.head - 6 }, "step"));
	at.lanes.forEach((lane, i) => label(at.lanesAt + i * LANE + 3, lane.name));
	label(at.hardware, "SMMU", "var(--hardware)");
	timeline.contexts.forEach((context, i) => label(at.life(i), context[0], colourOf(timeline, i)));
	head.append(svg("text", { class: "soft", x: at.wordsAt, y: at.head - 6 }, "what happens"));
	return head;
}

function drawLives(timeline, at, rows) {
	const group = svg("g", {});
	group.append(svg("line", { class: "life", x1: at.hardware, x2: at.hardware, y1: 0, y2: rows * ROW, stroke: "var(--hardware)", "stroke-dasharray": "1 3" }));
	timeline.contexts.forEach((context, i) => {
		const x = at.life(i), colour = colourOf(timeline, i);
		group.append(svg("line", { class: "life", x1: x, x2: x, y1: 0, y2: rows * ROW, stroke: colour }));
		// While it is within something, a bar.
		let from = -1;
		const deep = [];
		for (let row = 0; row < rows; row++) {
			if (timeline.columns[row] !== i) continue;
			const inside = timeline.depth[row] + ("{[i".includes(timeline.kinds[row]) ? 1 : 0);
			if (from < 0 && inside) from = row;
			if (from >= 0 && timeline.depth[row] === 0 && "}]o".includes(timeline.kinds[row])) { deep.push([from, row]); from = -1; }
		}
		if (from >= 0) deep.push([from, rows - 0.5]);
		for (const [first, last] of deep)
			group.append(svg("rect", { x: x - 3, y: (first + 0.5) * ROW, width: 6, height: (last - first) * ROW || 2, fill: colour, opacity: 0.35 }));
	});
	return group;
}

const middle = (row) => (row + 0.5) * ROW;

function drawArrows(timeline, at) {
	const group = svg("g", { "aria-hidden": "true" });
	for (const [from, to, kind] of timeline.arrows) {
		const x1 = kind === 0 ? at.hardware : at.life(timeline.columns[from]), x2 = at.life(timeline.columns[to]);
		const y1 = middle(from), y2 = middle(to), side = x2 > x1 ? -7 : 7;
		const bend = Math.min(40, (y2 - y1) / 2);
		const path = svg("path", { class: `arrow arrow-${kind}`, d: `M${x1} ${y1} C${x1} ${y1 + bend}, ${x2 + side * 3} ${y2 - bend / 3}, ${x2 + side} ${y2}`, "marker-end": "url(#tip-arrow)" });
		path.append(svg("title", {}, `${ARROWS[kind]}: step ${timeline.steps[from]} to step ${timeline.steps[to]}`));
		group.append(path);
	}
	return group;
}

// Where the context and the hardware touch: a read, a write, a fault, a line.
function drawTouch(timeline, at, row) {
	const kind = timeline.kinds[row], column = timeline.columns[row], y = middle(row);
	if (!"rwxh".includes(kind) || !timeline.contexts[column]) return [];
	const life = at.life(column), hardware = at.hardware;
	const toLife = kind === "r" || (kind === "x" && timeline.words[row].startsWith("READ"));
	const line = svg("line", { class: `touch touch-${kind}`, y1: y, y2: y, x1: toLife ? hardware : life, x2: toLife ? life - 5 : hardware + 5 });
	if (kind !== "h") line.setAttribute("marker-end", "url(#tip-touch)");
	const made = [line];
	if (kind === "h") made.push(svg("path", { d: `M${hardware - 5} ${y} l5 -5 l5 5 l-5 5 z`, fill: "var(--hardware)" }));
	return made;
}

function drawRow(timeline, at, row) {
	const kind = timeline.kinds[row], column = timeline.columns[row], context = timeline.contexts[column];
	const words = timeline.words[row], y = middle(row), text = y + 4.5;
	const group = svg("g", { class: `row row-${kind}`, id: `row-${row}`, role: "option", "data-row": row, "aria-selected": "false",
		"aria-label": `step ${timeline.steps[row]}, ${context ? context[0] : "the end"}: ${words}` });
	group.append(svg("rect", { class: "hit", x: 1, y: row * ROW, width: at.width - 2, height: ROW }));
	if (!row || timeline.steps[row] !== timeline.steps[row - 1])
		group.append(svg("text", { class: "soft", x: 38, y: text, "text-anchor": "end" }, String(timeline.steps[row])));
	group.append(...drawTouch(timeline, at, row));
	if (kind === "B") {
		const x = context ? at.life(column) : at.hardware;
		group.append(svg("path", { d: `M${x - 5} ${y - 5} l10 10 m0 -10 l-10 10`, stroke: "var(--broken)", "stroke-width": 3 }));
	} else if (context) {
		group.append(svg("circle", { cx: at.life(column), cy: y, r: 4, fill: colourOf(timeline, column) }));
	}
	group.append(svg("text", { x: at.who, y: text, style: `fill: ${colourOf(timeline, column)}` }, context ? context[0] : "end"));
	const short = words.length > 110 ? words.slice(0, 109) + "\u2026" : words;
	group.append(svg("text", { class: "words", x: at.wordsAt + timeline.depth[row] * 12, y: text }, short));
	return group;
}

function drawMarkers() {
	const marker = (id, kind) => svg("marker", { id, viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 8, markerHeight: 8, markerUnits: "userSpaceOnUse", orient: "auto" },
		svg("path", { class: kind, d: "M0 0 L8 4 L0 8 z" }));
	return svg("defs", {}, marker("tip-arrow", "tip"), marker("tip-touch", "tip-soft"));
}

function drawTimeline(timeline) {
	const rows = timeline.steps.length, at = place(timeline);
	const body = svg("svg", { width: at.width, height: rows * ROW, viewBox: `0 0 ${at.width} ${rows * ROW}`, role: "presentation" });
	body.append(drawMarkers());
	const drawn = svg("g", {});
	for (let row = 0; row < rows; row++) drawn.append(drawRow(timeline, at, row));
	const lanes = svg("g", { class: "lanes" });
	at.lanes.forEach((lane, i) => lanes.append(drawLane(lane, at.lanesAt + i * LANE + 3, rows)));
	const lives = drawLives(timeline, at, rows);
	body.append(lives, drawn, lanes, drawArrows(timeline, at));
	return { head: drawHead(timeline, at), body };
}

// Everything that is known after the step of a row, in lines of words, with what changed in it.
function registersAt(timeline, row) {
	const now = timeline.register[row];
	let before = null;
	for (let i = row - 1; i >= 0 && !before; i--)
		if (timeline.steps[i] !== timeline.steps[row]) before = timeline.register[i];
	const lines = [];
	if (!now) return lines;
	const put = (name, value, last, text) => lines.push({ name, text, moved: before !== null && value !== last });
	put("sGFSR", now[1], before && before[1], `${hex(now[1])} ${bitNames(now[1], GFSR_BITS)}`);
	for (let bank = 0; bank + 2 < now.length; bank++) {
		const a = now[bank + 2], b = before ? before[bank + 2] : [];
		put(`CB${bank}.FSR`, a[0], b[0], `${hex(a[0])} ${bitNames(a[0], FSR_BITS)}`);
		put(`CB${bank}.FAR`, a[1], b[1], a[1]);
		put(`CB${bank}.FSYNR0`, a[2], b[2], hex(a[2]));
		put(`CB${bank}.SCTLR`, a[3], b[3], hex(a[3]));
		put(`CB${bank} stalled`, a[4], b[4], String(a[4]));
		put(`CB${bank} interrupt`, a[5], b[5], a[5] ? "high" : "low");
	}
	return lines;
}

function statesAt(timeline, row) {
	const [, power, smmu, gpu, high, masked] = timeline.state[row];
	const lines = [["power", POWER[power]], ["SMMU runtime PM", STATUS[smmu]], ["GPU runtime PM", STATUS[gpu]]];
	for (let line = 0; line < 16; line++)
		if (bit(high, line) || bit(masked, line))
			lines.push([`line ${line}`, `${bit(high, line) ? "high" : "low"}${bit(masked, line) ? ", masked" : ""}`]);
	return lines;
}
