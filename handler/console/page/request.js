// An input becomes a request: each parameter travels where its action says.

const place = (action, name) => action.parameters.find((p) => p.name === name)?.in ?? (action.method === "GET" ? "query" : "body");

// createRequest returns { method, path, query, headers, body }: path is below the connector's address, and body is an
// object, or undefined where the action takes none. Header names of credentials are the connection's to add.
export function createRequest(action, input, connection) {
  const taken = { query: {}, header: {}, body: Object.create(null) }; // "__proto__" is a name like any other
  for (const [name, value] of Object.entries(input)) taken[place(action, name)][name] = value;
  const text = (values) => Object.entries(values).map(([name, value]) => [name, typeof value === "string" ? value : JSON.stringify(value)]);
  const prefix = connection ? `connections/${encodeURIComponent(connection)}/` : "";
  const hasBody = action.method !== "GET";
  return {
    method: action.method,
    path: prefix + action.path.replace(/^\//, ""),
    query: text(taken.query),
    headers: [...(hasBody ? [["Content-Type", "application/json"]] : []), ...text(taken.header)],
    body: hasBody ? taken.body : undefined,
  };
}

// unsendable finds a header that cannot travel, undefined when all can: { name, message }.
export function unsendable(headers) {
  const [name] = headers.find(([, value]) => /[^\t -~\x80-\xff]/.test(value)) ?? [];
  return name && { name, message: `${name} holds a character that no header can carry, such as a line break or a letter outside Latin-1. Write it again without.` };
}

// base is the connector's address: the page is right below it, whatever a platform put in front.
export const base = new URL(".", document.baseURI);

// addressOf is a request's whole address.
export function addressOf({ path, query }) {
  const url = new URL(path, base);
  url.search = new URLSearchParams(query).toString();
  return url;
}
