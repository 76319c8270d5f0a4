// The clients of @azure-rest/ai-inference, as its documentation makes them: only the address is the connector's.
import assert from "node:assert/strict";

import createClient from "@azure-rest/ai-inference";
import { AzureKeyCredential } from "@azure/core-auth";
import { createSseStream } from "@azure/core-sse";

import { callerKey } from "./program.js";
import { messages } from "./samples.js";

// inferenceClients returns two functions: one makes a client for a connection, the other a chat call.
// Without options neither retries.
export function inferenceClients(connector) {
  const open = ({ connection = "main", key = callerKey, retryOptions = { maxRetries: 0 } } = {}) => {
    const options = { allowInsecureConnection: true, retryOptions };
    return createClient(`${connector.url}/connections/${connection}`, new AzureKeyCredential(key), options);
  };
  const chat = (body, options) => open(options).path("/chat/completions").post({ body: { messages, ...body } });
  return { open, chat };
}

// events yields those of a streamed chat call, and checks that nothing follows the end.
export async function* events(client, body) {
  const response = await client.path("/chat/completions").post({ body: { messages, ...body, stream: true } }).asNodeStream();
  assert.equal(response.status, "200");
  let ended = false;
  for await (const event of createSseStream(response.body)) {
    assert.ok(!ended, "nothing follows [DONE]");
    ended = event.data === "[DONE]";
    yield event;
  }
}

// whole joins the chunks of a streamed chat call into the reply that it would be in one piece. As other SDKs
// of this interface do, it knows of no chunk without choices.
export async function whole(client, body) {
  const reply = { message: { content: "", tool_calls: [] } };
  for await (const { data } of events(client, body)) {
    if (data === "[DONE]") return { choices: [reply], usage: reply.usage };
    const { choices, usage } = JSON.parse(data);
    if (choices.length === 0) continue;
    const [{ delta, finish_reason }] = choices;
    reply.message.content += delta.content ?? "";
    // An endpoint that tells a call in one piece says neither its index nor its type.
    for (const { index = 0, function: said, ...call } of delta.tool_calls ?? []) {
      const known = (reply.message.tool_calls[index] ??= { type: "function", ...call, function: { name: said.name, arguments: "" } });
      known.function.arguments += said.arguments;
    }
    reply.finish_reason = finish_reason ?? reply.finish_reason;
    reply.usage = usage ?? reply.usage;
  }
  assert.fail("the stream has no end");
}
