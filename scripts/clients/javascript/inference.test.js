// @azure-rest/ai-inference against the connector: what its users do, by the SDK's own documentation.
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";

import { isUnexpected } from "@azure-rest/ai-inference";

import { events, inferenceClients } from "./inference.js";
import { callerKey, startConnector } from "./program.js";
import { messages, verdict, verdictFormat, weather } from "./samples.js";

const connector = await startConnector();
const { open, chat } = inferenceClients(connector);
after(() => connector.stop());

// answered returns the body of a good reply.
async function answered(call) {
  const response = await call;
  assert.ok(!isUnexpected(response), JSON.stringify(response.body));
  return response.body;
}

describe("@azure-rest/ai-inference", { concurrency: true }, () => {
  test("info", async () => {
    const info = await answered(open().path("/info").get({ queryParameters: { model: "echo" } }));
    assert.equal(info.model_name, "emulator/echo");
    assert.equal(info.model_type, "chat-completion");
    assert.ok(info.model_provider_name);
  });

  test("chat", async () => {
    const reply = await answered(chat({ model: "echo", temperature: 0.5, max_tokens: 50 }));
    const [choice] = reply.choices;
    assert.deepEqual([choice.message.role, choice.message.content, choice.finish_reason], ["assistant", "one two three", "stop"]);
    assert.deepEqual(reply.usage, { prompt_tokens: 3, completion_tokens: 3, total_tokens: 6 });
  });

  test("the key comes in two headers at once, and neither travels on", async () => {
    const response = await chat({ model: "of-services", seed: 40 }, { connection: "recorded" });
    const { headers } = response.request;
    assert.deepEqual([headers.get("api-key"), headers.get("authorization")], [callerKey, `Bearer ${callerKey}`]);
    await answered(response);
    const [arrived] = connector.recorded.filter(({ body }) => body.seed === 40);
    assert.ok(!JSON.stringify(arrived).includes(callerKey));
  });

  test("defaults are completed", async () => {
    await answered(chat({ model: "of-services", seed: 41, temperature: 1 }, { connection: "recorded" }));
    const [arrived] = connector.recorded.filter(({ body }) => body.seed === 41);
    const defaults = { temperature: 1, top_p: 1, frequency_penalty: 0, presence_penalty: 0 };
    assert.deepEqual(arrived.body, { messages, seed: 41, model: "phi", ...defaults });
  });

  test("stream", async () => {
    const arrivals = [];
    let last, end, content = "";
    for await (const { data } of events(open(), { model: "slow" })) {
      end = data;
      if (data === "[DONE]") continue;
      arrivals.push(Date.now());
      last = JSON.parse(data);
      content += last.choices[0].delta.content ?? "";
    }
    assert.equal(end, "[DONE]");
    assert.equal(content, "one two three");
    assert.equal(last.choices[0].finish_reason, "stop");
    assert.equal(last.usage.total_tokens, 6);
    // The emulator pauses half a second between events: collected, they would come together.
    const span = arrivals.at(-1) - arrivals[0];
    assert.ok(span > 1000, `arrived within ${span} ms`);
  });

  test("tool call round trip", async () => {
    const tools = [{ type: "function", function: weather }];
    const asked = await answered(chat({ model: "tools", tools }));
    assert.equal(asked.choices[0].finish_reason, "tool_calls");
    const { message } = asked.choices[0];
    const [call] = message.tool_calls;
    assert.equal(call.function.name, "get_weather");
    assert.deepEqual(JSON.parse(call.function.arguments), { city: "Lisbon" });

    const result = { role: "tool", tool_call_id: call.id, content: "sunny" };
    const reply = await answered(chat({ model: "tools", tools, messages: [...messages, message, result] }));
    assert.equal(reply.choices[0].message.content, "The tool answered: sunny");
  });

  test("json_schema", async () => {
    const reply = await answered(chat({ model: "json", response_format: verdictFormat }));
    assert.deepEqual(JSON.parse(reply.choices[0].message.content), verdict);
  });

  test("extra parameters that are passed through", async () => {
    const body = { messages, model: "of-services", seed: 42, logprobs: true };
    const headers = { "extra-parameters": "pass-through" };
    await answered(open({ connection: "recorded" }).path("/chat/completions").post({ body, headers }));
    const [arrived] = connector.recorded.filter(({ body }) => body.seed === 42);
    assert.equal(arrived.headers["extra-parameters"], "pass-through");
    assert.equal(arrived.body.logprobs, true);
  });
});
