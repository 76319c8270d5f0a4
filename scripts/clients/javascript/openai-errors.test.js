// What the package openai makes of refusals: its own error classes, retries and exceptions.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import OpenAI from "openai";

import { openAIClients } from "./openai.js";
import { startConnector } from "./program.js";
import { messages } from "./samples.js";

const connector = await startConnector();
const clients = openAIClients(connector);
after(() => connector.stop());

// raised checks that a call ends in an error of that class, with that code; an endpoint's own words keep theirs.
async function raised(call, kind, code, own = code) {
  const error = await call.then(() => assert.fail("the call succeeded"), (reason) => reason);
  assert.ok(error instanceof kind, `got ${error}`);
  assert.equal(error.code, own);
  assert.equal(error.headers.get("x-ms-error-code"), code);
  return error;
}

for (const [name, open] of Object.entries(clients)) {
  describe(name, { concurrency: true }, () => {
    const chat = (body, options) => open(options).chat.completions.create({ messages, ...body });

    test("wrong key", () => raised(chat({ model: "echo" }, { apiKey: "wrong" }), OpenAI.AuthenticationError, "Unauthenticated"));

    test("unknown model", async () => {
      const error = await raised(chat({ model: "gpt-9" }), OpenAI.NotFoundError, "unknown_model");
      assert.match(error.message, /gpt-9/);
    });

    test("unknown connection", () => raised(chat({ model: "echo" }, { connection: "nobodys" }), OpenAI.NotFoundError, "NotFound"));

    test("images", async () => {
      const error = await raised(open().images.generate({ model: "echo", prompt: "a cat" }), OpenAI.NotFoundError, "NotFound");
      assert.match(error.message, /the image model's own endpoint/);
    });

    test("responses", async () => {
      const error = await raised(open().responses.create({ model: "echo", input: "one" }), OpenAI.NotFoundError, "NotFound");
      assert.match(error.message, /\/chat\/completions/);
    });

    test("a value out of range", async () => {
      const error = await raised(chat({ model: "echo", temperature: 2.5 }), OpenAI.UnprocessableEntityError, "ValidationFailed");
      assert.match(error.message, /temperature/);
    });

    test("a parameter the model does not support", () =>
      raised(chat({ model: "unsupported", seed: 7 }), OpenAI.UnprocessableEntityError, "parameter_not_supported"));

    test("content filter", () => raised(chat({ model: "filtered" }), OpenAI.BadRequestError, "content_filter"));

    test("the endpoint's limit", async () => {
      const error = await raised(chat({ model: "throttled" }), OpenAI.RateLimitError, "UpstreamThrottled", "RateLimitReached");
      assert.equal(error.headers.get("retry-after"), "7");
    });

    test("the endpoint is unavailable", async () => {
      const error = await raised(chat({ model: "unavailable" }), OpenAI.InternalServerError, "UpstreamUnavailable", "Service Unavailable");
      assert.equal(error.status, 503);
    });

    test("a stream that breaks off", async () => {
      const stream = await chat({ model: "breaks", stream: true });
      let chunks = 0;
      const read = async () => {
        for await (const _ of stream) chunks++;
      };
      await assert.rejects(read, (error) => error instanceof OpenAI.APIError && /endpoint/.test(error.message));
      assert.ok(chunks > 0);
    });
  });
}

describe("the limit", () => {
  before(async () => {
    for (const remaining of ["1", "0"]) {
      const { response } = await clients.AzureOpenAI({ connection: "small" }).chat.completions.create({ model: "echo", messages }).withResponse();
      assert.equal(response.headers.get("x-ratelimit-remaining-requests"), remaining);
    }
  });

  for (const [name, open] of Object.entries(clients)) {
    test(name, async () => {
      const call = open({ connection: "small" }).chat.completions.create({ model: "echo", messages });
      const error = await raised(call, OpenAI.RateLimitError, "RateLimitExceeded");
      assert.match(error.message, /Connection 'small' allows 2 calls per 60 seconds; try again in \d+ seconds\.$/);
      const wait = Number(error.headers.get("retry-after"));
      assert.ok(wait >= 1 && wait <= 60, `retry-after is ${wait}`);
    });

    // Of two calls in a row at least one is refused, and a retry that did not wait would be refused again.
    test(`${name}: its own retry waits as long as it is told, and once is enough`, async () => {
      const client = open({ connection: "brief", maxRetries: 1 });
      for (let call = 0; call < 2; call++) {
        const reply = await client.chat.completions.create({ model: "echo", messages });
        assert.equal(reply.choices[0].message.content, "one two three");
      }
    });
  }
});
