// SPDX-License-Identifier: GPL-2.0-or-later
// page.js PROGRAM SOURCE [SCREENSHOTS]: the page of real findings in headless Chromium, used as people use it.
"use strict";
const assert = require("node:assert");
const { execFileSync } = require("node:child_process");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");

const [program, source, screenshots] = process.argv.slice(2);
const chrome = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find((file) => fs.existsSync(file));
let chromium;
try {
	({ chromium } = require("playwright-core"));
} catch {
	console.log("skipped: no playwright-core; 'npm install' in tests/page");
}
if (!chromium || !chrome) {
	if (!chrome) console.log("skipped: no chromium");
	process.exit(77);
}

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "faultline-page-"));
process.on("exit", () => fs.rmSync(folder, { recursive: true }));
const IGNORED = "kernel-warning in arm_smmu_context_fault (nobody cared)";
const STORM = "irq-storm in arm_smmu_context_fault (unretired while SUSPENDED, gated)";

// The corpus' cases of the built-in subjects; one signature is ignored with a reason that is no HTML.
function makePage() {
	const cases = path.join(folder, "cases"), findings = path.join(source, "corpus", "findings"), file = path.join(folder, "page.html");
	fs.mkdirSync(cases);
	for (const name of fs.readdirSync(findings)) {
		const text = name.endsWith(".case") ? fs.readFileSync(path.join(findings, name), "utf8") : "";
		if (/^subject core:/m.test(text)) fs.writeFileSync(path.join(cases, name), text);
	}
	execFileSync(program, ["triage", cases, "--db", path.join(folder, "db"), "--quiet", "--fail-on", "none", "--now", "1790000000",
		"--ignore", IGNORED, "--reason", "follows from another </script><b>\"one\"", "--html", file, "--source", source]);
	return file;
}

// So many findings: those of the page again and again, each with a timeline of its own.
function multiply(file, count) {
	const page = fs.readFileSync(file, "utf8");
	const data = [...page.matchAll(/<script type="application\/json" id="([a-z]+)-(\d+)">([^<]*)<\/script>\n/g)];
	const list = JSON.parse(data[0][3]), made = [], timelines = [];
	for (let i = 0; i < count; i++) {
		const from = i % list.findings.length;
		made.push({ ...list.findings[from], signature: `${list.findings[from].signature} ${i}` });
		timelines.push(`<script type="application/json" id="timeline-${i}">${data[from + 1][3]}</script>\n`);
	}
	const text = JSON.stringify({ ...list, findings: made }).replaceAll("<", "\\u003c");
	const at = data[0].index, end = data.at(-1).index + data.at(-1)[0].length;
	const many = path.join(folder, "many.html");
	fs.writeFileSync(many, `${page.slice(0, at)}<script type="application/json" id="findings-0">${text}</script>\n${timelines.join("")}${page.slice(end)}`);
	return many;
}

async function open(browser, file, options = {}) {
	const page = await browser.newPage({ viewport: { width: 1360, height: 900 }, ...options });
	page.problems = [];
	page.on("console", (message) => { if (["error", "warning"].includes(message.type())) page.problems.push(message.text()); });
	page.on("pageerror", (error) => page.problems.push(error.message));
	page.on("request", (request) => { if (!request.url().startsWith(`file://${file}`)) page.problems.push(`asks for ${request.url()}`); });
	await page.goto(`file://${file}`);
	return page;
}

// The page's own listener was there first: afterwards it has drawn what is asked for.
const go = (page, hash) => page.evaluate((to) => new Promise((done) => {
	addEventListener("hashchange", () => done(), { once: true });
	location.hash = to;
}), String(hash));

const column = (page, number) => page.$$eval(`.list tbody td:nth-child(${number})`, (cells) => cells.map((cell) => cell.textContent));

