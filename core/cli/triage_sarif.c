// SPDX-License-Identifier: GPL-2.0-or-later
/* SARIF 2.1.0 (OASIS), as code scanning services read it. */
#include "cli.h"
#include "triage_files.h"

#include <world/trace_hash.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define SCHEMA "https://json.schemastore.org/sarif-2.1.0.json"

struct sarif {
	struct json json;
	FILE *out;
};

/* --- where -------------------------------------------------------------------------------------- */

/* By the start of a function's name; the longest first. Of a kernel's tree, and of the built-in core. */
static const struct {
	const char *function, *linux_file, *core_file;
} files[] = {
	{"qcom_smmu_context_fault", "arm-smmu-qcom-debug.c", "qcom-debug.c"},
	{"qcom_tbu", "arm-smmu-qcom-debug.c", "qcom-debug.c"},
	{"qcom_", "arm-smmu-qcom.c", "qcom.c"},
	{"arm_smmu_context_fault", "arm-smmu.c", "guard.c"},
	{"arm_smmu_global_fault", "arm-smmu.c", "guard.c"},
	{"arm_smmu_pm_", "arm-smmu.c", "pm.c"},
	{"arm_smmu_runtime_", "arm-smmu.c", "pm.c"},
	{"arm_smmu_device_shutdown", "arm-smmu.c", "pm.c"},
	{"arm_smmu_device_", "arm-smmu.c", "device.c"},
	{"arm_smmu_", "arm-smmu.c", "domain.c"},
	{"", "arm-smmu.c", "subject.c"},
};

const char *triage_source_file(const char *subject, const char *function)
{
	static char path[128];
	bool builtin = !strncmp(subject, "core:", 5);
	unsigned int i = 0;

	while (strncmp(function ? function : "", files[i].function, strlen(files[i].function)))
		i++;
	snprintf(path, sizeof(path), "%s/%s",
		 builtin ? "core/handler" : "drivers/iommu/arm/arm-smmu",
		 builtin ? files[i].core_file : files[i].linux_file);
	return path;
}

/* Where no line is known, the whole file is meant, and services want one. */
void triage_put_place(struct json *json, const char *subject, const char *function,
		      const struct source_place *place)
{
	json_open(json, "physicalLocation", '{');
	json_open(json, "artifactLocation", '{');
	json_string(json, "uri", place ? place->file : triage_source_file(subject, function));
	json_close(json, '}');
	json_open(json, "region", '{');
	json_number(json, "startLine", place ? place->line : 1);
	json_close(json, '}');
	json_close(json, '}');
	if (!function)
		return;
	json_open(json, "logicalLocations", '[');
	json_open(json, NULL, '{');
	json_string(json, "name", function);
	json_string(json, "kind", "function");
	json_close(json, '}');
	json_close(json, ']');
}

/* "... in FUNCTION (...)", or NULL. */
static const char *function_of(const char *signature, char *buffer, size_t size)
{
	const char *in = strstr(signature, " in ");

	if (!in)
		return NULL;
	snprintf(buffer, size, "%.*s", (int)strcspn(in + 4, " "), in + 4);
	return buffer;
}

/* --- results ------------------------------------------------------------------------------------ */

static void put_text(struct json *json, const char *key, const char *text)
{
	json_open(json, key, '{');
	json_string(json, "text", text);
	json_close(json, '}');
}

/* From what does not change with builds or times. */
static void put_fingerprints(struct json *json, const struct fl_store_finding *finding)
{
	uint64_t hash =
		fl_hash_bytes(FL_HASH_START, finding->signature, strlen(finding->signature));
	char text[24];

	snprintf(text, sizeof(text), "%016" PRIx64, hash);
	json_open(json, "partialFingerprints", '{');
	json_string(json, "faultlineSignature/v1", text);
	hash = fl_hash_bytes(hash, "\n", 1);
	hash = fl_hash_bytes(hash, finding->subject, strlen(finding->subject));
	snprintf(text, sizeof(text), "%016" PRIx64, hash);
	/* The name by which GitHub's code scanning tells results apart. */
	json_string(json, "primaryLocationLineHash", text);
	json_close(json, '}');
}

