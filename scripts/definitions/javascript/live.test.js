// Live calls, as oav sees them by every version of the official OpenAPI files.
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";

import { families } from "../../clients/javascript/program.js";
import { callOf } from "./call.js";
import { officialValidator, versions } from "./official.js";
import { badPairs, goodPairs } from "./pairs.js";
import { startConnector } from "./program.js";
import { waivers, waiversOfOtherForms } from "./waivers.js";

const breachesOf = await officialValidator();
const connector = await startConnector();
after(() => connector.stop());
await callOf(connector, { ...goodPairs.chat, connection: "spent" }, versions[0]);

const needed = new Set();

async function holds(pair, version, waived = waivers) {
  const call = await callOf(connector, pair, version);
  const { answer } = call;
  assert.equal(answer.statusCode, String(pair.status), JSON.stringify(answer.body));
  assert.equal(answer.headers["x-ms-error-code"], pair.code);
  const found = await breachesOf(call);
  found.forEach((breach) => needed.add(breach));
  assert.deepEqual(found.filter((breach) => !waived[breach]), pair.breaches ?? [], JSON.stringify(answer.body));
}

describe("by each version", { concurrency: 8 }, () => {
  for (const version of versions) {
    for (const [name, pair] of Object.entries({ ...goodPairs, ...badPairs })) test(`${name}, by ${version}`, () => holds(pair, version));
  }
});

describe("from each family of endpoints", { concurrency: 8 }, () => {
  for (const connection of families) {
    const waived = /openai/.test(connection) ? { ...waivers, ...waiversOfOtherForms } : waivers;
    for (const name of ["chat", "tools", "a tool by name", "JSON by a schema", "embeddings", "embeddings in base64"]) {
      test(`${name}, from ${connection}`, () => holds({ ...goodPairs[name], connection }, versions[0], waived));
    }
  }
});

test("every waiver is needed", () => {
  const all = { ...waivers, ...waiversOfOtherForms };
  assert.deepEqual(Object.keys(all).filter((breach) => !needed.has(breach)), []);
});