// Only with the keyboard.
async function checkList(page, all) {
	assert.equal((await column(page, 1)).length, all.length);
	await page.focus(".list th[data-key=signature] button");
	await page.keyboard.press("Enter");
	const up = await page.$$eval(".list td a", (links) => links.map((link) => link.textContent));
	assert.deepEqual(up, [...up].sort());
	assert.equal(await page.getAttribute("th[data-key=signature]", "aria-sort"), "ascending");
	await page.keyboard.press("Enter");
	const down = await page.$$eval(".list td a", (links) => links.map((link) => link.textContent));
	assert.deepEqual(down, [...down].sort().reverse());
	assert.notDeepEqual(up, down);

	await page.focus("#filter-text");
	await page.keyboard.type("storm gated");
	const stormed = await column(page, 2);
	assert.ok(stormed.length && stormed.length < all.length);
	assert.ok(stormed.every((invariant) => invariant === "irq-storm"));
	assert.match(await page.textContent("[role=status]"), new RegExp(`^${stormed.length} of ${all.length} `));
	await page.fill("#filter-text", "");
	for (const [key, at, value] of [["state", 1, "ignored"], ["invariant", 2, "lost-stall"], ["subject", 4, "core:guard-v3"]]) {
		await page.selectOption(`#filter-${key}`, value);
		const shown = await column(page, at);
		assert.equal(shown.length, all.filter((finding) => finding[key] === value).length, key);
		assert.ok(shown.length && shown.every((text) => text === value), key);
		await page.selectOption(`#filter-${key}`, "");
	}
	assert.ok(!(await page.$("td b")), "a reason is text, not HTML");

	await page.focus(".list td a");
	await page.keyboard.press("ArrowDown");
	assert.equal(await page.evaluate(() => document.activeElement.textContent), down[1]);
	const ring = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
	assert.equal(ring, "solid", "the focus is seen");
	await page.keyboard.press("Enter");
	assert.equal(await page.textContent("h2"), `${down[1]} ${all.find((f) => f.signature === down[1]).state}`);
	await page.keyboard.press("Escape");
	await page.waitForSelector(".list");
	assert.equal(await page.evaluate(() => document.activeElement.textContent), down[1], "back where one came from");
}

const here = (page) => page.$eval("#timeline", (box) => Number(box.getAttribute("aria-activedescendant").slice(4)));

