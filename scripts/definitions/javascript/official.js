// What oav, the validator of the people who write the official OpenAPI files, says of a call by these files.
import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import oav from "oav/dist/lib/liveValidation/liveValidator.js";

import { temporary } from "./program.js";

const folder = new URL("../../../handler/testdata/official/", import.meta.url);

export const versions = readdirSync(folder).filter((name) => name.endsWith(".json")).map((name) => name.slice(0, -".json".length));

// officialFiles lays the files out as oav wants them. It reads nothing of a parameterized host.
function officialFiles() {
  const root = temporary();
  for (const version of versions) {
    const { "x-ms-parameterized-host": _, ...file } = JSON.parse(readFileSync(new URL(`${version}.json`, folder)));
    const kind = version.endsWith("-preview") ? "preview" : "stable";
    const place = join(root, "specification/ai/data-plane/ModelInference", kind, version);
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, "openapi.json"), JSON.stringify({ ...file, host: "models.example.com" }));
  }
  return root;
}

// officialValidator returns a function that tells how a call breaks the file of its version. A breach is of the request,
// as in "request MAXIMUM /temperature", or of the answer, as in "422 INVALID_TYPE /detail/*/loc" (in any place of a list).
export async function officialValidator() {
  const problems = [];
  const options = {
    directory: officialFiles(),
    swaggerPathsPattern: ["**/openapi.json"],
    isPathCaseSensitive: false,
    loadValidatorInBackground: false,
    loadValidatorInInitialize: true,
  };
  const validator = new oav.LiveValidator(options, (message, level) => level === "error" && problems.push(message));
  await validator.initialize();
  assert.equal(validator.swaggerList.length, versions.length);
  return async ({ operation, request, answer }) => {
    const pair = { liveRequest: structuredClone(request), liveResponse: structuredClone(answer) };
    const { requestValidationResult, responseValidationResult, runtimeException } = await validator.validateLiveRequestResponse(pair);
    assert.equal(runtimeException, undefined, "oav cannot read the pair");
    assert.deepEqual(problems, [], "oav is in trouble");
    assert.equal(responseValidationResult.operationInfo.operationId, operation);
    return [...breaches("request", requestValidationResult), ...breaches(answer.statusCode, responseValidationResult)];
  };
}

function breaches(of, result) {
  assert.equal(result.runtimeException, undefined);
  const told = result.errors.flatMap(({ code, pathsInPayload }) => pathsInPayload.map((path) => `${of} ${code} ${anyPlace(path)}`.trimEnd()));
  assert.equal(result.isSuccessful, told.length === 0);
  return [...new Set(told)].sort();
}

const anyPlace = (path) => path.replace(/\/\d+(?=\/|$)/g, "/*");
