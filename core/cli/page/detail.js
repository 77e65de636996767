// SPDX-License-Identifier: GPL-2.0-or-later
// One finding: its facts, its timeline with a cursor, its case, and what differs from another finding.

const timelines = new Map();

function timelineOf(finding) {
	const source = document.getElementById(`timeline-${finding.number}`);
	if (!source) return null;
	if (!timelines.has(finding.number)) timelines.set(finding.number, unfold(JSON.parse(source.textContent)));
	return timelines.get(finding.number);
}

function facts(...pairs) {
	const list = element("dl", { class: "facts" });
	for (const [name, ...value] of pairs) list.append(element("dt", {}, name), element("dd", {}, ...value));
	return list;
}

function factsOf(finding) {
	const [promise, consequence] = page.invariants[finding.invariant] || ["", ""];
	const pairs = [
		["Broken", element("span", { class: "broken" }, `at step ${finding.step}: `), finding.detail],
		["Promise", `${finding.invariant}: ${promise}`],
		["Effect", consequence],
		["Subject", `${finding.subject} on ${finding.profile}`],
		["Seen", `${day(finding.first_seen)} to ${day(finding.last_seen)}, in ${finding.inputs} inputs (${finding.input})`],
		["Replays", `${finding.identical} of ${finding.replays} broke it with an equal trace, ${finding.trace}`],
	];
	const timeline = timelineOf(finding), place = timeline && timeline.places[timeline.lines[timeline.broken] - 1];
	if (place) pairs.splice(1, 0, ["Source", element("span", { class: "mono" }, placeText(place))]);
	if (finding.reason) pairs.push([finding.state, finding.reason]);
	if (finding.retests.length)
		pairs.push(["Retested", finding.retests.map(([subject, result]) => `${subject} ${result}`).join(", ")]);
	return facts(...pairs);
}

// --- the cursor --------------------------------------------------------------------------------------

function inspect(panel, timeline, row) {
	const column = timeline.columns[row], context = timeline.contexts[column];
	const table = element("table", {});
	for (const [name, text] of statesAt(timeline, row))
		table.append(element("tr", {}, element("th", { scope: "row" }, name), element("td", {}, text)));
	for (const { name, text, moved } of registersAt(timeline, row))
		table.append(element("tr", {}, element("th", { scope: "row" }, name), element("td", { class: moved ? "mono moved" : "mono" }, text)));
	panel.replaceChildren(
		element("p", {}, element("strong", {}, `step ${timeline.steps[row]}, ${context ? `${context[0]} (${context[1]})` : "the end"}`)),
		element("p", { class: timeline.kinds[row] === "B" ? "mono broken" : "mono" }, timeline.words[row]),
		element("p", { class: "why" }, timeline.stack[row].length ? `in ${timeline.stack[row].join(" \u203A ")}` : ""),
		...sourcesOf(timeline, row),
		element("p", { class: "why" }, "after this step; \u25B8 changed in it"), table);
}

function placeText([file, line, text]) {
	return `${file}:${line}${text && `: ${text.trim()}`}`;
}

// The line that does it; where none is known, where the function that it is in begins.
function sourcesOf(timeline, row) {
	const source = timeline.places[timeline.lines[row] - 1] || timeline.sources[timeline.stack[row].at(-1)];
	return source ? [element("p", { class: "mono source" }, placeText(source))] : [];
}

function moveTo(view, row) {
	const to = Math.max(0, Math.min(view.timeline.steps.length - 1, row));
	const old = view.body.querySelector(".row.here"), here = view.body.querySelector(`#row-${to}`);
	if (old) { old.classList.remove("here"); old.setAttribute("aria-selected", "false"); }
	here.classList.add("here");
	here.setAttribute("aria-selected", "true");
	view.row = to;
	view.box.setAttribute("aria-activedescendant", `row-${to}`);
	inspect(view.panel, view.timeline, to);
	const room = view.box.clientHeight - view.box.firstChild.offsetHeight, top = to * ROW;
	if (top < view.box.scrollTop || top + ROW > view.box.scrollTop + room) view.box.scrollTop = top - room * 0.6;
	// And the window, if the box reaches out of it.
	const at = here.getBoundingClientRect();
	if (at.bottom > innerHeight) scrollBy(0, at.bottom - innerHeight + ROW);
}

// The next row, in that direction, of the same context.
function sameContext(view, direction) {
	const column = view.timeline.columns[view.row];
	for (let row = view.row + direction; row >= 0 && row < view.timeline.steps.length; row += direction)
		if (view.timeline.columns[row] === column) return row;
	return view.row;
}

