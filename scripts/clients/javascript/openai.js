// The clients of the package openai, as its documentation makes them: only the address is the connector's.
import OpenAI, { AzureOpenAI } from "openai";

import { callerKey } from "./program.js";

export const apiVersion = "2024-10-21";

// openAIClients returns constructors of clients by name; without options they do not retry.
export function openAIClients(connector) {
  const below = (path) => (options) =>
    new OpenAI({ baseURL: `${base(connector, options)}${path}`, ...usual(options) });
  return {
    "OpenAI at /v1": below("/v1"),
    "OpenAI at /openai/v1": below("/openai/v1"),
    AzureOpenAI: (options) => new AzureOpenAI({ endpoint: base(connector, options), apiVersion, ...usual(options) }),
  };
}

function base(connector, { connection = "main" } = {}) {
  return `${connector.url}/connections/${connection}`;
}

function usual({ connection, ...options } = {}) {
  return { apiKey: callerKey, maxRetries: 0, ...options };
}
