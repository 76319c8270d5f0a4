// The API reference shows the definition that is served, and fetches nothing else.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { axe, launch, narrow, open } from "./browser.js";
import { startOpen } from "./program.js";

let server, browser;
before(async () => {
  [server, browser] = await Promise.all([startOpen(), launch()]);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

for (const scheme of ["light", "dark"]) {
  test(`the definition, ${scheme}`, async () => {
    const definition = await (await fetch(`${server.url}/connector/logic-apps/apiDefinition.swagger.json`)).json();
    const page = await open(browser, server, { path: "/console/reference", scheme });
    assert.ok((await page.text(".swagger-ui .title")).startsWith(definition.info.title));
    const operations = Object.values(definition.paths).flatMap((methods) => Object.values(methods)).filter((o) => o["x-ms-visibility"] !== "internal");
    const shown = await page.$$eval(".opblock-summary-description", (all) => all.map((e) => e.textContent));
    for (const { summary } of operations) assert.ok(shown.includes(summary), `${summary} is not shown`);
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] }));
    assert.deepEqual(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html.slice(0, 120)).join(" | ")}`), []);
    assert.equal(await page.$$eval("main", (all) => all.length), 1);
    await page.click(".opblock-summary-control");
    await page.waitForSelector(".opblock-body .parameters");
    assert.equal(await page.$(".opblock-body .try-out__btn"), null, "calls are made in the console");
    const back = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    assert.equal(Number(back.match(/\d+/)[0]) < 128, scheme === "dark");
    page.check();
    await page.close();
  });
}

test("it is found from the console, which stays as it is", async () => {
  const page = await open(browser, server);
  const [link] = await page.$$("header nav a:not([aria-current])");
  assert.deepEqual(await link.evaluate((a) => [a.pathname, a.target]), ["/console/reference", "_blank"]);
  await page.close();
});

test("it is not wider than a small screen", async () => {
  const page = await open(browser, server, { path: "/console/reference", viewport: narrow });
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), narrow.width);
  page.check();
  await page.close();
});
