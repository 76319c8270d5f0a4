// Which connection is used, and as whom. Keys are in memory, in the boxes and here, and go nowhere but into headers.
import { base, unsendable } from "./request.js";
import { h, newID } from "./dom.js";
import { named } from "./controls.js";

const patience = 400; // milliseconds, in which a person types on

// createConnection fills a panel. changed() is called when calls would go elsewhere, or as somebody else.
export function createConnection({ panel, changed }) {
  const state = { connection: "", key: "", endpoint: "", ownKey: "" };
  const bringing = new Set(); // names of connections to which an endpoint is brought
  const listed = new Set([""]);
  let unknown = true; // who calls
  let soon;
  const listeners = [];
  const told = h("p", { class: "note", role: "status" });

  const box = (label, name, attributes = {}) => {
    const id = newID(name);
    const input = h("input", { id, type: "text", autocomplete: "off", autocapitalize: "off", spellcheck: "false", "data-1p-ignore": true, "data-lpignore": "true", ...attributes });
    let wait;
    let loaded = "";
    const take = () => {
      clearTimeout(wait);
      if (loaded === state[name]) return;
      loaded = state[name];
      load();
    };
    input.addEventListener("input", () => {
      state[name] = input.value.trim();
      clearTimeout(wait);
      wait = setTimeout(take, patience);
    });
    input.addEventListener("change", take);
    return h("div", { class: "box" }, h("label", { for: id }, label), input);
  };
  const secret = { class: "secret", placeholder: "kept in memory only" };
  const name = newID("connection");
  const pick = named({ id: name, about: undefined, options: { empty: "my only one", listen: (take) => listeners.push(take) }, change: (value = "") => {
    state.connection = value;
    show();
    clearTimeout(soon);
    soon = setTimeout(changed, listed.has(value) ? 0 : patience);
  } });
  const endpoint = box("Endpoint you bring", "endpoint", { type: "url", placeholder: "https://…" });
  const key = box("Key", "key", secret);
  const ownKey = box("Your own key", "ownKey", secret);
  const show = () => {
    // Who is not known is told of no connection, and may mean one of these.
    const brought = bringing.has(state.connection) || (unknown && state.connection !== "");
    endpoint.hidden = ownKey.hidden = !brought;
    key.firstChild.textContent = brought && !unknown ? "Key of that endpoint" : "Key";
  };
  panel.replaceChildren(h("div", { class: "box" }, h("label", { for: name }, "Connection"), pick.element), key, endpoint, ownKey, told);

  const brought = () => (!endpoint.hidden && state.endpoint ? [["x-model-endpoint", state.endpoint]] : []);
  const keys = () => [["api-key", state.key, "KEY"], ["x-connector-key", endpoint.hidden ? "" : state.ownKey, "CONNECTOR_KEY"]].filter(([, key]) => key);
  const headers = () => [...brought(), ...keys().map(([header, key]) => [header, key])];

  // load asks which connections there are for this key.
  let asked = 0;
  async function load() {
    const turn = ++asked;
    const answer = await ask("console/connections", headers());
    if (turn !== asked) return; // a later question has been asked
    const list = answer.value ?? [];
    for (const { id, brought } of list) {
      listed.add(id);
      if (brought) bringing.add(id);
    }
    unknown = Boolean(answer.error);
    told.textContent = answer.error?.message ?? "";
    told.classList.toggle("bad", Boolean(state.key && answer.error));
    for (const take of listeners) take(list);
    if (!unknown && !list.some((c) => c.id === state.connection)) state.connection = list[0]?.id ?? "";
    pick.set(state.connection || undefined);
    show();
    await changed();
  }

  show();
  return {
    load,
    name: () => state.connection,
    headers,
    focus: () => pick.find().focus(),
    endpoint: brought,
    // placeholders are the keys as variables: [header, name].
    placeholders: () => keys().map(([header, , variable]) => [header, variable]),
    // models asks what a connection lists.
    async models(action) {
      if (!action || unknown) return [];
      const prefix = state.connection ? `connections/${encodeURIComponent(state.connection)}/` : "";
      return (await ask(prefix + action.path.replace(/^\//, ""), headers())).value ?? [];
    },
  };
}

async function ask(path, headers) {
  const wrong = unsendable(headers);
  if (wrong) return { error: wrong };
  try {
    const response = await fetch(new URL(path, base), { headers, cache: "no-store", credentials: "omit", redirect: "error" });
    return await response.json();
  } catch (error) {
    return { error: { message: `The server did not answer: ${error.message}` } };
  }
}