function brokenRow(timeline) {
	return timeline.broken < timeline.steps.length ? timeline.broken : timeline.steps.length - 1;
}

function stepWith(view, event) {
	if (event.ctrlKey || event.altKey || event.metaKey) return;
	const to = {
		ArrowDown: view.row + 1, j: view.row + 1, ArrowUp: view.row - 1, k: view.row - 1,
		ArrowRight: sameContext(view, 1), l: sameContext(view, 1), ArrowLeft: sameContext(view, -1), h: sameContext(view, -1),
		PageDown: view.row + 15, PageUp: view.row - 15, Home: 0, End: view.timeline.steps.length - 1, b: brokenRow(view.timeline),
	}[event.key];
	if (to === undefined) return;
	event.preventDefault();
	moveTo(view, to);
}

function tipFor(view, event) {
	const tip = document.getElementById("tip"), row = event.target.closest && event.target.closest("g.row");
	if (!row) { tip.hidden = true; return; }
	const at = Number(row.dataset.row);
	const lines = [...statesAt(view.timeline, at).map(([name, text]) => `${name}: ${text}`),
		...registersAt(view.timeline, at).filter((line) => line.moved || line.name.endsWith("FSR")).map(({ name, text, moved }) => `${moved ? "\u25B8 " : ""}${name} = ${text}`)];
	tip.replaceChildren(element("strong", {}, `step ${view.timeline.steps[at]}: ${view.timeline.words[at]}`), element("pre", {}, lines.join("\n")));
	tip.hidden = false;
	tip.style.left = `${Math.max(4, Math.min(event.clientX + 16, innerWidth - tip.offsetWidth - 8))}px`;
	tip.style.top = `${event.clientY + 22 + tip.offsetHeight > innerHeight ? event.clientY - tip.offsetHeight - 10 : event.clientY + 22}px`;
}

function stage(timeline) {
	const { head, body } = drawTimeline(timeline);
	const box = element("div", { class: "timeline", id: "timeline", tabindex: "0", role: "listbox", "aria-label": "Timeline; step through it with the arrow keys" },
		element("div", { class: "heads" }, head), body);
	const panel = element("aside", { class: "inspector", "aria-label": "The state after this step" });
	const view = { timeline, body, box, panel, row: 0 };
	box.addEventListener("keydown", (event) => stepWith(view, event));
	body.addEventListener("click", (event) => { const row = event.target.closest("g.row"); if (row) moveTo(view, Number(row.dataset.row)); });
	body.addEventListener("mousemove", (event) => tipFor(view, event));
	body.addEventListener("mouseleave", () => { document.getElementById("tip").hidden = true; });
	const button = (text, to) => element("button", { type: "button", click: () => moveTo(view, to()) }, text);
	const buttons = element("div", { class: "controls steps" },
		button("First", () => 0), button("Back", () => view.row - 1), button("Step", () => view.row + 1),
		button("Where it breaks", () => brokenRow(timeline)), button("Last", () => timeline.steps.length - 1));
	const key = element("span", { class: "key" });
	for (const [keys, text] of [["\u2191 \u2193", "step"], ["\u2190 \u2192", "same context"], ["b", "where it breaks"], ["Home End", "ends"], ["[ ]", "other findings"], ["Esc", "list"]])
		key.append(element("span", {}, ...keys.split(" ").flatMap((name) => [element("kbd", {}, name), " "]), text));
	buttons.append(key);
	const made = [buttons, element("div", { class: "stage" }, box, panel),
		element("p", { class: "why" }, "Bars: wide is on, active, high or set; half is gated or between two states; thin is off, suspended or low; dashed is masked. Arrows: an interrupt, a thread that is woken; dashed: a register that another context wrote. Diamonds are the hardware's doing.")];
	// As high as what is left of the window, but not too low to be of use.
	const fit = () => {
		const height = `${Math.max(380, innerHeight - box.getBoundingClientRect().top - scrollY - 12)}px`;
		box.style.maxHeight = panel.style.maxHeight = height;
	};
	return { made, start: () => { fit(); moveTo(view, brokenRow(timeline)); box.focus({ preventScroll: true }); } };
}

// --- what differs --------------------------------------------------------------------------------------

