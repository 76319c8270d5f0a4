// The program under test: the real binary, started as a child process on a port of its own choice.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { callerKey, start } from "../../clients/javascript/program.js";

const handler = process.env.HANDLER ?? fileURLToPath(new URL("../../../bin/handler", import.meta.url));
const endpointKey = "endpoint-0123456789abcdef0123456789";

const callers = [{ name: "orders", key: callerKey }];
const authentication = { type: "Key", value: endpointKey };
const rateLimit = { calls: 1000, renewalPeriod: 60 };

// connections are those of the suites of clients, one for each family, and some at which calls fail.
function connections(emulator) {
  const endpoint = `${emulator}/models`;
  const emulated = { endpoint, authentication, callers, rateLimit };
  return {
    ...JSON.parse(readFileSync(new URL("../../clients/connections.json", import.meta.url))).connections,
    any: emulated,
    listed: { ...emulated, deployments: { echo: {}, json: {} } },
    lacking: { ...emulated, deployments: { echo: { lacks: ["seed"] } } },
    spent: { ...emulated, rateLimit: { calls: 1, renewalPeriod: 3600 } },
    refused: { ...emulated, authentication: { type: "Key", value: "wrong" } },
    unreachable: { ...emulated, endpoint: "http://127.0.0.1:1/models" },
  };
}

// startConnector serves the connections, with an emulator behind them. It returns the address, and how to end both.
export async function startConnector() {
  const folder = temporary();
  const file = join(folder, "connections.json");
  const emulator = await start(["emulator", "--listen", "127.0.0.1:0", "--key", endpointKey], {});
  writeFileSync(file, JSON.stringify({ connections: connections(emulator.url) }));
  const connector = await start(["serve"], {
    CONNECTOR_LISTEN: "127.0.0.1:0",
    CONNECTOR_CONNECTIONS_FILE: file,
    CONNECTOR_MAX_ATTEMPTS: "1", // an endpoint's own 429 and 503 are looked at, not waited for
    CONNECTOR_MAX_BODY_BYTES: "65536",
    CONNECTOR_CALL_TIMEOUT: "10s",
    EMULATOR: emulator.url,
    RECORDER: emulator.url, // of a connection that nobody uses here
    ENDPOINT_KEY: endpointKey,
    CALLER_KEY: callerKey,
  });
  const stop = async () => {
    await connector.stop();
    await emulator.stop();
  };
  return { url: connector.url, stop };
}

// definition is what the program writes when it is asked for a definition with words.
export function definition(words) {
  const folder = temporary();
  const env = { GORACE: "atexit_sleep_ms=0" }; // the race detector would wait for more reports
  execFileSync(handler, ["definition", ...words, "--out", folder], { env });
  return JSON.parse(readFileSync(join(folder, "apiDefinition.swagger.json")));
}

// temporary makes a folder that is there while the process is.
export function temporary() {
  const folder = mkdtempSync(join(tmpdir(), "definitions-"));
  process.once("exit", () => rmSync(folder, { recursive: true }));
  return folder;
}
