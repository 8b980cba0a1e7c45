// A list of pages in; for each scheme and width what axe, the content policy and the network complain of, as JSON lines, out.
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { argv, stdout } from "node:process";

const world = JSON.parse(readFileSync(argv[2], "utf8"));
const require = createRequire(new URL("../../spa/package.json", import.meta.url));
const { chromium } = require("playwright-core");
const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
// What is left of A4 beside the reports' margins, in pixels.
const A4 = 688;
const WIDTHS = { phone: 320, desktop: 1280 };

/** Do what a person does before the page is there. */
async function act(page, steps) {
  for (const step of steps) {
    if (step.fill) await page.fill(step.fill, step.value);
    if (step.open) await page.locator(step.open).evaluateAll((all) => all.forEach((one) => (one.open = true)));
    if (step.press) {
      await page.click(step.press);
      // At once: a person who opens something does not wait for it.
      await page.locator(step.shows).first().waitFor({ state: "visible", timeout: 10_000 });
    }
    if (step.select) await page.selectOption(step.select, { label: step.value });
    if (step.click) {
      // A form may lead to an address where nobody listens; no page here waits for that.
      await Promise.all([page.waitForNavigation({ waitUntil: "load" }), page.click(step.click)]);
    }
  }
}

/** Whether the page is wider than its window. */
async function tooWide(page) {
  const { scroll, width } = await page.evaluate(() => ({
    scroll: document.documentElement.scrollWidth,
    width: document.documentElement.clientWidth,
  }));
  return scroll > width ? [`wider than the window: ${scroll} > ${width}`] : [];
}

/** Words that a narrow column breaks, of what a table's columns and its rows are called. */
async function brokenWords(page) {
  const found = await page.evaluate(() => {
    const broken = [];
    for (const cell of document.querySelectorAll('thead th, td[data-label="What"] b')) {
      const text = cell.firstChild;
      if (text?.nodeType !== Node.TEXT_NODE) continue;
      for (const { 0: word, index } of text.data.matchAll(/\S{1,16}(?!\S)/g)) {
        const range = document.createRange();
        range.setStart(text, index);
        range.setEnd(text, index + word.length);
        if (new Set([...range.getClientRects()].map(({ top }) => top)).size > 1) broken.push(word);
      }
    }
    return broken;
  });
  return found.map((word) => `broken in the word: ${word}`);
}

/** What is wrong with the page as it is shown now. */
async function faults(page) {
  await page.evaluate(AXE);
  const violations = await page.evaluate(async () => (await globalThis.axe.run(document, { resultTypes: ["violations"] })).violations);
  const found = violations.flatMap(({ id, help, nodes }) => nodes.map((node) => `${id}: ${help}: ${node.html}`));
  return found;
}

/** What is wrong with a report on paper, in a browser that is dark and on a page from which things were filtered out. */
async function onPaper(page, file) {
  for (const box of await page.locator(".filters input").all()) await box.uncheck();
  await page.setViewportSize({ width: A4, height: 900 });
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  const hidden = await page.evaluate(
    () => [...document.querySelectorAll("article, tr, li")].filter((each) => each.getClientRects().length === 0).length,
  );
  const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const found = [...(await tooWide(page)), ...(await brokenWords(page)), ...(await faults(page))];
  if (hidden) found.push(`${hidden} parts are filtered out`);
  if (ground !== "rgb(255, 255, 255)") found.push(`the paper is ${ground}`);
  await page.screenshot({ path: file.replace(".pdf", ".png"), fullPage: true });
  const pdf = await page.pdf({ path: file, format: "A4", preferCSSPageSize: true, printBackground: false });
  const sheets = pdf.toString("latin1").match(/\/Type\s*\/Page\b/g) ?? [];
  if (!sheets.length) found.push("no sheet is printed");
  return found.map((fault) => `paper: ${fault}`);
}

const browser = await chromium.launch({
  executablePath: world.chromium,
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE localhost , EXCLUDE 127.0.0.1",
    `--ignore-certificate-errors-spki-list=${world.trustedKey}`,
  ],
});
mkdirSync(world.screenshots, { recursive: true });
for (const { name, url, steps, heading, paper, large } of world.pages) {
  // Of a large page only the width and that it opens are looked at: a small one like it says the rest.
  const context = await browser.newContext({ viewport: { width: WIDTHS.desktop, height: 800 } });
  // axe comes in by evaluation, which a page's own policy would refuse; what the policy refuses of the page itself is still told.
  const page = await context.newPage();
  const complaints = [];
  const requests = [];
  page.on("pageerror", (error) => complaints.push(`script: ${error.message}`));
  page.on("console", (message) => message.type() === "error" && complaints.push(`console: ${message.text()}`));
  page.on("request", (request) => requests.push(request.url()));
  await page.goto(url, { waitUntil: "load" });
  await act(page, steps);
  const shown = (await page.textContent("h1")).trim();
  const missing = shown.includes(heading) ? [] : [`the heading is ${JSON.stringify(shown)}`];
  for (const colorScheme of ["light", "dark"]) {
    for (const [device, width] of Object.entries(WIDTHS)) {
      await page.setViewportSize({ width, height: 800 });
      await page.emulateMedia({ colorScheme });
      await page.screenshot({ path: `${world.screenshots}/${name}-${device}-${colorScheme}.png`, fullPage: !large });
      // Structure changes with the width, contrast with the scheme: each of both is looked at once.
      const seen = !large && (device === "phone") === (colorScheme === "dark") ? await faults(page) : [];
      const broken = paper && !large ? await brokenWords(page) : [];
      const found = [...missing, ...(await tooWide(page)), ...broken, ...seen].map((fault) => `${device}, ${colorScheme}: ${fault}`);
      complaints.push(...found);
    }
  }
  if (paper && !large) complaints.push(...(await onPaper(page, `${world.screenshots}/${name}.pdf`)));
  stdout.write(`${JSON.stringify({ name, complaints, requests })}\n`);
  await context.close();
}
await browser.close();
