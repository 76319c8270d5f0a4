// Reading the schemas of the actions: what a value may be, and how much a parameter matters.

// resolve follows a reference into the definitions of an action.
export function resolve(schema, defs) {
  const name = schema?.$ref?.match(/^#\/\$defs\/(.+)$/)?.[1];
  return name ? resolve(defs[name], defs) : schema ?? {};
}

// types lists what a value may be; null is another way to leave it out.
export const types = (schema) => [schema.type ?? []].flat().filter((type) => type !== "null");

// choices lists the values of an enum, with the names that people see.
export function choices(schema) {
  const named = schema["x-ms-enum-values"] ?? [];
  return (schema.enum ?? []).filter((value) => value !== null).map((value) => {
    return { value, label: named.find((n) => n.value === value)?.displayName ?? String(value) };
  });
}

// members lists the members of an object that can be filled in now: those that a condition adds, if it holds.
export function members(schema, value, holds) {
  let all = { ...schema.properties };
  let required = schema.required ?? [];
  if (schema.if) {
    const said = Object.keys(schema.if.properties ?? {}).every((name) => value[name] !== undefined);
    const branch = (said && holds(schema.if, value) ? schema.then : schema.else) ?? {};
    all = { ...all, ...branch.properties };
    required = [...required, ...(branch.required ?? [])];
  }
  const list = Object.entries(all).map(([name, member]) => ({ name, schema: member, required: required.includes(name) }));
  return [...list.filter((m) => m.required), ...list.filter((m) => !m.required)];
}

// groups sorts parameters as a form shows them: required, important, normal; advanced ones apart.
export function groups(parameters) {
  const rank = ({ required, schema }) => {
    const visibility = schema["x-ms-visibility"];
    if (visibility === "internal") return 4;
    if (required) return 0;
    return { important: 1, advanced: 3 }[visibility] ?? 2;
  };
  const sorted = parameters.map((parameter) => ({ parameter, rank: rank(parameter) })).sort((a, b) => a.rank - b.rank);
  return {
    plain: sorted.filter((s) => s.rank < 3).map((s) => s.parameter),
    advanced: sorted.filter((s) => s.rank >= 3).map((s) => s.parameter),
  };
}

// range says in words what numbers are taken, as far as a person would ask.
export function range({ minimum, maximum }) {
  const far = (n) => Math.abs(n) >= 2 ** 31 - 1;
  if (minimum !== undefined && maximum !== undefined && !far(maximum) && !far(minimum)) return `${minimum} to ${maximum}`;
  if (minimum !== undefined && !far(minimum)) return `at least ${minimum}`;
  return "";
}
