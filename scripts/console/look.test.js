// For everyone: both themes, small screens, the keyboard alone, and what checkers of accessibility know.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { axe, field, launch, message, narrow, open, said } from "./browser.js";
import { startOpen } from "./program.js";

let server, browser;
before(async () => {
  [server, browser] = await Promise.all([startOpen(), launch()]);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const background = (page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
const luminance = (color) => color.match(/\d+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0) / 3;

for (const scheme of ["light", "dark"]) {
  test(`${scheme}, as the system has it, and the other one by choice`, async () => {
    const page = await open(browser, server, { scheme });
    const isDark = async () => luminance(await background(page)) < 128;
    assert.equal(await isDark(), scheme === "dark");
    await page.click("#theme"); // light
    assert.equal(await isDark(), false);
    await page.click("#theme"); // dark
    assert.equal(await isDark(), true);
    await page.reload();
    await page.waitForSelector("html[data-ready]");
    assert.equal(await isDark(), true, "the choice is kept");
    await page.click("#theme"); // system
    assert.equal(await isDark(), scheme === "dark");
    page.check();
    await page.close();
  });
}

// through visits every state of the page and looks at it there.
async function through(page, look) {
  await look("empty");
  await page.fill(`${message(1)} textarea`, "a word and another-that-is-as-long-as-no-word-should-ever-be-".repeat(3));
  await page.run();
  await look("a whole answer");
  await page.click(".switch input");
  await page.run();
  await page.tab("Events");
  await page.click("#outcome .events li:nth-child(2) summary");
  await look("events");
  await page.unfold();
  await page.fill(field("temperature"), "7");
  await page.fill(field("tools", "textarea"), "[");
  await page.fill(field("tools", "textarea"), "[]");
  await page.run();
  await look("an error");
  await page.click('[aria-label="Pick run 1"]');
  await page.click('[aria-label="Pick run 2"]');
  await page.click("#compare");
  await look("a comparison");
  await page.click("#copy-curl");
  await page.waitForSelector("dialog[open]");
  await look("a copy");
  await page.keyboard.press("Escape");
  await page.click("#views [role=tab]:last-child");
  await look("JSON");
  for (const action of await page.$$eval("[data-action]", (all) => all.map((b) => b.dataset.action))) {
    await page.choose(action);
    await page.click("#views [role=tab]:first-child");
    await look(action);
  }
}

test("nothing is wider than a small screen", async () => {
  const page = await open(browser, server, { viewport: narrow });
  await through(page, async (state) => {
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), narrow.width, state);
  });
  page.check();
  await page.close();
});

for (const scheme of ["light", "dark"]) {
  test(`no known barriers, ${scheme}`, async () => {
    const page = await open(browser, server, { scheme, motion: "reduce" });
    await page.evaluate(axe);
    await through(page, async (state) => {
      const { violations } = await page.evaluate(() => axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }));
      assert.deepEqual(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html.slice(0, 120)).join(" | ")}`), [], state);
    });
    page.check();
    await page.close();
  });
}

test("with the keyboard alone", async () => {
  const page = await open(browser, server);
  const focused = () => page.evaluate(() => {
    const e = document.activeElement;
    const style = getComputedStyle(e);
    return { tag: e.tagName, id: e.id, label: e.getAttribute("aria-label"), seen: e === document.body || style.outlineStyle !== "none" };
  });
  const visited = [];
  const tabTo = async (is) => {
    for (let i = 0; i < 200; i++) {
      await page.keyboard.press("Tab");
      const now = await focused();
      assert.ok(now.seen, `the focus cannot be seen at ${JSON.stringify(now)}`);
      visited.push(now.id);
      if (is(now)) return;
    }
    assert.fail("tabbing leads nowhere");
  };
  await tabTo((now) => now.tag === "A");
  await page.keyboard.press("Enter"); // skips to the input
  await tabTo((now) => now.label === "Text");
  await page.keyboard.type("by hand");
  await page.keyboard.down("Control");
  await page.keyboard.press("Enter");
  await page.keyboard.up("Control");
  await page.until("#status", /^200 OK$/);
  assert.equal(await page.text(said), "by hand");

  await tabTo((now) => now.tag === "SELECT");
  await page.keyboard.type("hangs");
  await tabTo((now) => now.id === "run");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#cancel:not([hidden])");
  await page.keyboard.press("Escape");
  await page.until("#status", /^cancelled$/);
  assert.equal((await focused()).id, "run", "the focus is where it was");

  await tabTo((now) => now.tag === "BODY" || now.id === ""); // leaves each box with Tab
  for (let i = 0; i < 100 && (await focused()).tag !== "BODY"; i++) await page.keyboard.press("Tab");
  assert.equal((await focused()).tag, "BODY", "no box keeps the focus");
  page.check();
  await page.close();
});

test("tabs are chosen with the arrow keys", async () => {
  const page = await open(browser, server);
  await page.focus("#views [role=tab]");
  await page.keyboard.press("ArrowRight");
  assert.equal(await page.$eval("#raw-view", (panel) => panel.hidden), false);
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "JSON");
  await page.keyboard.press("ArrowRight");
  assert.equal(await page.$eval("#form-view", (panel) => panel.hidden), false);
  await page.close();
});
