// A call as other tools take it. Keys are never in it: only where they go.
import { addressOf } from "./request.js";
import { button, h } from "./dom.js";
import { colored } from "./highlight.js";
import { print } from "./json.js";

const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

// asCurl is the call for a shell. credentials are [header, name of the variable that holds it].
export function asCurl(request, credentials) {
  const lines = [`curl ${request.body?.stream ? "-N " : ""}${quoted(addressOf(request).href)}`];
  for (const [name, value] of request.headers) lines.push(`-H ${quoted(`${name}: ${value}`)}`);
  for (const [name, variable] of credentials) lines.push(`-H "${name}: $${variable}"`);
  if (request.body === undefined) return lines.join(" \\\n  ");
  return `${[...lines, "--data-binary @- <<'JSON'"].join(" \\\n  ")}\n${print(request.body)}\nJSON`;
}

// literal keeps a workflow from reading a text, or the name of a member, as an expression.
function literal(value) {
  if (typeof value === "string") return value.startsWith("@") ? `@${value}` : value.replaceAll("@{", "@@{");
  if (Array.isArray(value)) return value.map(literal);
  if (typeof value !== "object" || value === null || JSON.isRawJSON?.(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [literal(name), literal(member)]));
}

// asLogicApps is the call as an HTTP action of a workflow, whose parameters hold address and key. A workflow takes
// answers whole, so stream is left out.
export function asLogicApps(action, request, credentials) {
  const { stream, ...body } = request.body ?? {};
  const inputs = { method: request.method, uri: `@{parameters('inferenceUrl')}/${literal(request.path)}` };
  if (request.query.length > 0) inputs.queries = literal(Object.fromEntries(request.query));
  const keys = credentials.map(([name], i) => [name, `@parameters('${i === 0 ? "inferenceKey" : "connectorKey"}')`]);
  inputs.headers = { ...literal(Object.fromEntries(request.headers)), ...Object.fromEntries(keys) };
  if (request.body !== undefined) inputs.body = literal(body);
  inputs.retryPolicy = { type: "exponential", count: 4, interval: "PT10S", minimumInterval: "PT5S", maximumInterval: "PT1M" };
  const secret = { secureData: { properties: ["inputs"] } };
  return print({ [action.id]: { type: "Http", inputs, runtimeConfiguration: secret, runAfter: {} } });
}

// showCopy copies a text and shows it, so that a person sees what is in the clipboard.
export async function showCopy(title, text, about) {
  const told = h("p", { class: "note", role: "status" });
  const block = /^[{[]/.test(text) ? colored(text) : h("pre", { class: "json", tabindex: "0" }, text);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      told.textContent = "Copied to the clipboard.";
    } catch {
      getSelection().selectAllChildren(block);
      told.textContent = "Your browser keeps pages from copying here. The text is selected: press Ctrl + C.";
    }
  };
  const dialog = h("dialog", { "aria-label": title, onclose: () => dialog.remove() },
    h("header", { class: "head" }, h("h2", {}, title), button("Close", () => dialog.close(), { class: "small" })),
    h("p", { class: "about" }, about), block, h("div", { class: "row" }, button("Copy again", copy, { class: "small" }), told));
  document.getElementById("dialogs").append(dialog);
  dialog.showModal();
  await copy();
}