async function checkTimeline(page, all) {
	const number = all.findIndex((finding) => finding.signature === STORM);
	await go(page, number);
	await page.waitForSelector("#timeline");
	const data = JSON.parse(await page.textContent(`#timeline-${number}`));
	const rows = data.steps.length;
	assert.equal(await page.$$eval("g.row", (found) => found.length), rows);
	assert.equal(await page.evaluate(() => document.activeElement.id), "timeline");
	assert.equal(data.steps[data.broken], all[number].step);
	assert.equal(await here(page), data.broken, "it opens where it breaks");
	assert.ok(data.words[data.broken].startsWith(`BROKEN: ${STORM}`));
	// The row is seen.
	const box = await page.locator(`#row-${data.broken}`).boundingBox(), port = page.viewportSize();
	assert.ok(box.y > 0 && box.y + box.height <= port.height, "the cursor is on the screen");

	await page.keyboard.press("ArrowUp");
	assert.equal(await here(page), data.broken - 1);
	await page.keyboard.press("Home");
	assert.equal(await here(page), 0);
	await page.keyboard.press("ArrowUp");
	assert.equal(await here(page), 0, "nothing is before the first");
	await page.keyboard.press("ArrowDown");
	await page.keyboard.press("ArrowRight");
	const next = data.columns.findIndex((at, row) => row > 1 && at === data.columns[1]);
	assert.equal(await here(page), next, "the same context's next");
	assert.equal(data.contexts[data.columns[next]] !== undefined, true);
	assert.ok((await page.textContent(".inspector")).includes(data.words[next]));
	await page.keyboard.press("End");
	assert.equal(await here(page), rows - 1);
	assert.equal(await page.getAttribute(`#row-${rows - 1}`, "aria-selected"), "true");
	await page.keyboard.press("b");
	assert.equal(await here(page), data.broken);

	// The lanes and arrows that this finding has.
	const heads = await page.$$eval(".heads text", (texts) => texts.map((text) => text.textContent));
	for (const name of ["power", "SMMU PM", "line 1", "CB0 TF", "CB0 SS", "SMMU", ...data.contexts.map((context) => context[0])])
		assert.ok(heads.includes(name), `a lane for ${name}`);
	assert.ok(await page.$(".arrow-0"), "an arrow for the interrupt");
	assert.ok(await page.$(".arrow-1"), "an arrow for the thread that is woken");

	// Register values under the pointer: those of the record.
	const fault = data.words.findIndex((words) => /fault \d+ recorded in CB0/.test(words));
	const registers = data.registers.filter(([row]) => row <= fault).at(-1);
	await page.evaluate((row) => document.getElementById(`row-${row}`).scrollIntoView({ block: "center" }), fault);
	await page.hover(`#row-${fault} .words`);
	const tip = await page.textContent("#tip");
	assert.ok(await page.isVisible("#tip"));
	assert.ok(registers[2][0] & 2 && tip.includes(`CB0.FSR = 0x${registers[2][0].toString(16)} TF`), tip);
	await page.click(`#row-${fault} .words`);
	assert.equal(await here(page), fault);
	assert.ok((await page.textContent(".inspector")).includes(registers[2][1]), "FAR");
	// The line that does it, where debug information tells it.
	const asks = data.words.findIndex((words) => words.startsWith("SMMU PM get = 0"));
	const [file, number_, does] = data.places[data.lines[asks] - 1] || [];
	if (file) {
		await page.evaluate((row) => document.getElementById(`row-${row}`).scrollIntoView({ block: "center" }), asks);
		await page.click(`#row-${asks} .words`);
		assert.equal(await page.textContent(".source"), `${file}:${number_}: ${does.trim()}`);
		assert.match(fs.readFileSync(path.join(source, file), "utf8").split("\n")[number_ - 1], /pm_runtime_get_if_active/);
	}
	// Else where the function begins: that of the tree.
	const inside = data.words.findIndex((words, row) => words === "{ arm_smmu_context_fault" && row > fault);
	await page.evaluate((row) => document.getElementById(`row-${row}`).scrollIntoView({ block: "center" }), inside);
	await page.click(`#row-${inside} .words`);
	const [, where, line, text] = (await page.textContent(".source")).match(/^(\S+):(\d+): (.*)$/);
	assert.equal(fs.readFileSync(path.join(source, where), "utf8").split("\n")[line - 1], text);
	assert.match(text, /arm_smmu_context_fault\(/);
	await page.keyboard.press("]");
	await page.waitForFunction((old) => page.last !== old, number);
	return number;
}

// How many lines two texts can have in common, in order.
function common(a, b) {
	let row = new Array(b.length + 1).fill(0);
	for (const line of a) {
		const next = [0];
		b.forEach((other, j) => next.push(line === other ? row[j] + 1 : Math.max(next[j], row[j + 1])));
		row = next;
	}
	return row[b.length];
}

async function checkDiff(page, number, all) {
	const other = all.findIndex((finding) => finding.signature.startsWith("irq-storm") && finding.subject !== all[number].subject);
	await go(page, number);
	await page.waitForSelector("#compare");
	await page.selectOption("#compare", String(other));
	await page.waitForSelector(".diff");
	const cells = (kind, side) => page.$$eval(`table[aria-label=Cases] tr.${kind} td.${side}`, (found) => found.map((cell) => cell.textContent));
	const left = all[number].case.trimEnd().split("\n"), right = all[other].case.trimEnd().split("\n");
	const [onlyLeft, onlyRight] = [await cells("only-left", "left"), await cells("only-right", "right")];
	assert.ok(onlyLeft.includes(`subject ${all[number].subject}`) && onlyRight.includes(`subject ${all[other].subject}`));
	assert.equal(left.length - onlyLeft.length, right.length - onlyRight.length, "as many lines are equal on both sides");
	assert.equal(left.length - onlyLeft.length, common(left, right), "no line is told to differ that need not");
	const lines = async (finding) => {
		const data = JSON.parse(await page.textContent(`#timeline-${finding}`));
		return data.words.map((words, row) => `${data.contexts[data.columns[row]] ? data.contexts[data.columns[row]][0] : "end"}: ${words}`);
	};
	const [before, after] = [await lines(number), await lines(other)];
	const differ = await page.$$eval("table[aria-label=Interleavings] tr.only-left, table[aria-label=Interleavings] tr.only-right", (rows) => rows.length);
	assert.equal(differ, before.length + after.length - 2 * common(before, after));
}

// WCAG's contrast of every text that is seen against what is behind it.
async function checkContrast(page, what) {
	const bad = await page.evaluate(() => {
		const rgb = (text) => text.match(/[\d.]+/g).map(Number);
		const light = ([r, g, b]) => [r, g, b].map((c) => (c /= 255) <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
			.reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
		const behind = (node) => {
			for (; node; node = node.parentElement) {
				const colour = rgb(getComputedStyle(node).backgroundColor);
				if (colour.length === 3 || colour[3] === 1) return colour;
			}
			return [255, 255, 255];
		};
		const found = [];
		let seen = 0;
		for (const node of document.querySelectorAll("main *, header *")) {
			const own = [...node.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim());
			if (!own || node.disabled || !node.getClientRects().length || node.closest("title, option")) continue;
			const style = getComputedStyle(node);
			const a = light(rgb(node instanceof SVGElement ? style.fill : style.color)), b = light(behind(node));
			const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
			seen++;
			if (ratio < 4.5) found.push(`${node.tagName} ${node.getAttribute("class")} "${node.textContent.slice(0, 30)}": ${ratio.toFixed(2)}`);
		}
		return seen ? found : ["nothing seen"];
	});
	assert.deepEqual(bad, [], what);
}

// A telephone's window: the list needs no scrolling sideways, and the page never does.
async function checkNarrow(browser, file, number) {
	const page = await open(browser, file, { viewport: { width: 390, height: 844 } });
	await page.waitForSelector(".list");
	const over = await page.$$eval(".list, .list td, .list th", (parts) =>
		parts.filter((part) => part.getClientRects().length && part.getBoundingClientRect().right > innerWidth).length);
	assert.equal(over, 0, "the list fits a narrow window");
	await go(page, number);
	await page.waitForSelector("#timeline");
	assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "the page fits a narrow window");
	assert.deepEqual(page.problems, []);
	await page.close();
}

async function checkPrint(page) {
	await page.emulateMedia({ media: "print", colorScheme: "dark" });
	assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), "rgb(255, 255, 255)");
	assert.ok(!(await page.isVisible(".controls")) && !(await page.isVisible(".inspector")));
	const cut = await page.$eval("#timeline", (box) => box.scrollHeight - box.clientHeight);
	assert.ok(cut <= 1, "the whole timeline is printed");
	await checkContrast(page, "on paper");
	const pdf = await page.pdf({ format: "A4" });
	assert.ok(pdf.length > 10000);
}

