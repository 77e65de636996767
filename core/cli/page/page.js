// SPDX-License-Identifier: GPL-2.0-or-later
// What is shown follows from the address behind '#': nothing is the list, 12 a finding, 12~30 a comparison.

const page = JSON.parse(document.getElementById("findings-0").textContent);
page.findings.forEach((finding, number) => { finding.number = number; });

function neighbourOf(direction) {
	const order = listed(), here = page.findings[parseInt(location.hash.slice(1), 10)];
	const to = order[order.indexOf(here) + direction];
	if (here && to) location.hash = to.number;
}

function show() {
	const main = document.getElementById("main");
	const [left, right] = location.hash.slice(1).split("~").map((part) => (part === "" ? undefined : page.findings[Number(part)]));
	document.getElementById("tip").hidden = true;
	document.getElementById("where").textContent = left ? left.subject : "findings";
	document.title = `Faultline: ${left ? left.signature : "findings"}`;
	if (left && right) showDiff(main, left, right);
	else if (left) showFinding(main, left);
	else {
		showList(main);
		const back = main.querySelector(`a[href="#${page.last}"]`);
		if (back) back.focus();
	}
	page.last = left ? left.number : undefined;
	if (left) scrollTo(0, 0);
}

addEventListener("hashchange", show);
addEventListener("keydown", (event) => {
	if (/^(INPUT|SELECT)$/.test(event.target.tagName) || event.ctrlKey || event.altKey || event.metaKey) return;
	if (event.key === "Escape" && location.hash.length > 1) location.hash = "";
	else if (event.key === "[") neighbourOf(-1);
	else if (event.key === "]") neighbourOf(1);
});
document.getElementById("made").textContent =
	`${page.findings.length} findings, made ${day(page.made)} by Faultline ${page.version}`;
show();
