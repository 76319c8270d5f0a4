// What is embedded is what the packages hold, and each library says under which license it is.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import { files } from "./libraries.js";

const { dependencies } = JSON.parse(await readFile(new URL("package.json", import.meta.url)));

for (const { path, want, have } of files()) {
  const name = path.pathname.split("/").slice(-2).join("/");
  test(name, async () => {
    assert.ok((await have()).equals(await want()), "run npm ci && npm run libraries");
    if (!name.endsWith("package.json")) return;
    const { name: library, version, license } = JSON.parse(await have());
    assert.equal(version, dependencies[library]);
    assert.match(license, /^(MIT|Apache-2\.0)$/);
  });
}