static void put_state(struct json *json, const struct fl_store_finding *finding)
{
	static const char *const baselines[FL_STATES] = {
		[FL_STATE_NEW] = "new",		  [FL_STATE_KNOWN] = "unchanged",
		[FL_STATE_FIXED] = "absent",	  [FL_STATE_CHANGED] = "updated",
		[FL_STATE_IGNORED] = "unchanged",
	};

	json_string(json, "baselineState", baselines[finding->state]);
	if (finding->state != FL_STATE_KNOWN && finding->state != FL_STATE_IGNORED)
		return;
	json_open(json, "suppressions", '[');
	json_open(json, NULL, '{');
	json_string(json, "kind", "external");
	json_string(json, "status", "accepted");
	json_string(json, "justification", finding->reason);
	json_close(json, '}');
	json_close(json, ']');
}

static void put_properties(struct json *json, const struct fl_store_finding *finding)
{
	json_open(json, "properties", '{');
	json_string(json, "subject", finding->subject);
	json_string(json, "profile", finding->profile);
	json_string(json, "state", fl_state_name(finding->state));
	json_number(json, "inputs", finding->inputs);
	json_number(json, "replays", finding->replays);
	json_number(json, "identical", finding->identical);
	json_string(json, "case", finding->text);
	json_close(json, '}');
}

static int put_result(void *context, const struct fl_store_finding *finding)
{
	struct sarif *sarif = context;
	struct json *json = &sarif->json;
	char function[FL_SIGNATURE_SIZE], message[512], *flow;
	int invariant = fl_invariant_find(finding->invariant);

	snprintf(message, sizeof(message), "%s on %s: %s", finding->signature, finding->subject,
		 finding->detail);
	json_open(json, NULL, '{');
	json_string(json, "ruleId", finding->invariant);
	if (invariant >= 0)
		json_number(json, "ruleIndex", (uint64_t)invariant);
	json_string(json, "level", "error");
	put_text(json, "message", message);
	json_open(json, "locations", '[');
	json_open(json, NULL, '{');
	triage_put_place(json, finding->subject,
			 function_of(finding->signature, function, sizeof(function)), NULL);
	json_close(json, '}');
	json_close(json, ']');
	put_fingerprints(json, finding);
	put_state(json, finding);
	flow = triage_code_flow(finding);
	if (*flow) {
		json_open(json, "codeFlows", '[');
		fputs(flow, sarif->out);
		json_close(json, ']');
	}
	free(flow);
	put_properties(json, finding);
	json_close(json, '}');
	return 0;
}

/* All of them, whether broken or not: a rule keeps its place. */
static void put_rules(struct json *json)
{
	json_open(json, "rules", '[');
	for (unsigned int i = 0; fl_invariants[i]; i++) {
		json_open(json, NULL, '{');
		json_string(json, "id", fl_invariants[i]->name);
		put_text(json, "shortDescription", fl_invariants[i]->help);
		json_open(json, "defaultConfiguration", '{');
		json_string(json, "level", "error");
		json_close(json, '}');
		json_close(json, '}');
	}
	json_close(json, ']');
}

void triage_print_sarif(FILE *out, struct fl_store *store, const struct fl_store_view *view)
{
	struct sarif sarif = {.json = {.out = out}, .out = out};
	struct json *json = &sarif.json;

	json_open(json, NULL, '{');
	json_string(json, "$schema", SCHEMA);
	json_string(json, "version", "2.1.0");
	json_open(json, "runs", '[');
	json_open(json, NULL, '{');
	json_open(json, "tool", '{');
	json_open(json, "driver", '{');
	json_string(json, "name", "Faultline");
	json_string(json, "semanticVersion", FAULTLINE_VERSION);
	put_rules(json);
	json_close(json, '}');
	json_close(json, '}');
	json_string(json, "columnKind", "utf16CodeUnits");
	json_open(json, "results", '[');
	triage_do(store, fl_store_each_finding(store, view, put_result, &sarif));
	json_close(json, ']');
	json_close(json, '}');
	json_close(json, ']');
	json_close(json, '}');
	fputc('\n', out);
}
