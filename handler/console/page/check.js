// Checking a value against its schema while it is typed. The server has the last word.
import { Validator } from "./library/json-schema/index.js";
import { plain } from "./json.js";

const draft = "2019-09";
const validators = new WeakMap();

function validator(schema, defs) {
  if (!validators.has(schema)) validators.set(schema, new Validator({ ...schema, $defs: defs }, draft, false));
  return validators.get(schema);
}

// holds reports whether a value is as a schema says.
export const holds = (schema, value) => value === undefined || validator(schema, undefined).validate(plain(value)).valid;

// check says in a sentence what is wrong with a value, "" when nothing is.
export function check(schema, defs, value) {
  if (value === undefined) return "";
  const result = validator(schema, defs).validate(plain(value));
  if (result.valid) return "";
  const depth = (error) => error.instanceLocation.split("/").length;
  const inner = result.errors.reduce((deepest, error) => (depth(error) >= depth(deepest) ? error : deepest));
  return sentence(inner);
}

function sentence({ instanceLocation, error }) {
  const where = instanceLocation.replace(/^#\/?/, "").replace(/\/(\d+)/g, "[$1]").replace(/^(\d+)/, "[$1]").replaceAll("/", ".");
  const what = error.replace(/^Instance /, "").replace(/^./, (letter) => letter.toLowerCase()).replace(/\.$/, "");
  return `${where ? `${where}: ` : ""}${what}.`;
}

// position says where a text stops being JSON, in a sentence.
export const notJSON = (error) => `Not JSON yet: ${error.message.replace(/^JSON\.parse: /, "").replace(/ of the JSON data$/, "")}.`;
