// Every rendering of the connector definition, by all rules that spectral has for swagger 2.0.
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import spectral from "@stoplight/spectral-core";
import rulesets from "@stoplight/spectral-rulesets";

import { definition } from "./program.js";

const app = ["--url", "https://models.contoso.com/api"];
const brought = ["--brought", "--url", "https://models.contoso.com/api/connections/brought"];

const renderings = {
  "Power Platform": [],
  "Power Platform, with an address": app,
  "Power Platform, with the keys of the platform": ["--auth", "platform"],
  "Power Platform, brought": brought,
  "Power Platform, of a publisher": ["--publisher", "Contoso", "--website", "https://contoso.com", "--privacy", "https://contoso.com/p", "--email", "a@contoso.com"],
  "Logic Apps": ["--target", "logic-apps", ...app],
  "Logic Apps, with the keys of the platform": ["--target", "logic-apps", "--auth", "platform", ...app],
  "Logic Apps, brought": ["--target", "logic-apps", ...brought],
};

// Rules that a connector need not follow, each with its reason.
const waivers = {
  "openapi-tags": "Designers show no tags; actions are ordered by x-ms-visibility.",
  "operation-tags": "As above.",
  "info-license": "Public connectors state no license: their terms are the publisher's, at the address of x-ms-connector-metadata.",
  "license-url": "As above.",
  "oas2-host-not-example": "Without an address Power Platform's host is a placeholder, which a policy replaces.",
};

const linter = new spectral.Spectral();
linter.setRuleset({ extends: [[rulesets.oas, "all"]], rules: {} });

// findings are those of a definition, as in "oas2-schema paths./info.get".
async function findings(document) {
  return (await linter.run(document)).map(({ code, path }) => ({ code, where: `${code} ${path.join(".")}` }));
}

const needed = new Set();

for (const [name, words] of Object.entries(renderings)) {
  test(name, async () => {
    const found = await findings(definition(words));
    found.forEach(({ code }) => needed.add(code));
    assert.deepEqual(found.filter(({ code }) => !waivers[code]).map(({ where }) => where), []);
  });
}

test("every waiver is needed", () => {
  assert.deepEqual(Object.keys(waivers).filter((code) => !needed.has(code)), []);
});

// Mistakes that spectral has to see, so that finding nothing means something.
const chat = (document) => document.paths["/chat/completions"].post;
const mistakes = {
  "a type that is none": [(d) => (d.definitions[Object.keys(d.definitions)[0]].type = "text"), /^oas2-schema definitions\./],
  "a reference to nothing": [(d) => (chat(d).responses[200].schema = { $ref: "#/definitions/Nothing" }), /^invalid-ref paths\./],
  "one id twice": [(d) => (d.paths["/info"].get.operationId = chat(d).operationId), /^operation-operationId-unique paths\./],
  "no description": [(d) => delete chat(d).description, /^operation-description paths\./],
  "no good answer": [(d) => delete chat(d).responses[200], /^operation-success-response paths\./],
  "one parameter twice": [(d) => chat(d).parameters.push(structuredClone(chat(d).parameters[0])), /^operation-parameters paths\./],
  "a default that does not fit": [(d) => (d.paths["/info"].get.parameters[0].default = 7), /^oas2-valid-schema-example paths\./],
  "a definition that nobody needs": [(d) => (d.definitions.Lonely = { type: "object" }), /^oas2-unused-definition definitions\.Lonely/],
  "a slash at the end of the host": [(d) => (d.host += "/"), /^oas2-host-trailing-slash host/],
};

describe("spectral sees", () => {
  const good = definition(renderings["Logic Apps"]);
  for (const [name, [make, where]] of Object.entries(mistakes)) {
    test(name, async () => {
      const document = structuredClone(good);
      make(document);
      const found = await findings(document);
      assert.ok(found.some((f) => where.test(f.where)), JSON.stringify(found));
    });
  }
});
