// Which connection is used, and as whom. Keys are in memory, in the boxes and here, and go nowhere but into headers.
import { base } from "./request.js";
import { h, newID } from "./dom.js";
import { named } from "./controls.js";

// createConnection fills a panel. changed() is called when calls would go elsewhere, or as somebody else.
export function createConnection({ panel, changed }) {
  const state = { connection: "", key: "", endpoint: "", ownKey: "" };
  const bringing = new Set(); // names of connections to which an endpoint is brought
  let unknown = true; // who calls
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
      wait = setTimeout(take, 400);
    });
    input.addEventListener("change", take);
    return h("div", { class: "box" }, h("label", { for: id }, label), input);
  };
  const secret = { class: "secret", placeholder: "kept in memory only" };
  const name = newID("connection");
  const pick = named({ id: name, about: undefined, options: { empty: "my only one", listen: (take) => listeners.push(take) }, change: (value = "") => {
    state.connection = value;
    show();
    changed();
  } });
  const endpoint = box("Endpoint you bring", "endpoint", { type: "url", placeholder: "https://…" });
  const ownKey = box("Your own key", "ownKey", secret);
  const show = () => {
    // Who is not known is told of no connection, and may mean one of these.
    const brought = bringing.has(state.connection) || (unknown && state.connection !== "");
    endpoint.hidden = ownKey.hidden = !brought;
  };
  panel.replaceChildren(h("div", { class: "box" }, h("label", { for: name }, "Connection"), pick.element), box("Key", "key", secret), endpoint, ownKey, told);

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
    for (const { id, brought } of list) if (brought) bringing.add(id);
    unknown = Boolean(answer.error);
    told.textContent = answer.error ? `${answer.error.message}` : "";
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
  try {
    const response = await fetch(new URL(path, base), { headers, cache: "no-store", credentials: "omit", redirect: "error" });
    return await response.json();
  } catch (error) {
    return { error: { message: `The server did not answer: ${error.message}` } };
  }
}
