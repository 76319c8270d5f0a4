// One call of the connector, as it went over the wire.
import { callerKey } from "../../clients/javascript/program.js";

// callOf sends a pair's request, and returns it with its answer, as oav reads them.
export async function callOf(connector, pair, version) {
  const { operation, method, path, query, headers, body, connection = "any", key = callerKey, sent = {} } = pair;
  const text = typeof body === "object" ? JSON.stringify(body) : body;
  const typed = (type) => ({ ...headers, ...(text && { "content-type": type }) });
  const address = (route, number) => `${route}?${new URLSearchParams({ ...query, ...(number && { "api-version": number }) })}`;

  const route = address(sent.path ?? path, sent.version === undefined ? version : sent.version);
  const reply = await fetch(`${connector.url}/connections/${connection}${route}`, {
    method: sent.method ?? method,
    headers: { ...typed(sent.type ?? "application/json"), "api-key": key },
    body: text,
  });
  const request = { url: address(path, version), method, headers: typed("application/json") };
  if (text) request.body = typeof body === "object" ? JSON.parse(text) : body;
  const answer = { statusCode: String(reply.status), headers: Object.fromEntries(reply.headers), body: await reply.json() };
  return { operation, request, answer };
}