// The longest common subsequence, as pairs of places; -1 for what one side has alone.
function align(a, b) {
	const pairs = [], tail = [];
	let from = 0, endA = a.length, endB = b.length;
	while (from < endA && from < endB && a[from] === b[from]) { pairs.push([from, from]); from++; }
	while (endA > from && endB > from && a[endA - 1] === b[endB - 1]) tail.unshift([--endA, --endB]);
	const width = endB - from + 1, lengths = new Uint16Array((endA - from + 1) * width);
	for (let i = endA - from - 1; i >= 0; i--)
		for (let j = width - 2; j >= 0; j--)
			lengths[i * width + j] = a[from + i] === b[from + j] ? lengths[(i + 1) * width + j + 1] + 1
				: Math.max(lengths[(i + 1) * width + j], lengths[i * width + j + 1]);
	let i = 0, j = 0;
	while (from + i < endA || from + j < endB) {
		const left = from + i < endA, right = from + j < endB;
		if (left && right && a[from + i] === b[from + j]) pairs.push([from + i++, from + j++]);
		else if (left && (!right || lengths[(i + 1) * width + j] >= lengths[i * width + j + 1])) pairs.push([from + i++, -1]);
		else pairs.push([-1, from + j++]);
	}
	return pairs.concat(tail);
}

function diffTable(label, left, right) {
	const columns = element("colgroup", {}, ...["step", "", "mark", "step", ""].map((kind) => element("col", { class: kind })));
	const body = element("tbody"), pairs = align(left.map((l) => l.text), right.map((l) => l.text));
	const near = (at) => pairs.slice(Math.max(0, at - 3), at + 4).some(([a, b]) => a < 0 || b < 0);
	let folded = 0;
	const fold = () => {
		if (folded) body.append(element("tr", { class: "fold" }, element("td", { colspan: 5 }, `${folded} equal`)));
		folded = 0;
	};
	pairs.forEach(([a, b], at) => {
		if (a >= 0 && b >= 0 && !near(at)) { folded++; return; }
		fold();
		const kind = a < 0 ? "only-right" : b < 0 ? "only-left" : "both";
		body.append(element("tr", { class: kind },
			element("td", { class: "step" }, a < 0 ? "" : left[a].at), element("td", { class: "left" }, a < 0 ? "" : left[a].text),
			element("td", { class: "mark" }, { "only-right": "+", "only-left": "\u2212", both: "" }[kind]),
			element("td", { class: "step" }, b < 0 ? "" : right[b].at), element("td", { class: "right" }, b < 0 ? "" : right[b].text)));
	});
	fold();
	return element("div", { class: "scroll" }, element("table", { class: "diff", "aria-label": label }, columns, body));
}

function linesOf(timeline) {
	return timeline.words.map((words, row) => {
		const context = timeline.contexts[timeline.columns[row]];
		return { at: timeline.steps[row], text: `${context ? context[0] : "end"}: ${words}` };
	});
}

function showDiff(main, left, right) {
	const a = timelineOf(left), b = timelineOf(right);
	const lines = (text) => text.trimEnd().split("\n").map((line, i) => ({ at: i + 1, text: line }));
	main.replaceChildren(
		element("p", { class: "screen" }, element("a", { href: `#${left.number}` }, "\u2190 back to the finding")),
		element("h2", {}, "What differs"),
		facts(["\u2212 left", linkTo(left), ` on ${left.subject}`], ["+ right", linkTo(right), ` on ${right.subject}`]),
		element("h3", {}, "Cases"), diffTable("Cases", lines(left.case), lines(right.case)),
		element("h3", {}, "Interleavings"),
		a && b ? diffTable("Interleavings", linesOf(a), linesOf(b)) : element("p", {}, "One of them has no timeline: its subject was not present."));
	main.focus({ preventScroll: true });
}

function compareWith(finding) {
	const select = element("select", { id: "compare", change: () => { location.hash = `${finding.number}~${select.value}`; } },
		element("option", { value: "" }, "\u2026"));
	for (const other of page.findings)
		if (other !== finding) select.append(element("option", { value: other.number }, `${other.signature} on ${other.subject}`));
	return element("label", {}, "Compare with", select);
}

function showFinding(main, finding) {
	const timeline = timelineOf(finding);
	const order = listed(), at = order.indexOf(finding);
	const neighbour = (text, to) => element("button", { type: "button", disabled: !order[to], click: () => { location.hash = order[to].number; } }, text);
	const staged = timeline && stage(timeline);
	main.replaceChildren(
		element("div", { class: "controls" }, element("a", { href: "#" }, "\u2190 all findings"),
			neighbour("Previous", at - 1), neighbour("Next", at + 1), compareWith(finding)),
		element("h2", {}, finding.signature, " ", element("span", { class: `state state-${finding.state}` }, finding.state)),
		factsOf(finding),
		...(staged ? staged.made : [element("p", {}, "There is no timeline: its subject was not present when this page was made, or breaks it no more.")]),
		element("h3", {}, "The case"), element("pre", {}, finding.case));
	if (staged) staged.start();
	else main.focus({ preventScroll: true });
}
