"use strict";
// Pages of report.html in headless Chromium: node browse.js FOLDER [hostile], of FOLDER/report.html; screenshots and a PDF
// go to the same folder. tests/page/browser.py runs it.
const assert = require("assert");
const fs = require("fs");
const path = require("path");
const { chromium } = require("playwright-core");
const { source: axe } = require("axe-core");

const [folder, kind] = process.argv.slice(2);
const report = path.resolve(folder, "report.html");
const address = "file://" + report;
const flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
  "--disable-component-update", "--disable-sync", "--no-first-run"];
const views = [
  { name: "1280", width: 1280, height: 900, scheme: "light" },
  { name: "320", width: 320, height: 700, scheme: "light" },
  { name: "dark", width: 1280, height: 900, scheme: "dark" },
];

// Whatever the page asks for besides itself, and whatever it says: nothing of it is right.
function listen(page) {
  const heard = [];
  page.on("request", (request) => request.url() === address || heard.push("request: " + request.url()));
  page.on("console", (message) => heard.push("console: " + message.text()));
  page.on("pageerror", (error) => heard.push("error: " + error.message));
  page.on("dialog", (dialog) => { heard.push("dialog: " + dialog.message()); dialog.dismiss(); });
  return heard;
}

async function open(browser, view) {
  const page = await browser.newPage({ viewport: { width: view.width, height: view.height }, colorScheme: view.scheme });
  const heard = listen(page);
  await page.goto(address);
  return { page, heard };
}

function openDetails(page) {
  return page.evaluate(() => document.querySelectorAll("details").forEach((details) => { details.open = true; }));
}

// Charts are drawn when they come near the screen: every one is brought there.
async function drawAll(page) {
  const n = await page.locator("script.data").count();
  for (let i = 0; i < n; ++i) {
    await page.evaluate((index) => document.querySelectorAll("script.data")[index].parentNode
      .scrollIntoView({ block: "center" }), i);
    await page.waitForFunction((index) => {
      const block = document.querySelectorAll("script.data")[index];
      return block.parentNode.querySelector(":scope > .live canvas") !== null;
    }, i, { timeout: 5000 });
  }
  assert.strictEqual(await page.locator(".live canvas").count(), n, "a chart for each block of data");
  await page.evaluate(() => window.scrollTo(0, 0));
  return n;
}

// Each chart has its title, subtitle, text and table, has taken the static figure's place, and is no empty sheet.
async function checkCharts(page) {
  const faults = await page.evaluate(() => Array.from(document.querySelectorAll(".live canvas")).flatMap((canvas) => {
    const figure = canvas.closest("figure"), found = [];
    const name = figure.querySelector("h3").textContent;
    const need = (holds, words) => holds || found.push(name + ": " + words);
    need(name.length > 10 && figure.querySelector("figcaption p").textContent.length > 20, "title and subtitle");
    need(canvas.getAttribute("role") === "img" && canvas.getAttribute("aria-label").length > 20, "text alternative");
    need(figure.querySelector("table") || figure.querySelector("a[href='#compared']"), "table");
    need(Array.from(figure.querySelectorAll("svg.chart")).every((svg) => svg.clientHeight === 0), "static figure hidden");
    need(canvas.clientWidth > 150 && canvas.clientHeight > 40, "size " + canvas.clientWidth + "x" + canvas.clientHeight);
    const dots = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data, colours = new Set();
    for (let i = 0; i < dots.length; i += 4) {
      if (dots[i + 3] > 0) {
        colours.add((dots[i] << 16) + (dots[i + 1] << 8) + dots[i + 2]);
      }
    }
    need(colours.size > 8, "blank");
    return found;
  }));
  assert.deepStrictEqual(faults, []);
}

// axe looks at every element for as long as there are elements (two minutes a page). What repeats, rows and programmes
// written by the same code, is looked at a few times; what is cut here is no longer checked: it comes last.
async function violations(page) {
  await page.evaluate(() => {
    document.querySelectorAll("tbody").forEach((body) => Array.from(body.rows).slice(4).forEach((row) => row.remove()));
    Array.from(document.querySelectorAll("section[id^=s-]")).slice(1).forEach((section) => section.remove());
    document.querySelectorAll("a[href^='#']").forEach((link) => {
      if (document.getElementById(link.hash.slice(1)) === null) {
        link.removeAttribute("href");
      }
    });
  });
  // The policy of the page holds against added scripts, so axe comes in by the debugger.
  await page.evaluate(axe);
  const result = await page.evaluate(() => window.axe.run(document));
  return result.violations.map((rule) => rule.id + " x" + rule.nodes.length + ": " + rule.nodes[0].html.slice(0, 160));
}

