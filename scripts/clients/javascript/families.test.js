// Chats with every family of endpoints, by every client.
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";

import { inferenceClients, whole } from "./inference.js";
import { openAIClients } from "./openai.js";
import { families, startConnector } from "./program.js";
import { messages, verdict, verdictFormat, weather } from "./samples.js";

const tools = [{ type: "function", function: weather }];
const stream_options = { include_usage: true };

const connector = await startConnector();
after(() => connector.stop());

// A client makes a chat call to a connection and returns the reply, streamed or not.
const { open, chat } = inferenceClients(connector);
const clients = {
  "@azure-rest/ai-inference": {
    whole: async (connection, body) => (await chat(body, { connection })).body,
    streamed: (connection, body) => whole(open({ connection }), body),
  },
};
for (const [name, openAI] of Object.entries(openAIClients(connector))) {
  const completions = (connection) => openAI({ connection }).chat.completions;
  clients[name] = {
    whole: (connection, body) => completions(connection).create({ messages, ...body }),
    streamed: (connection, body) => completions(connection).stream({ messages, ...body, stream_options }).finalChatCompletion(),
  };
}

for (const family of families) {
  describe(family, { concurrency: true }, () => {
    for (const [name, ways] of Object.entries(clients)) {
      for (const [way, ask] of Object.entries(ways)) {
        describe(`${name}, ${way}`, { concurrency: true }, () => suite((body) => ask(family, body)));
      }
    }
  });
}

function suite(ask) {
  test("chat", async () => {
    const { choices, usage } = await ask({ model: "echo" });
    assert.deepEqual([choices[0].message.content, choices[0].finish_reason], ["one two three", "stop"]);
    assert.deepEqual([usage.prompt_tokens, usage.completion_tokens, usage.total_tokens], [3, 3, 6]);
  });

  test("tools", async () => {
    const { choices } = await ask({ model: "tools", tools });
    assert.equal(choices[0].finish_reason, "tool_calls");
    const { tool_calls: calls } = choices[0].message;
    assert.deepEqual(calls.map((call) => [call.type, call.function.name]), [["function", "get_weather"]]);
    assert.deepEqual(JSON.parse(calls[0].function.arguments), { city: "Lisbon" });
    assert.ok(calls[0].id);
  });

  test("json", async () => {
    const { choices } = await ask({ model: "json", response_format: verdictFormat });
    assert.deepEqual(JSON.parse(choices[0].message.content), verdict);
  });
}
