// The program under test: the real binary, started as a child process on a port of its own choice.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";

const handler = process.env.HANDLER ?? fileURLToPath(new URL("../../../bin/handler", import.meta.url));
const connections = fileURLToPath(new URL("../connections.json", import.meta.url));
const endpointKey = "endpoint-0123456789abcdef0123456789";

export const callerKey = "orders-0123456789abcdef0123456789";

// One connection for each family of endpoints: an operator moves a deployment from one to another, and no
// client of any SDK notices.
export const families = [
  "ai-services", "serverless", "managed-online", "azure-openai", "azure-openai-v1", "openai-compatible", "github-models",
];

// startConnector serves the connections of ../connections.json: to an emulator that asks for a key, and to a
// recorder. It returns the connector's address, the recorder's list, and how to end them all.
export async function startConnector() {
  const recorder = await startRecorder();
  const emulator = await start(["emulator", "--listen", "127.0.0.1:0", "--key", endpointKey], {});
  const connector = await start(["serve"], {
    CONNECTOR_LISTEN: "127.0.0.1:0",
    CONNECTOR_CONNECTIONS_FILE: connections,
    CONNECTOR_MAX_ATTEMPTS: "1", // an endpoint's own 429 and 503 are looked at, not waited for
    EMULATOR: emulator.url,
    RECORDER: recorder.url,
    ENDPOINT_KEY: endpointKey,
    CALLER_KEY: callerKey,
  });
  const stop = async () => {
    await connector.stop();
    await emulator.stop();
    recorder.stop();
  };
  return { url: connector.url, recorded: recorder.recorded, stop };
}

// start resolves when the program says where it listens: in a sentence, or in its log. It is stopped well, or
// not: the race detector tells with the exit code.
export function start(words, environment) {
  const child = spawn(handler, words, { env: environment });
  process.once("exit", () => child.kill()); // when a test file fails to load
  const ended = new Promise((resolve) => child.once("close", resolve));
  return new Promise((resolve, reject) => {
    let said = "";
    const listen = (text) => {
      said += text;
      const address = /listens on http:\/\/([^/\s]+)/.exec(said) ?? /"msg":"listening".*"address":"([^"]+)"/.exec(said);
      if (address) {
        const stop = async () => {
          child.kill("SIGTERM");
          assert.equal(await ended, 0, `handler ${words[0]}: ${said}`);
        };
        resolve({ url: `http://${address[1]}`, stop });
      }
    };
    child.stdout.on("data", listen);
    child.stderr.on("data", listen);
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`handler ${words[0]} ended with ${code}: ${said}`)));
  });
}

// startRecorder is an endpoint that keeps what arrives, the latest last, and has one answer.
async function startRecorder() {
  const recorded = [];
  const server = createServer(async (request, response) => {
    let text = "";
    for await (const piece of request) text += piece;
    recorded.push({ url: request.url, headers: request.headers, body: JSON.parse(text) });
    const choice = { index: 0, finish_reason: "stop", message: { role: "assistant", content: "noted" } };
    const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };
    response.setHeader("Content-Type", "application/json");
    response.end(JSON.stringify({ id: "1", object: "chat.completion", created: 1, model: "recorder", choices: [choice], usage }));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { url: `http://127.0.0.1:${server.address().port}`, recorded, stop: () => server.close() };
}
