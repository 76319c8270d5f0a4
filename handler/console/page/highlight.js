// JSON with its parts in colours.
import { h } from "./dom.js";
import { print } from "./json.js";

const token = /("(?:[^"\\]|\\.)*")(\s*:)?|\b(true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const most = 200_000; // characters: beyond, colours cost more than they help

// json is a block of JSON, from a value.
export const json = (value) => colored(print(value) ?? "");

export function colored(text) {
  const block = h("pre", { class: "json", tabindex: "0" });
  if (text.length > most) {
    block.textContent = text;
    return block;
  }
  let at = 0;
  for (const match of text.matchAll(token)) {
    const [whole, string, colon, word] = match;
    const kind = string ? (colon ? "key" : "string") : word ? "word" : "number";
    block.append(text.slice(at, match.index), h("span", { class: kind }, string ?? whole), colon ?? "");
    at = match.index + whole.length;
  }
  block.append(text.slice(at));
  return block;
}