async function look(browser, view) {
  const { page, heard } = await open(browser, view);
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(width <= view.width, view.name + ": " + width + " pixels wide");
  await page.screenshot({ path: path.join(folder, view.name + "-first.png") });
  await drawAll(page);
  await checkCharts(page);
  // Long pages make images that no viewer opens: the first screens say how it looks.
  await page.screenshot({ path: path.join(folder, view.name + ".png"), fullPage: true,
    clip: { x: 0, y: 0, width: view.width, height: view.width < 500 ? 6000 : 3000 } });
  await openDetails(page);
  const opened = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(opened <= view.width, view.name + ", all open: " + opened + " pixels wide");
  assert.deepStrictEqual(await violations(page), [], view.name);
  assert.deepStrictEqual(heard, [], view.name);
  await page.close();
}

// ---- what charts say ----

const reading = (chart) => chart.locator(".reading").evaluate((box) => box.hidden ? []
  : Array.from(box.children).map((line) => line.textContent));

function numbersOf(words) {
  return (words.replace(/95 % interval/g, "").match(/-?\u00a3?\d[\d,]*(\.\d+)?/g) || [])
    .map((number) => Number(number.replace(/[\u00a3,]/g, "")));
}

// By the keyboard through the chart: every value said is a value of the table behind it.
async function stepThrough(page, index, limit) {
  const chart = page.locator(".live").nth(index), canvas = chart.locator("canvas");
  const data = JSON.parse(await chart.evaluate((box) => box.parentNode.querySelector(":scope > script.data").textContent));
  const table = new Set(await chart.evaluate((box) => {
    const figure = box.closest("figure");
    const cells = (figure.querySelector("table") ? figure : document.querySelector("#compared")).querySelectorAll("td");
    return Array.from(cells).map((cell) => Number(cell.textContent.replace(/,/g, ""))).filter((value) => !isNaN(value));
  }));
  const said = [];
  await canvas.focus();
  const n = data.kind === "bars" ? data.rows.length : data.kind === "lines" ? 1 : data.points.length;
  for (let i = 0; i < Math.min(n, limit); ++i) {
    await page.keyboard.press(i === 0 ? "Home" : "ArrowDown");
    const lines = await reading(chart);
    assert.ok(lines.length > 1, data.title + ": says its values");
    const spoken = data.kind === "plane" ? lines.slice(1, 3) : lines.slice(1);
    for (const words of spoken) {
      const values = numbersOf(words.slice(words.lastIndexOf(": ")));
      assert.ok(values.length > 0, data.title + ": a value in " + words);
      for (const value of values) {
        assert.ok(table.has(value), data.title + ": " + value + " of \"" + words + "\" is in the table");
      }
    }
    said.push(lines);
  }
  await page.keyboard.press("Escape");
  assert.deepStrictEqual(await reading(chart), [], "Escape puts it away");
  return { data, said, chart };
}

const pixels = (chart) => chart.locator("canvas").evaluate((canvas) => canvas.toDataURL());

async function pointAndToggle(page, { data, said, chart }) {
  const canvas = chart.locator("canvas");
  await canvas.scrollIntoViewIfNeeded();
  const box = await canvas.boundingBox();
  await page.mouse.move(box.x + box.width / 3, box.y + 22);
  assert.deepStrictEqual(await reading(chart), said[0], data.title + ": the pointer says what the keyboard says");
  await page.mouse.move(0, 0);
  const button = chart.locator("xpath=..").locator(":scope > .toggles button").last();
  const before = await pixels(chart);
  await button.focus();
  await page.keyboard.press("Space");
  assert.strictEqual(await button.getAttribute("aria-pressed"), "false");
  assert.notStrictEqual(await pixels(chart), before, data.title + ": a series goes");
  await button.click();
  assert.strictEqual(await button.getAttribute("aria-pressed"), "true");
  await page.mouse.move(0, 0);
  await canvas.blur();
  assert.strictEqual(await pixels(chart), before, data.title + ": and comes back");
  await page.emulateMedia({ colorScheme: "dark" });
  assert.notStrictEqual(await pixels(chart), before, data.title + ": follows the colours of the reader");
  await page.emulateMedia({ colorScheme: "light" });
}

async function askCharts(browser) {
  const { page, heard } = await open(browser, views[0]);
  const n = await drawAll(page);
  let bars = null;
  for (let i = 0; i < Math.min(n, 24); ++i) {
    const asked = await stepThrough(page, i, 12);
    bars = bars || (asked.data.kind === "bars" && asked.data.rows.some((row) => row.low !== undefined) ? asked : null);
  }
  if (bars !== null) {
    await pointAndToggle(page, bars);
  }
  assert.deepStrictEqual(heard, []);
  await page.close();
}

