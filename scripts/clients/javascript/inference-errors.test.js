// What @azure-rest/ai-inference gets when a call is refused, in the places where its users read it.
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";

import { isUnexpected } from "@azure-rest/ai-inference";

import { events, inferenceClients } from "./inference.js";
import { startConnector } from "./program.js";

const connector = await startConnector();
const { open, chat } = inferenceClients(connector);
after(() => connector.stop());

// refused checks an error and returns its body, as SDK code reads it.
function refused(response, status, code) {
  assert.ok(isUnexpected(response));
  assert.equal(response.status, String(status));
  assert.equal(response.headers["x-ms-error-code"], code);
  assert.ok(response.body.error.message);
  return response.body;
}

describe("@azure-rest/ai-inference, refused", { concurrency: true }, () => {
  test("extra parameters", async () => {
    const error = refused(await chat({ model: "echo", logprobs: true }), 400, "ExtraParameters");
    assert.match(error.error.message, /logprobs/);
  });

  test("wrong key", async () => {
    refused(await chat({ model: "echo" }, { key: "wrong" }), 401, "Unauthenticated");
  });

  test("unknown model", async () => {
    const error = refused(await chat({ model: "gpt-9" }), 404, "unknown_model");
    assert.match(error.error.message, /gpt-9/);
  });

  test("unknown connection", async () => {
    refused(await chat({ model: "echo" }, { connection: "nobodys" }), 404, "NotFound");
  });

  test("unknown route", async () => {
    const response = await open().path("/images/generations").post({ body: { prompt: "a cat", size: "1024x1024" } });
    const error = refused(response, 404, "NotFound");
    assert.match(error.error.message, /the image model's own endpoint/);
  });

  // The documentation's samples read the offending parameters from detail, with loc and input.
  for (const [name, body, code, parameter, value] of [
    ["a value out of range", { model: "echo", temperature: 1.5 }, "ValidationFailed", "body.temperature", 1.5],
    ["a parameter the model does not support", { model: "unsupported", seed: 7 }, "parameter_not_supported", "body.seed", 7],
  ]) {
    test(name, async () => {
      const { detail } = refused(await chat(body), 422, code);
      assert.deepEqual(detail.map(({ loc, input }) => [loc.join("."), input]), [[parameter, value]]);
    });
  }

  test("content filter", async () => {
    const error = refused(await chat({ model: "filtered" }), 400, "content_filter");
    assert.equal(error.error.code, "content_filter");
  });

  for (const [model, status, code, wait] of [
    ["throttled", 429, "UpstreamThrottled", "7"],
    ["unavailable", 503, "UpstreamUnavailable", "3"],
  ]) {
    test(`the endpoint is ${model}`, async () => {
      const response = await chat({ model });
      refused(response, status, code);
      assert.equal(response.headers["retry-after"], wait);
    });
  }

  test("a stream that breaks off ends in an error and without [DONE]", async () => {
    const told = [];
    for await (const event of events(open(), { model: "breaks" })) told.push(event);
    assert.equal(told.at(-1).event, "error");
    assert.ok(JSON.parse(told.at(-1).data).error.message);
    assert.ok(told.length > 1);
    assert.ok(told.every(({ data }) => data !== "[DONE]"));
  });
});

test("the limit", async () => {
  for (const remaining of ["1", "0"]) {
    const response = await chat({ model: "echo" }, { connection: "small" });
    assert.equal(response.headers["x-ratelimit-remaining-requests"], remaining);
  }
  const response = await chat({ model: "echo" }, { connection: "small" });
  const error = refused(response, 429, "RateLimitExceeded");
  assert.match(error.error.message, /^Connection 'small' allows 2 calls per 60 seconds; try again in \d+ seconds\.$/);
  const wait = Number(response.headers["retry-after"]);
  assert.ok(wait >= 1 && wait <= 60, `retry-after is ${wait}`);
});

test("the SDK's own retry waits as long as it is told, and once is enough", async () => {
  const first = await chat({ model: "echo" }, { connection: "brief" });
  assert.equal(first.status, "200");
  const second = await chat({ model: "echo" }, { connection: "brief", retryOptions: { maxRetries: 1 } });
  assert.equal(second.status, "200");
});
