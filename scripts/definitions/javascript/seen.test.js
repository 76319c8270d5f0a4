// A validator that finds nothing may look at nothing: oav has to see each of these mistakes in good calls.
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";

import { callOf } from "./call.js";
import { officialValidator, versions } from "./official.js";
import { badPairs, goodPairs } from "./pairs.js";
import { startConnector } from "./program.js";
import { waivers } from "./waivers.js";

const breachesOf = await officialValidator();
const connector = await startConnector();
after(() => connector.stop());

const { chat, tools, embeddings, info } = goodPairs;
const images = goodPairs["embeddings of images"];
const nobody = badPairs["a wrong key"];
const values = badPairs.values;

// A mistake is made in a call, and seen as a breach.
const mistakes = {
  "a text that is none": [chat, ({ answer }) => (answer.body.choices[0].message.content = 7), "200 INVALID_TYPE /choices/*/message/content"],
  "no choices": [chat, ({ answer }) => delete answer.body.choices, "200 OBJECT_MISSING_REQUIRED_PROPERTY /choices"],
  "tokens as text": [chat, ({ answer }) => (answer.body.usage.total_tokens = "3"), "200 INVALID_TYPE /usage/total_tokens"],
  "another end": [chat, ({ answer }) => (answer.body.choices[0].finish_reason = 1), "200 INVALID_TYPE /choices/*/finish_reason"],
  "an undeclared property": [chat, ({ answer }) => (answer.body.output_text = "one"), "200 OBJECT_ADDITIONAL_PROPERTIES /output_text"],
  "another object": [chat, ({ answer }) => (answer.body.object = "list"), "200 ENUM_MISMATCH /object"],
  "a list that is none": [chat, ({ answer }) => (answer.body = [answer.body]), "200 INVALID_TYPE"],
  "arguments as an object": [tools, ({ answer }) => (answer.body.choices[0].message.tool_calls[0].function.arguments = {}),
    "200 INVALID_TYPE /choices/*/message/tool_calls/*/function/arguments"],
  "a vector of texts": [embeddings, ({ answer }) => (answer.body.data[0].embedding = ["0.1"]), "200 INVALID_TYPE /data/*/embedding/*"],
  "no index": [images, ({ answer }) => delete answer.body.data[1].index, "200 OBJECT_MISSING_REQUIRED_PROPERTY /data/*/index"],
  "no name of a model": [info, ({ answer }) => delete answer.body.model_name, "200 OBJECT_MISSING_REQUIRED_PROPERTY /model_name"],
  "a code as number": [nobody, ({ answer }) => (answer.body.error.code = 401), "401 INVALID_TYPE /error/code"],
  "an error without its message": [nobody, ({ answer }) => delete answer.body.error.message, "401 OBJECT_MISSING_REQUIRED_PROPERTY /error/message"],
  "an error as text": [nobody, ({ answer }) => (answer.body.error = "no"), "401 INVALID_TYPE /error"],
  "a detail without its code": [values, ({ answer }) => delete answer.body.error.details[0].code, "422 OBJECT_MISSING_REQUIRED_PROPERTY /error/details/*/code"],
  "a request out of range": [chat, ({ request }) => (request.body.top_p = 2), "request MAXIMUM /top_p"],
  "another role": [chat, ({ request }) => (request.body.messages[0].role = "x"), "request DISCRIMINATOR_VALUE_NOT_FOUND /messages/*/role"],
};

for (const version of versions) {
  describe(version, { concurrency: 8 }, () => {
    for (const [name, [pair, make, breach]] of Object.entries(mistakes)) {
      test(name, async () => {
        const call = await callOf(connector, pair, version);
        assert.equal(call.answer.statusCode, String(pair.status));
        const before = await breachesOf(call);
        make(call);
        const seen = (await breachesOf(call)).filter((b) => !before.includes(b) && !waivers[b]);
        assert.deepEqual(seen, [breach]);
      });
    }
  });
}
