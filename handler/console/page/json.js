// JSON that keeps its numbers: 9223372036854775807 does not become 9223372036854775808 on its way through the form.

const isExact = (value, source) => Number.isFinite(value) && (!/^-?\d+$/.test(source) || String(value) === source);

// parse is JSON.parse, with numbers that JavaScript cannot hold left as they were written.
export function parse(text) {
  return JSON.parse(text, (_, value, context) => {
    if (typeof value !== "number" || !context?.source || isExact(value, context.source)) return value;
    return JSON.rawJSON(context.source);
  });
}

// number reads what a person wrote as a number, undefined when it is none.
export function number(text) {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value)) return undefined;
  return isExact(value, text.trim()) || !JSON.rawJSON ? value : JSON.rawJSON(text.trim());
}

// isNumber reports whether a value is one, of either kind.
export const isNumber = (value) => typeof value === "number" || Boolean(JSON.isRawJSON?.(value));

export const print = (value) => JSON.stringify(value, null, 2);

// brief prints a value for people: of what is long, such as an image, only the beginning.
export function brief(value, most = 600) {
  const cut = (text) => (text.length > most ? `${text.slice(0, most / 4)}… (${text.length.toLocaleString("en")} characters)` : text);
  return typeof value === "string" ? cut(value) : JSON.stringify(value, (_, v) => (typeof v === "string" ? cut(v) : v), 2);
}

// plain is a copy of a value as every other reader of JSON has it.
export const plain = (value) => JSON.parse(JSON.stringify(value));

export const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

export const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value) && !JSON.isRawJSON?.(value);
