// Debian's Chromium for one script: a fresh profile, axe, screenshots, and every complaint of the page collected.
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { env } from "node:process";
import type axe from "axe-core";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { chromium } from "playwright-core";

const SCREENSHOTS = env["SCREENSHOTS"] ?? new URL("../../output/screenshots", import.meta.url).pathname;
// Of `make pictures`: what spa/README.md shows, by the names of the screenshots.
const DOCS = new URL("../../docs/images", import.meta.url).pathname;
const KEPT: Readonly<Record<string, string>> = env["KEEP_PICTURES"]
  ? { "signed-out": "page-signed-out", "records-writer": "page-records", administration: "page-administration" }
  : {};
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Start the browser; nothing but loopback can be reached. */
export async function launch(further: readonly string[] = []): Promise<Browser> {
  return chromium.launch({
    executablePath: env["CHROMIUM"] ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE localhost , EXCLUDE 127.0.0.1",
      ...further,
    ],
  });
}

/** What a page complained about: violations of the content policy, errors of scripts. */
export interface Complaints {
  readonly policy: string[];
  readonly errors: string[];
}

/** Collect what the pages of a context complain about. */
export async function listen(context: BrowserContext): Promise<Complaints> {
  const complaints: Complaints = { policy: [], errors: [] };
  await context.exposeFunction("reportViolation", (text: string) => complaints.policy.push(text));
  await context.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      const report = (window as unknown as { reportViolation: (text: string) => void }).reportViolation;
      report(`${event.effectiveDirective} refused ${event.blockedURI} in ${event.documentURI}`);
    });
  });
  context.on("weberror", (error) => complaints.errors.push(error.error().message));
  return complaints;
}

/** Run axe on what the page shows now; each violation as one line. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const results = await page.evaluate(async () => {
    const { axe: engine } = window as unknown as { axe: typeof axe };
    return engine.run(document, { resultTypes: ["violations"] });
  });
  return results.violations.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id}: ${help}: ${node.html} (${node.failureSummary ?? ""})`),
  );
}

/** Keep a picture of the page in both colour schemes; answer what axe finds in either. */
export async function capture(page: Page, name: string): Promise<string[]> {
  mkdirSync(SCREENSHOTS, { recursive: true });
  const faults: string[] = [];
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: `${SCREENSHOTS}/${name}-${colorScheme}.png`, fullPage: true });
    faults.push(...(await accessibilityFaults(page)).map((fault) => `${name}, ${colorScheme}: ${fault}`));
  }
  await page.emulateMedia({ colorScheme: "light" });
  const kept = KEPT[name];
  if (kept) await page.screenshot({ path: `${DOCS}/${kept}.jpg`, type: "jpeg", quality: 80 });
  return faults;
}
