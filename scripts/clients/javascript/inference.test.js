// @azure-rest/ai-inference against the connector: what its users do, by the SDK's own documentation.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import createClient, { isUnexpected } from "@azure-rest/ai-inference";
import { AzureKeyCredential } from "@azure/core-auth";
import { createSseStream } from "@azure/core-sse";

import { callerKey, startConnector } from "./program.js";

let connector;
before(async () => {
  connector = await startConnector({
    main: { calls: 100, renewalPeriod: 60 },
    small: { calls: 2, renewalPeriod: 60 },
    brief: { calls: 1, renewalPeriod: 2 },
  });
});
after(() => connector.stop());

// client is the SDK's, for one connection; without options it does not retry.
function client({ connection = "main", key = callerKey, retryOptions = { maxRetries: 0 } } = {}) {
  const options = { allowInsecureConnection: true, retryOptions };
  return createClient(`${connector.url}/connections/${connection}`, new AzureKeyCredential(key), options);
}

const messages = [{ role: "user", content: "one two three" }];

function chat(body, options) {
  return client(options).path("/chat/completions").post({ body: { messages, ...body } });
}

// refused checks an error and returns its body, as SDK code reads it.
function refused(response, status, code) {
  assert.ok(isUnexpected(response));
  assert.equal(response.status, String(status));
  assert.equal(response.headers["x-ms-error-code"], code);
  assert.ok(response.body.error.message);
  return response.body;
}

test("info", async () => {
  const response = await client().path("/info").get({ queryParameters: { model: "echo" } });
  assert.ok(!isUnexpected(response));
  assert.equal(response.body.model_name, "emulator/echo");
  assert.equal(response.body.model_type, "chat-completion");
  assert.ok(response.body.model_provider_name);
});

test("chat", async () => {
  const response = await chat({ model: "echo", temperature: 0.5, max_tokens: 50 });
  assert.ok(!isUnexpected(response));
  const [choice] = response.body.choices;
  assert.deepEqual([choice.message.role, choice.message.content, choice.finish_reason], ["assistant", "one two three", "stop"]);
  assert.deepEqual(response.body.usage, { prompt_tokens: 3, completion_tokens: 3, total_tokens: 6 });
});

test("stream", async () => {
  const response = await client()
    .path("/chat/completions")
    .post({ body: { messages, model: "slow", stream: true } })
    .asNodeStream();
  assert.equal(response.status, "200");
  const arrivals = [];
  let last, content = "", ended = false;
  for await (const event of createSseStream(response.body)) {
    assert.ok(!ended, "nothing follows [DONE]");
    if (event.data === "[DONE]") {
      ended = true;
      continue;
    }
    arrivals.push(Date.now());
    last = JSON.parse(event.data);
    content += last.choices[0].delta.content ?? "";
  }
  assert.ok(ended);
  assert.equal(content, "one two three");
  assert.equal(last.choices[0].finish_reason, "stop");
  assert.equal(last.usage.total_tokens, 6);
  // The emulator pauses half a second between events: collected, they would come together.
  assert.ok(arrivals.at(-1) - arrivals[0] > 1000, `arrived within ${arrivals.at(-1) - arrivals[0]} ms`);
});

test("tool call round trip", async () => {
  const parameters = { type: "object", properties: { city: { type: "string", enum: ["Lisbon"] } }, required: ["city"] };
  const tools = [{ type: "function", function: { name: "get_weather", description: "The weather of a city", parameters } }];
  const asked = await chat({ model: "tools", tools });
  assert.ok(!isUnexpected(asked));
  assert.equal(asked.body.choices[0].finish_reason, "tool_calls");
  const { message } = asked.body.choices[0];
  const [call] = message.tool_calls;
  assert.equal(call.function.name, "get_weather");
  assert.deepEqual(JSON.parse(call.function.arguments), { city: "Lisbon" });

  const result = { role: "tool", tool_call_id: call.id, content: "sunny" };
  const answered = await chat({ model: "tools", tools, messages: [...messages, message, result] });
  assert.ok(!isUnexpected(answered));
  assert.equal(answered.body.choices[0].message.content, "The tool answered: sunny");
});

test("json_schema", async () => {
  const schema = { type: "object", properties: { mood: { enum: ["good"] }, score: { type: "integer", minimum: 7 } }, required: ["mood", "score"] };
  const response = await chat({ model: "json", response_format: { type: "json_schema", json_schema: { name: "verdict", strict: true, schema } } });
  assert.ok(!isUnexpected(response));
  assert.deepEqual(JSON.parse(response.body.choices[0].message.content), { mood: "good", score: 7 });
});

test("extra parameters", async () => {
  const body = { messages, model: "echo", logprobs: true };
  const error = refused(await chat(body), 400, "ExtraParameters");
  assert.match(error.error.message, /logprobs/);
  const passed = await client().path("/chat/completions").post({ body, headers: { "extra-parameters": "pass-through" } });
  assert.equal(passed.status, "200");
});

test("wrong key", async () => {
  refused(await chat({ model: "echo" }, { key: "wrong" }), 401, "Unauthenticated");
});

test("unknown model", async () => {
  const error = refused(await chat({ model: "gpt-9" }), 404, "unknown_model");
  assert.match(error.error.message, /gpt-9/);
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

test("the endpoint is unavailable", async () => {
  const response = await chat({ model: "unavailable" });
  refused(response, 503, "UpstreamUnavailable");
  assert.equal(response.headers["retry-after"], "3");
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