async function checkMany(browser, file) {
	const many = multiply(file, 500);
	let best = Infinity;
	for (let i = 0; i < 3; i++) {
		const page = await open(browser, many);
		await page.waitForFunction(() => document.querySelectorAll(".list tbody tr").length === 500);
		// Until the rows have been laid out and painted, from the start of the navigation.
		const took = await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(performance.now())))));
		best = Math.min(best, took);
		assert.deepEqual(page.problems, []);
		await page.close();
	}
	console.log(`500 findings, ${(fs.statSync(many).size / 1e6).toFixed(1)} MB: ${best.toFixed(0)} ms`);
	assert.ok(best < 2000, `500 findings take ${best} ms`);
}

async function shoot(browser, file, number) {
	for (const colorScheme of ["light", "dark"]) {
		const page = await open(browser, file, { colorScheme });
		await page.screenshot({ path: path.join(screenshots, `page-list-${colorScheme}.png`) });
		await go(page, number);
		await page.waitForSelector("#timeline");
		await page.screenshot({ path: path.join(screenshots, `page-timeline-${colorScheme}.png`) });
		await page.close();
	}
}

(async () => {
	const file = makePage();
	const browser = await chromium.launch({ executablePath: chrome,
		args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run", "--disable-sync", "--disable-quic"] });
	try {
		const page = await open(browser, file);
		const all = JSON.parse(await page.textContent("#findings-0")).findings;
		await checkList(page, all);
		const number = await checkTimeline(page, all);
		await checkDiff(page, number, all);
		for (const colorScheme of ["light", "dark"]) {
			await page.emulateMedia({ colorScheme });
			for (const hash of ["", String(number), `${number}~0`]) {
				await go(page, hash);
				await page.waitForSelector(hash === "" ? ".list" : hash.includes("~") ? ".diff" : "#timeline");
				await checkContrast(page, `${colorScheme} #${hash}`);
			}
		}
		await go(page, number);
		await page.waitForSelector("#timeline");
		await checkPrint(page);
		assert.deepEqual(page.problems, [], "no error, and no request leaves the file");
		await checkNarrow(browser, file, number);
		await checkMany(browser, file);
		if (screenshots) await shoot(browser, file, number);
	} finally {
		await browser.close();
	}
})().catch((error) => { console.error(error.stack.slice(0, 2000)); process.exit(1); });
