// Embeddings and text completions of every family of endpoints, by every client that has them.
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";

import { isUnexpected } from "@azure-rest/ai-inference";
import OpenAI from "openai";

import { inferenceClients } from "./inference.js";
import { openAIClients } from "./openai.js";
import { families, startConnector } from "./program.js";

const texts = ["one two", "three", "one two"];
const image = "data:image/png;base64,iVBORw0KGgo=";
const speaksOpenAI = (family) => family.includes("openai");

const connector = await startConnector();
after(() => connector.stop());
const { open } = inferenceClients(connector);

// unit checks that these are vectors of length 1, as long as they were asked to be, of texts.
function unit(vectors, dimensions) {
  const [one, two, again] = vectors.map((vector) => Array.from(vector));
  assert.deepEqual(again, one);
  assert.notDeepEqual(two, one);
  assert.equal(one.length, dimensions);
  const square = one.reduce((sum, x) => sum + x * x, 0);
  assert.ok(Math.abs(square - 1) < 1e-5, `the square of the length is ${square}`);
}

// floats reads what stands in base64: little-endian numbers of 32 bits.
function floats(text) {
  const raw = Buffer.from(text, "base64");
  return Array.from({ length: raw.length / 4 }, (_, i) => raw.readFloatLE(4 * i));
}

for (const family of families) {
  describe(`@azure-rest/ai-inference, ${family}`, { concurrency: true }, () => {
    const embed = (path, body) => open({ connection: family }).path(path).post({ body: { model: "embeddings", ...body } });

    for (const [encoding_format, read] of [[undefined, (vector) => vector], ["float", (vector) => vector], ["base64", floats]]) {
      test(`embeddings, ${encoding_format ?? "as they come"}`, async () => {
        const { status, body } = await embed("/embeddings", { input: texts, dimensions: 256, encoding_format });
        assert.equal(status, "200", JSON.stringify(body));
        unit(body.data.map(({ embedding }) => read(embedding)), 256);
        assert.deepEqual(body.usage, { prompt_tokens: 5, total_tokens: 5 });
      });
    }

    test("image embeddings", async () => {
      const response = await embed("/images/embeddings", { input: [{ image, text: "a llama" }], input_type: "document" });
      if (speaksOpenAI(family)) {
        assert.ok(isUnexpected(response));
        assert.deepEqual([response.status, response.headers["x-ms-error-code"]], ["404", "NotFound"]);
        return;
      }
      assert.equal(response.status, "200", JSON.stringify(response.body));
      assert.equal(response.body.data[0].embedding.length, 64);
    });
  });

  for (const [name, openAI] of Object.entries(openAIClients(connector))) {
    describe(`${name}, ${family}`, { concurrency: true }, () => suite(openAI({ connection: family })));
  }
}

function suite(client) {
  for (const encoding_format of [undefined, "float"]) { // by itself the SDK asks for base64 and decodes it
    test(`embeddings, ${encoding_format ?? "as the SDK wants them"}`, async () => {
      const { data, usage } = await client.embeddings.create({ model: "embeddings", input: texts, dimensions: 256, encoding_format });
      unit(data.map(({ embedding }) => embedding), 256);
      assert.equal(usage.total_tokens, 5);
    });
  }

  test("a completion", async () => {
    const { choices, usage } = await client.completions.create({ model: "echo", prompt: ["one two three", "four"], max_tokens: 2 });
    assert.deepEqual(choices.map(({ text, finish_reason }) => [text, finish_reason]), [["one two", "length"], ["four", "stop"]]);
    assert.equal(usage.total_tokens, 7);
  });

  test("a completion, streamed", async () => {
    const stream_options = { include_usage: true };
    const stream = await client.completions.create({ model: "echo", prompt: "one two three", stop: " three", stream: true, stream_options });
    const chunks = [];
    for await (const chunk of stream) chunks.push(chunk);
    assert.equal(chunks.map(({ choices }) => choices[0]?.text ?? "").join(""), "one two");
    assert.equal(chunks.at(-2).choices[0].finish_reason, "stop");
    assert.deepEqual([chunks.at(-1).choices.length, chunks.at(-1).usage.total_tokens], [0, 5]);
  });
}

test("a model that makes no vectors of that length says so where SDK code reads it", async () => {
  const response = await open().path("/embeddings").post({ body: { model: "embeddings", input: texts, dimensions: 4000 } });
  assert.ok(isUnexpected(response));
  assert.equal(response.status, "422");
  assert.deepEqual(response.body.detail.map(({ loc, input }) => [loc.join("."), input]), [["body.dimensions", 4000]]);
});

for (const [name, openAI] of Object.entries(openAIClients(connector))) {
  test(`${name}: the filter and the limit of what is no chat`, async () => {
    const client = openAI();
    await assert.rejects(client.embeddings.create({ model: "filtered", input: "x" }),
      (error) => error instanceof OpenAI.BadRequestError && error.code === "content_filter");
    await assert.rejects(client.completions.create({ model: "throttled", prompt: "x" }),
      (error) => error instanceof OpenAI.RateLimitError && error.headers.get("retry-after") === "7");
  });
}
