// A box for an object: one field for each of its members.
import { createField } from "./field.js";
import { h } from "./dom.js";
import { holds } from "./check.js";
import { isObject, same } from "./json.js";
import { members, resolve } from "./schema.js";

export function group({ id, about, schema, defs, change }) {
  const element = h("div", { id, class: "group", role: "group", "aria-describedby": about });
  let value;
  let fields = new Map();

  // Members come and go with what the others say.
  const show = () => {
    const now = members(schema, value ?? {}, holds);
    if (same(now.map((m) => m.name), [...fields.keys()])) return;
    const before = fields;
    fields = new Map(now.map((m) => [m.name, before.get(m.name) ?? create(m)]));
    element.replaceChildren(...[...fields.values()].map((field) => field.element));
  };
  const create = (member) => {
    const field = createField({ ...member, schema: resolve(member.schema, defs), defs }, (changed, problem) => {
      const next = { ...value };
      if (changed === undefined) delete next[member.name];
      else next[member.name] = changed;
      value = Object.keys(next).length > 0 ? next : undefined;
      show();
      change(value, problem || broken());
    });
    field.set(value?.[member.name]);
    return field;
  };
  const broken = () => [...fields.values()].map((field) => field.problem()).find(Boolean) ?? "";
  const set = (given) => {
    value = given;
    show();
    for (const [name, field] of fields) field.set(value?.[name]);
  };
  show();
  const known = (given) => members(schema, given, holds).map((m) => m.name);
  return {
    element,
    set,
    fits: (given) => given === undefined || (isObject(given) && Object.keys(given).every((name) => known(given).includes(name))),
    find: ([name, ...rest]) => (fields.get(name) ?? [...fields.values()][0]).find(rest),
  };
}
