// Puts the libraries that the page embeds beside it, with their licenses: npm ci && npm run libraries.
// The large ones are compressed, as the program serves them.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { gunzipSync, gzipSync } from "node:zlib";

const target = new URL("../../handler/console/page/library/", import.meta.url);
const source = new URL("node_modules/", import.meta.url);

export const libraries = [
  {
    folder: "json-schema", from: "@cfworker/json-schema",
    plain: ["package.json", ...["deep-compare-strict", "dereference", "format", "index", "pointer", "types", "ucs2-length", "validate", "validator"].map((name) => `dist/esm/${name}.js`)],
    packed: [],
  },
  {
    folder: "swagger-ui", from: "swagger-ui-dist",
    plain: ["package.json", "LICENSE", "NOTICE", "swagger-ui-bundle.js.LICENSE.txt"],
    packed: ["swagger-ui-bundle.js", "swagger-ui.css"],
  },
];

// files lists { path, want, put, have } for every file that is embedded.
export function files() {
  return libraries.flatMap(({ folder, from, plain, packed }) => {
    const file = (name, suffix, pack, unpack) => {
      const path = new URL(`${folder}/${name.split("/").at(-1)}${suffix}`, target);
      return {
        path,
        want: async () => withoutMap(name, await readFile(new URL(`${from}/${name}`, source))),
        have: async () => unpack(await readFile(path)),
        put: async (text) => {
          await mkdir(new URL(".", path), { recursive: true });
          await writeFile(path, pack(text));
        },
      };
    };
    const same = (text) => text;
    return [...plain.map((name) => file(name, "", same, same)), ...packed.map((name) => file(name, ".gz", (text) => gzipSync(text, { level: 9 }), gunzipSync))];
  });
}

// withoutMap drops the reference to a source map, which is not embedded.
function withoutMap(name, text) {
  return name.endsWith(".js") || name.endsWith(".css") ? Buffer.from(text.toString().replace(/\s*(\/\/|\/\*)# sourceMappingURL=.*$/, "\n")) : text;
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  for (const { want, put } of files()) await put(await want());
}
