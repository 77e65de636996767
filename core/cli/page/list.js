// SPDX-License-Identifier: GPL-2.0-or-later
// The list of findings: sorted, filtered, walked through with the arrow keys.

const COLUMNS = [
	["state", "State", (f) => STATES.indexOf(f.state), (f) => element("span", { class: `state state-${f.state}` }, f.state)],
	["invariant", "Invariant", (f) => f.invariant, (f) => f.invariant, "name"],
	["signature", "Signature", (f) => f.signature, linkTo],
	["subject", "Subject", (f) => f.subject, (f) => f.subject, "name"],
	["inputs", "Inputs", (f) => f.inputs, (f) => String(f.inputs), "number"],
	["replays", "Replays", (f) => (f.replays ? f.identical / f.replays : 0), (f) => `${f.identical}/${f.replays}`, "number"],
	["size", "Ops+pre.", (f) => f.operations * 1000 + f.preemptions, (f) => `${f.operations}+${f.preemptions}`, "number"],
	["first", "First seen", (f) => f.first_seen, (f) => day(f.first_seen), "day"],
	["last", "Last seen", (f) => f.last_seen, (f) => day(f.last_seen), "day"],
];
const TITLES = { replays: "Replays of the smallest case that broke it with an equal trace", size: "Operations and preemptions of the smallest case" };
const STATES = ["new", "changed", "known", "ignored", "fixed"];

const listState = { sort: "state", down: false, text: "", subject: "", invariant: "", state: "", focus: 0 };

function element(name, attributes, ...children) {
	const made = document.createElement(name);
	for (const [key, value] of Object.entries(attributes || {}))
		if (typeof value === "function") made.addEventListener(key, value);
		else if (value !== undefined && value !== false) made.setAttribute(key, value === true ? "" : value);
	made.append(...children);
	return made;
}

function day(seconds) {
	return seconds ? new Date(seconds * 1000).toISOString().slice(0, 10) : "";
}

function linkTo(finding) {
	return element("a", { href: `#${finding.number}` }, finding.signature);
}

function isListed(finding) {
	const words = listState.text.toLowerCase().split(/\s+/);
	const all = [finding.signature, finding.subject, finding.detail, finding.reason, finding.profile].join(" ").toLowerCase();
	return ["subject", "invariant", "state"].every((key) => !listState[key] || finding[key] === listState[key]) &&
		words.every((word) => all.includes(word));
}

function listed() {
	const column = COLUMNS.find((c) => c[0] === listState.sort);
	const sign = listState.down ? -1 : 1;
	const order = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
	return page.findings.filter(isListed).sort((a, b) =>
		sign * order(column[2](a), column[2](b)) || a.number - b.number);
}

function rowOf(finding) {
	const cells = COLUMNS.map(([key, , , cell, kind]) => {
		const made = element("td", { class: `${kind || ""} at-${key}` }, cell(finding));
		if (key === "signature" && finding.reason)
			made.append(element("div", { class: "why" }, finding.reason.split("\n")[0]));
		return made;
	});
	return element("tr", {}, ...cells);
}

function fillList(body, count) {
	const shown = listed();
	body.replaceChildren(...shown.map(rowOf));
	count.textContent = shown.length === page.findings.length
		? `${shown.length} findings` : `${shown.length} of ${page.findings.length} findings`;
}

function sortBy(key, head, refill) {
	listState.down = listState.sort === key ? !listState.down : false;
	listState.sort = key;
	markSorted(head);
	refill();
}

function markSorted(head) {
	for (const cell of head.children) {
		const sorted = cell.dataset.key === listState.sort;
		cell.setAttribute("aria-sort", !sorted ? "none" : listState.down ? "descending" : "ascending");
		cell.firstChild.lastChild.textContent = !sorted ? "" : listState.down ? " \u25BC" : " \u25B2";
	}
}

function choice(key, label, values, refill) {
	const select = element("select", { id: `filter-${key}`, change: () => { listState[key] = select.value; refill(); } },
		element("option", { value: "" }, "all"));
	for (const value of values) {
		const count = page.findings.filter((f) => f[key] === value).length;
		if (count) select.append(element("option", { value }, `${value} (${count})`));
	}
	select.value = listState[key];
	return element("label", {}, label, select);
}

// Up and down between the findings; the rows' links are in the tab order anyway.
function walkList(event) {
	const links = [...event.currentTarget.querySelectorAll("td a")];
	const at = links.indexOf(document.activeElement);
	const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: links.length - 1 }[event.key];
	if (at < 0 || to === undefined || !links[to]) return;
	event.preventDefault();
	links[to].focus();
}

function showList(main) {
	const unique = (key) => [...new Set(page.findings.map((f) => f[key]))].sort();
	const count = element("span", { class: "count", role: "status" });
	const body = element("tbody", { keydown: walkList });
	const refill = () => fillList(body, count);
	const head = element("tr");
	for (const [key, label, , , kind] of COLUMNS) {
		const button = element("button", { type: "button", click: () => sortBy(key, head, refill) },
			label, element("span", { "aria-hidden": "true" }));
		head.append(element("th", { scope: "col", class: `${kind || ""} at-${key}`, "data-key": key, title: TITLES[key] }, button));
	}
	const search = element("input", { type: "search", id: "filter-text", input: () => { listState.text = search.value; refill(); } });
	search.value = listState.text;
	markSorted(head);
	refill();
	main.replaceChildren(
		element("form", { class: "controls", role: "search", submit: (event) => event.preventDefault() },
			element("label", {}, "Words", search),
			choice("state", "State", STATES, refill),
			choice("invariant", "Invariant", unique("invariant"), refill),
			choice("subject", "Subject", unique("subject"), refill), count),
		element("div", { class: "scroll" },
			element("table", { class: "list", "aria-label": "Findings" }, element("thead", {}, head), body)));
}
