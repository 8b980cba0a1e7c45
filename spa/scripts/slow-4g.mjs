// How long a first visit takes on slow 4G: the built page in Chromium, throttled as its developer tools do; medians in ms out.
// node scripts/slow-4g.mjs [ROUNDS]
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { argv, env, stdout } from "node:process";
import { chromium } from "playwright-core";
import { serve } from "../serve.mjs";

// Lighthouse's "slow 4G", and what Chromium's developer tools make of it: a delay for each request, and nine tenths of the rate.
const LINES = {
  "1.6 Mbit/s, 150 ms a request": { latency: 150, rate: 1638.4 },
  "1.4 Mbit/s, 562.5 ms a request (DevTools)": { latency: 562.5, rate: 1474.56 },
};
const GUID = "11111111-1111-1111-1111-111111111111";
const rounds = Number(argv[2] ?? 7);

const config = join(mkdtempSync(join(tmpdir(), "slow-4g-")), "config.json");
const server = await serve({ config, port: 0 });
const origin = `http://localhost:${/** @type {import("node:net").AddressInfo} */ (server.address()).port}`;
writeFileSync(
  config,
  JSON.stringify({
    environment: "dev",
    tenantId: GUID,
    clientId: GUID,
    authority: `https://login.microsoftonline.com/${GUID}`,
    knownAuthorities: [],
    redirectUri: `${origin}/redirect.html`,
    postLogoutRedirectUri: `${origin}/redirect.html`,
    apiBaseUrl: "https://api.example.com",
    apiAppIdUri: `api://${GUID}`,
    apiScopes: ["user.read"],
  }),
);
const browser = await chromium.launch({
  executablePath: env["CHROMIUM"] ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"],
});

/**
 * Visit with nothing cached; the ms until the page is painted by its own clock, until this script can press, and the bytes.
 * @param {{ latency: number, rate: number }} line
 */
async function visit({ latency, rate }) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  const bytesPerSecond = (rate * 1000) / 8;
  let received = 0;
  devtools.on("Network.loadingFinished", ({ encodedDataLength }) => {
    received += encodedDataLength;
  });
  await devtools.send("Network.enable");
  await devtools.send("Network.emulateNetworkConditions", {
    offline: false,
    latency,
    downloadThroughput: bytesPerSecond,
    uploadThroughput: bytesPerSecond / 2,
  });
  const begun = performance.now();
  await page.goto(origin, { waitUntil: "commit" });
  await page.getByRole("button", { name: "Sign in" }).waitFor();
  const taken = performance.now() - begun;
  // The page is blank until then: its first paint with a content is the one with the button.
  const painted = await page.evaluate(
    () => performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? NaN,
  );
  await context.close();
  return { taken, painted, received };
}

/** @param {number[]} times */
function median(times) {
  const sorted = times.toSorted((a, b) => a - b).map(Math.round);
  return `${sorted[Math.floor(sorted.length / 2)]} ms [${sorted[0]}]`;
}

for (const [name, line] of Object.entries(LINES)) {
  const visits = [];
  for (let round = 0; round < rounds; round += 1) visits.push(await visit(line));
  const [painted, taken] = [visits.map((each) => each.painted), visits.map((each) => each.taken)].map(median);
  const kilobytes = Math.round((visits[0]?.received ?? NaN) / 1000);
  stdout.write(`${name}: painted ${painted}, pressed ${taken}, ${kilobytes} kB\n`);
}
await browser.close();
server.close();
