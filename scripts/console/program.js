// The programs that the page is opened from: the real binary, on ports of its own choice.
import { fileURLToPath } from "node:url";

import { start } from "../clients/javascript/program.js";

export const callerKey = "tester-0123456789abcdef0123456789";

// startOpen starts the program as a person first does: with nothing configured.
export const startOpen = () => start(["serve"], { CONNECTOR_LISTEN: "127.0.0.1:0", CONNECTOR_MAX_ATTEMPTS: "1" });

// startAt starts one that asks an endpoint of the test's own.
export const startAt = (endpoint) => start(["serve"], { CONNECTOR_LISTEN: "127.0.0.1:0", CONNECTOR_MAX_ATTEMPTS: "1", AZUREAI_ENDPOINT_URL: endpoint });

// startWithKeys starts one with connections that ask for a key: narrow, whose limit is soon used up, team, and one
// that is not this caller's.
export async function startWithKeys() {
  const emulator = await start(["emulator", "--listen", "127.0.0.1:0"], {});
  const connector = await start(["serve"], {
    CONNECTOR_LISTEN: "127.0.0.1:0",
    CONNECTOR_MAX_ATTEMPTS: "1",
    CONNECTOR_CONNECTIONS_FILE: fileURLToPath(new URL("connections.template.json", import.meta.url)),
    EMULATOR: `${emulator.url}/models`,
    CALLER_KEY: callerKey,
    OTHER_KEY: "another-0123456789abcdef0123456789",
  });
  const stop = async () => {
    await connector.stop();
    await emulator.stop();
  };
  return { url: connector.url, stop };
}
