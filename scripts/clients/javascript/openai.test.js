// The package openai against the connector, in every form it speaks: what its users do, by its own documentation.
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";

import { AzureOpenAI } from "openai";

import { apiVersion, openAIClients } from "./openai.js";
import { callerKey, startConnector } from "./program.js";
import { messages, verdict, verdictFormat, weather } from "./samples.js";

const connector = await startConnector();
after(() => connector.stop());

describe("every client", { concurrency: true }, () => {
  for (const [name, open] of Object.entries(openAIClients(connector))) {
    describe(name, { concurrency: true }, () => suite(name, open));
  }
});

// running is a tool that keeps the arguments of its calls.
function running(called) {
  const run = (given) => {
    called.push(given);
    return "sunny";
  };
  return { type: "function", function: { ...weather, function: run, parse: JSON.parse } };
}

function suite(name, open) {
  const client = open();

  test("chat", async () => {
    const reply = await client.chat.completions.create({ model: "echo", messages, temperature: 2, stop: " three" });
    const [choice] = reply.choices;
    assert.deepEqual([choice.message.role, choice.message.content, choice.finish_reason], ["assistant", "one two", "stop"]);
    assert.deepEqual(reply.usage, { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 });
  });

  for (const [what, options, usages] of [
    ["no usage chunk unasked", undefined, 0],
    ["no usage chunk when declined", { include_usage: false }, 0],
    ["one usage chunk when asked", { include_usage: true }, 1],
  ]) {
    test(`stream: ${what}`, async () => {
      const stream = await client.chat.completions.create({ model: "echo", messages, stream: true, stream_options: options });
      const chunks = [];
      for await (const chunk of stream) chunks.push(chunk);
      const text = chunks.map((chunk) => chunk.choices[0]?.delta.content ?? "").join("");
      assert.equal(text, "one two three");
      const without = chunks.filter((chunk) => chunk.choices.length === 0);
      assert.equal(without.length, usages);
      if (usages === 1) {
        const told = chunks.filter(({ usage }) => usage); // told twice, it would be added up by some
        assert.deepEqual(told.map(({ usage }) => usage), [{ prompt_tokens: 3, completion_tokens: 3, total_tokens: 6 }]);
      }
      assert.equal(chunks.at(-1 - usages).choices[0].finish_reason, "stop");
    });
  }

  test("a stream arrives over time", async () => {
    const arrivals = [];
    for await (const _ of await client.chat.completions.create({ model: "slow", messages, stream: true })) {
      arrivals.push(Date.now());
    }
    // The emulator pauses half a second between events: collected, they would come together.
    const span = arrivals.at(-1) - arrivals[0];
    assert.ok(span > 1000, `arrived within ${span} ms`);
  });

  for (const stream of [false, true]) {
    test(`tools, ${stream ? "streamed" : "whole"}`, async () => {
      const called = [];
      const runner = client.chat.completions.runTools({ model: "tools", messages, tools: [running(called)], stream });
      assert.equal(await runner.finalContent(), "The tool answered: sunny");
      assert.deepEqual(called, [{ city: "Lisbon" }]);
    });
  }

  test("fragments of a tool call become one", async () => {
    const tools = [{ type: "function", function: weather }];
    const stream = client.chat.completions.stream({ model: "tools", messages, tools });
    const reply = await stream.finalChatCompletion();
    const [call] = reply.choices[0].message.tool_calls;
    assert.equal(reply.choices[0].finish_reason, "tool_calls");
    assert.ok(call.id);
    assert.deepEqual([call.function.name, JSON.parse(call.function.arguments)], ["get_weather", { city: "Lisbon" }]);
  });

  test("json_schema", async () => {
    const reply = await client.chat.completions.create({ model: "json", messages, response_format: verdictFormat });
    assert.deepEqual(JSON.parse(reply.choices[0].message.content), verdict);
  });

  for (const [model, extraParameters] of [["of-openai", undefined], ["of-services", "pass-through"]]) {
    test(`what arrives ${model} is what was sent`, async () => {
      const sent = { messages, logit_bias: { 50256: -100 }, seed: 2 ** 53 - 1, x_unknown: { kept: null }, user: `${name}, ${model}` };
      await open({ connection: "recorded" }).chat.completions.create({ model, ...sent });
      const [arrived, ...more] = connector.recorded.filter(({ body }) => body.user === sent.user);
      assert.equal(more.length, 0);
      const { model: known, ...rest } = arrived.body;
      assert.deepEqual(rest, sent);
      assert.equal(known, { "of-openai": "gpt", "of-services": "phi" }[model]);
      assert.equal(arrived.headers["extra-parameters"], extraParameters);
      assert.ok(!JSON.stringify(arrived.headers).includes(callerKey), "the caller's key stays here");
    });
  }
}

for (const name of ["OpenAI at /v1", "OpenAI at /openai/v1"]) {
  test(`models are listed to ${name}`, async () => {
    const ids = [];
    for await (const model of openAIClients(connector)[name]({ connection: "github-models" }).models.list()) ids.push(model.id);
    assert.deepEqual(ids.sort(), ["echo", "embeddings", "json", "tools"]);
  });
}

test("AzureOpenAI of one deployment asks that one, whatever the model is called", async () => {
  const endpoint = `${connector.url}/connections/main`;
  const client = new AzureOpenAI({ endpoint, apiKey: callerKey, apiVersion, deployment: "json", maxRetries: 0 });
  const reply = await client.chat.completions.create({ model: "gpt-4o", messages });
  assert.equal(reply.model, "emulator/json");
});
