// SPDX-License-Identifier: GPL-2.0-or-later
// SARIF against its schema. Needs the npm packages ajv, ajv-draft-04, ajv-formats and @microsoft/jest-sarif.
const fs = require("fs"), path = require("path");
const Ajv = require("ajv-draft-04"), formats = require("ajv-formats");
const folder = path.join(process.env.NODE_PATH, "@microsoft/jest-sarif/lib/schemas");
const schema = JSON.parse(fs.readFileSync(path.join(folder, "sarif-2.1.0-rtm.5.json")));
const ajv = new (Ajv.default || Ajv)({ strict: false, allErrors: true, unicodeRegExp: false });
(formats.default || formats)(ajv);
const validate = ajv.compile(schema);
const log = JSON.parse(fs.readFileSync(process.argv[2]));
if (!validate(log)) {
	console.error(validate.errors.slice(0, 5));
	process.exit(1);
}
// It must be able to say no.
delete log.runs[0].tool;
log.runs[0].results[0].level = "nonsense";
if (validate(log)) {
	console.error("the schema accepts anything");
	process.exit(1);
}
