// The program under test: the real binary, started as a child process on a port of its own choice.
import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const handler = process.env.HANDLER ?? fileURLToPath(new URL("../../../bin/handler", import.meta.url));
const endpointKey = "endpoint-0123456789abcdef0123456789";

export const callerKey = "orders-0123456789abcdef0123456789";

// startConnector serves connections to an emulator that asks for a key. It returns the connector's address,
// and how to end it.
export async function startConnector(limits) {
  const folder = await mkdtemp(join(tmpdir(), "connector-"));
  const emulator = await start(folder, ["emulator", "--listen", "127.0.0.1:0", "--key", endpointKey], {});
  const connections = Object.fromEntries(
    Object.entries(limits).map(([name, rateLimit]) => [name, connection(`${emulator.url}/models`, rateLimit)]),
  );
  await writeFile(join(folder, "connections.json"), JSON.stringify({ connections }));
  const connector = await start(folder, ["serve"], { CONNECTOR_LISTEN: "127.0.0.1:0", ENDPOINT_KEY: endpointKey });
  const stop = async () => {
    await connector.stop();
    await emulator.stop();
    await rm(folder, { recursive: true });
  };
  return { url: connector.url, stop };
}

function connection(endpoint, rateLimit) {
  const names = ["echo", "tools", "json", "slow", "filtered", "unsupported", "throttled", "unavailable"];
  return {
    endpoint,
    authentication: { type: "Key", value: "@appsetting('ENDPOINT_KEY')" },
    callers: [{ name: "orders", key: callerKey }],
    rateLimit,
    deployments: Object.fromEntries(names.map((name) => [name, {}])),
  };
}

// start resolves when the program says where it listens: in a sentence, or in its log.
function start(folder, words, environment) {
  const child = spawn(handler, words, { cwd: folder, env: environment });
  const ended = new Promise((resolve) => child.once("close", resolve));
  return new Promise((resolve, reject) => {
    let said = "";
    const listen = (text) => {
      said += text;
      const address = /listens on http:\/\/([^/ ]+)\/models/.exec(said) ?? /"msg":"listening".*"address":"([^"]+)"/.exec(said);
      if (address) {
        const stop = () => child.kill("SIGTERM") && ended;
        resolve({ url: `http://${address[1]}`, stop });
      }
    };
    child.stdout.on("data", listen);
    child.stderr.on("data", listen);
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`handler ${words[0]} ended with ${code}: ${said}`)));
  });
}