// ---- tables, keyboard, no script, paper ----

async function sortAndFilter(browser) {
  const { page } = await open(browser, views[0]);
  await openDetails(page);
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
  const filter = table.locator("xpath=../preceding-sibling::label[1]/input");
  await filter.fill(words.toUpperCase());
  const left = await table.locator("tbody tr:visible").count();
  assert.ok(left > 0 && left < up.length + 1, left + " rows are left");
  for (const row of await table.locator("tbody tr:visible").allTextContents()) {
    assert.ok(row.toLowerCase().includes(words.toLowerCase()), row);
  }
  await page.close();
}

async function byKeyboard(browser) {
  const { page } = await open(browser, views[0]);
  await drawAll(page);
  const wanted = new Set(["SUMMARY", "CANVAS", "BUTTON", "DIV", "A"]);
  for (let i = 0; i < 400 && wanted.size > 0; ++i) {
    await page.keyboard.press("Tab");
    wanted.delete(await page.evaluate(() => document.activeElement.tagName));
  }
  wanted.delete("A"); // a page of one programme has no links
  wanted.delete("DIV"); // nor a table that is not behind a figure
  assert.deepStrictEqual([...wanted], [], "reached by the Tab key");
  await page.close();
}

async function withoutScript(browser) {
  const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  await page.goto(address);
  assert.ok(await page.locator("h1").isVisible(), "the question is seen");
  assert.strictEqual(await page.locator(".filter, canvas, .toggles").count(), 0);
  const figures = page.locator("svg.chart");
  assert.ok((await figures.count()) > 0, "static figures");
  for (let i = 0; i < Math.min(await figures.count(), 40); ++i) {
    assert.ok(await figures.nth(i).isVisible(), "static figure " + i);
  }
  await page.screenshot({ path: path.join(folder, "static.png"), fullPage: true,
    clip: { x: 0, y: 0, width: 1280, height: 3000 } });
  await context.close();
}

async function print(browser) {
  const { page, heard } = await open(browser, views[0]);
  await drawAll(page);
  const file = path.join(folder, "print.pdf");
  await page.pdf({ path: file, preferCSSPageSize: true });
  const sizes = fs.readFileSync(file, "latin1").match(/\/MediaBox ?\[[^\]]*\]/g) || [];
  assert.ok(sizes.length > 0, "pages");
  for (const size of sizes) {
    const [width, height] = size.match(/[\d.]+/g).slice(2).map(Number);
    assert.ok(Math.abs(width - 595) < 1.5 && Math.abs(height - 842) < 1.5, "A4: " + size);
  }
  await page.emulateMedia({ media: "print" });
  const shown = await page.evaluate(() => ({
    charts: Array.from(document.querySelectorAll(".live, .toggles")).filter((box) => box.getClientRects().length > 0).length,
    missing: Array.from(document.querySelectorAll("svg.chart")).filter((svg) => svg.getClientRects().length === 0).length,
    figures: document.querySelectorAll("svg.chart").length,
  }));
  assert.deepStrictEqual(shown, { charts: 0, missing: 0, figures: shown.figures }, "paper shows the static figures");
  assert.ok(shown.figures > 0, "figures on paper");
  assert.deepStrictEqual(heard, []);
  await page.close();
}

// Words of the input that try to be more: they are words in tooltips and legends too.
async function hostile(browser) {
  const { page, heard } = await open(browser, views[0]);
  await drawAll(page);
  const titles = await page.locator("#compared tbody th").allTextContents();
  const { said, data } = await stepThrough(page, 0, 50);
  assert.deepStrictEqual(said.map((lines) => lines[0]), data.rows.slice(0, said.length).map((row) => row.label));
  for (const row of data.rows) {
    assert.ok(titles.includes(row.label), "a title as it was written: " + row.label);
  }
  const strangers = await page.locator("img, iframe, object, embed, base, b, form, link, [onload], [onerror], [onmouseover], " +
    "[style*=expression]").count();
  assert.strictEqual(strangers, 0, "no element of theirs");
  assert.strictEqual(await page.locator("script").count() - await page.locator("script.data").count(), 3, "no script of theirs");
  assert.deepStrictEqual(heard, []);
  await page.close();
}

(async () => {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: flags });
  try {
    if (kind === "hostile") {
      await hostile(browser);
      await look(browser, views[1]);
      return;
    }
    for (const view of views) {
      await look(browser, view);
    }
    await askCharts(browser);
    await sortAndFilter(browser);
    await byKeyboard(browser);
    await withoutScript(browser);
    await print(browser);
  } finally {
    await browser.close();
  }
})().catch((error) => {
  console.error(report + ": " + error.stack);
  process.exit(1);
});
