// The editor of a conversation: a list of messages, each with a role and a text, images, or JSON for all the rest.
import { button, h } from "./dom.js";
import { message } from "./message.js";

export function messages({ id, about, schema, defs, change }) {
  const list = h("ol", { class: "messages" });
  let made = [];

  const show = () => list.replaceChildren(...made.map((m) => m.element));
  const problem = () => made.map((m) => m.problem()).find(Boolean) ?? "";
  const changed = () => {
    made.forEach((m, at) => m.place(at, made.length));
    change(made.length > 0 ? made.map((m) => m.value()) : undefined, problem());
  };
  const add = (value) => {
    const made1 = message({ value, schema, defs, changed, remove, move });
    made.push(made1);
    return made1;
  };
  const remove = (which) => {
    const at = made.indexOf(which);
    made.splice(at, 1);
    show();
    changed();
    (made[Math.min(at, made.length - 1)]?.input() ?? more).focus();
  };
  const move = (which, by) => {
    const at = made.indexOf(which);
    if (!made[at + by]) return;
    [made[at], made[at + by]] = [made[at + by], made[at]];
    show();
    changed();
    which.focusMove(by);
  };
  const more = button("Add a message", () => {
    const last = made.at(-1)?.value().role;
    const next = add({ role: last === "user" ? "assistant" : "user", content: "" });
    show();
    changed();
    next.input().focus();
  }, { class: "small" });

  const set = (values = []) => {
    made = [];
    values.forEach(add);
    made.forEach((m, at) => m.place(at, made.length));
    show();
  };
  const element = h("div", { id, role: "group", "aria-describedby": about }, list, more);
  const isMessage = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
  return {
    element,
    set,
    fits: (value) => value === undefined || (Array.isArray(value) && value.every(isMessage)),
    find: ([at, ...rest]) => made[at]?.find(rest) ?? made[0]?.input() ?? more,
  };
}
