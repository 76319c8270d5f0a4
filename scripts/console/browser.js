// A browser that a test drives as a person would, and what may never happen in it.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

import puppeteer from "puppeteer-core";

const patience = 30_000; // a busy machine takes its time

// launch starts the machine's Chromium. Without it the tests fail: nothing else can stand in for it.
export const launch = () => puppeteer.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-dev-shm-usage"], // the page is ours, and small machines have little shared memory
  protocolTimeout: 2 * patience,
});

const wide = { width: 1440, height: 1000 };
export const narrow = { width: 390, height: 844 };

// open opens a page of a server. Its check() tells what went wrong behind the scenes.
export async function open(browser, server, { path = "/console", viewport = wide, scheme = "light", motion = "no-preference" } = {}) {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  page.setDefaultTimeout(patience);
  const requested = [];
  const complaints = [];
  page.on("request", (request) => requested.push(request.url()));
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    const answered = message.text().startsWith("Failed to load resource"); // a 422 that was asked for
    const asset = /\/console(\/(?!connections)|$)/.test(message.location().url ?? "");
    if (["error", "warn"].includes(message.type()) && (!answered || asset)) complaints.push(message.text());
  });
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }, { name: "prefers-reduced-motion", value: motion }]);
  await page.setViewport(viewport);
  await page.goto(server.url + path);
  await page.waitForSelector("html[data-ready]");

  const text = (selector) => page.$eval(selector, (element) => element.textContent);
  return Object.assign(page, {
    requested,
    text,
    check() {
      assert.deepEqual(complaints, []);
      const elsewhere = requested.filter((url) => !/^(data|blob):/.test(url) && new URL(url).origin !== server.url);
      assert.deepEqual(elsewhere, []);
    },
    // until waits for a text to be as expected.
    until: (selector, pattern) => page.waitForFunction((s, p, flags) => new RegExp(p, flags).test(document.querySelector(s)?.textContent ?? ""), {}, selector, pattern.source, pattern.flags),
    // fill replaces what is in a box.
    async fill(selector, value) {
      const reached = await page.$eval(selector, (box) => {
        box.focus();
        box.select();
        return document.activeElement === box;
      });
      assert.ok(reached, `${selector} cannot be reached`);
      await page.keyboard.press("Backspace");
      await page.keyboard.sendCharacter(value);
    },
    unfold: () => page.$eval("details.fold", (fold) => (fold.open = true)),
    async choose(action) {
      await page.click(`[data-action="${action}"]`);
      await page.waitForSelector(`[data-action="${action}"][aria-current="true"]`);
    },
    tab: (name) => page.click(`::-p-xpath(//button[@role="tab"][text()="${name}"])`),
    // raw is the input as the JSON view has it.
    raw: async () => JSON.parse(await page.$eval("#raw-view textarea", (area) => area.value)),
    // run runs what is filled in, and waits for its outcome.
    async run() {
      await page.click("#run");
      await page.waitForSelector('#outcome[aria-busy="false"]');
      return text("#status");
    },
    close: () => context.close(),
  });
}

// axe is a checker of accessibility, to be evaluated in a page.
export const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export const message = (n) => `li.message:nth-child(${n})`;
export const said = "#outcome .reply .said";
export const field = (name, box = "input") => `[data-name="${name}"] ${box}`;
