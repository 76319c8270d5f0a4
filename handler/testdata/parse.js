// Reads one JSON text a line, in base64, and writes for each how this parser reads the members of the object, or
// null where it refuses the text. Texts are written in hex of their UTF-16, numbers in hex of their 64 bits.
"use strict";

const hex = (text) => Buffer.from(text, "utf16le").swap16().toString("hex");

function bits(number) {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, number);
  return view.getBigUint64(0).toString(16).padStart(16, "0");
}

function write(value) {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "number") return "#" + bits(value);
  if (typeof value === "string") return '"' + hex(value);
  if (Array.isArray(value)) return "[" + value.map(write).join(",") + "]";
  return "{" + Object.keys(value).map((name) => hex(name) + ":" + write(value[name])).sort().join(",") + "}";
}

function read(line) {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Buffer.from(line, "base64"));
    return Object.fromEntries(Object.entries(JSON.parse(text)).map(([name, value]) => [hex(name), write(value)]));
  } catch {
    return null;
  }
}

const lines = require("fs").readFileSync(0, "utf8").split("\n").filter(Boolean);
process.stdout.write(lines.map((line) => JSON.stringify(read(line)) + "\n").join(""));
