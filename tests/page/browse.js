"use strict";
// One report.html in headless Chromium: node browse.js REPORT.html FOLDER. scripts/page installs what it needs.
const assert = require("assert");
const path = require("path");
const { chromium } = require("playwright-core");
const { source: axe } = require("axe-core");

const [report, folder] = process.argv.slice(2);
const address = "file://" + path.resolve(report);
const flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
  "--disable-component-update", "--disable-sync", "--no-first-run"];
const views = [
  { name: "1280", width: 1280, height: 900, scheme: "light" },
  { name: "320", width: 320, height: 700, scheme: "light" },
  { name: "dark", width: 1280, height: 900, scheme: "dark" },
];

// Whatever the page asks for besides itself, and whatever it says on the console.
function listen(page) {
  const heard = [];
  page.on("request", (request) => request.url() === address || heard.push("request: " + request.url()));
  page.on("console", (message) => heard.push("console: " + message.text()));
  page.on("pageerror", (error) => heard.push("error: " + error.message));
  return heard;
}

async function violations(page) {
  // The policy of the page holds against added scripts, so axe comes in by the debugger.
  await page.evaluate(axe);
  const result = await page.evaluate(() => window.axe.run(document));
  return result.violations.map((rule) => rule.id + " x" + rule.nodes.length + ": " + rule.nodes[0].html.slice(0, 160));
}

async function look(browser, view) {
  const page = await browser.newPage({
    viewport: { width: view.width, height: view.height }, colorScheme: view.scheme,
  });
  const heard = listen(page);
  await page.goto(address);
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(width <= view.width, view.name + ": " + width + " pixels wide");
  // Long pages make images that no viewer opens: the first screens say how it looks.
  await page.screenshot({ path: path.join(folder, view.name + ".png"), fullPage: true,
    clip: { x: 0, y: 0, width: view.width, height: view.width < 500 ? 6000 : 3000 } });
  await page.evaluate(() => document.querySelectorAll("details").forEach((details) => { details.open = true; }));
  const opened = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(opened <= view.width, view.name + ", all open: " + opened + " pixels wide");
  assert.deepStrictEqual(await violations(page), [], view.name);
  assert.deepStrictEqual(heard, [], view.name);
  await page.close();
}

async function sortAndFilter(browser) {
  const page = await browser.newPage();
  await page.goto(address);
  await page.evaluate(() => document.querySelectorAll("details").forEach((details) => { details.open = true; }));
  const tables = page.locator("table.sortable").filter({ has: page.locator("tbody tr:nth-child(4)") });
  assert.ok((await tables.count()) > 0, "a table to sort");
  const table = tables.first();
  const numbers = () => table.locator("tbody tr td:last-child").evaluateAll((cells) => cells
    .map((cell) => cell.textContent).filter((words) => words !== "[z]").map((words) => Number(words.replace(/,/g, ""))));
  const button = table.locator("thead th:last-child button");
  await button.click();
  const down = await numbers();
  assert.deepStrictEqual(down, [...down].sort((a, b) => b - a), "largest first");
  assert.strictEqual(await table.locator("thead th:last-child").getAttribute("aria-sort"), "descending");
  await button.press("Enter");
  const up = await numbers();
  assert.deepStrictEqual(up, [...up].sort((a, b) => a - b), "smallest first");
  const words = await table.locator("tbody tr:nth-child(2) th").first().textContent();
  await page.locator(".filter input").first().fill(words.toUpperCase());
  assert.strictEqual(await table.locator("tbody tr:visible").count(), 1, "one row is left");
  await page.close();
}

async function withoutScript(browser) {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(address);
  assert.ok(await page.locator("h1").isVisible());
  assert.strictEqual(await page.locator(".filter").count(), 0);
  await context.close();
}

async function print(browser) {
  const page = await browser.newPage();
  await page.goto(address);
  await page.pdf({ path: path.join(folder, "print.pdf"), preferCSSPageSize: true });
  await page.close();
}

(async () => {
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: flags });
  try {
    for (const view of views) {
      await look(browser, view);
    }
    await sortAndFilter(browser);
    await withoutScript(browser);
    await print(browser);
  } finally {
    await browser.close();
  }
})().catch((error) => {
  console.error(report + ": " + error.message);
  process.exit(1);
});
