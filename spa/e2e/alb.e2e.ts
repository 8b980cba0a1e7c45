// The page with a load balancer that signs in for it, in Chromium: the story, then other sites that want the session.
import { readFileSync } from "node:fs";
import { env } from "node:process";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Complaints } from "./browser";
import { capture, launch, listen } from "./browser";

interface World {
  /** The one origin of page and API. */
  readonly origin: string;
  /** Does what the story cannot do in a browser: POST /name?argument=value. */
  readonly control: string;
  readonly trustedKey: string;
  readonly users: { readonly writer: string; readonly reader: string; readonly stranger: string };
}

const file = env["ALB_WORLD"];
if (!file) throw new Error("ALB_WORLD must name the JSON file that says where everything runs");
const world = JSON.parse(readFileSync(file, "utf8")) as World;
const COOKIE = "AWSELBAuthSessionCookie-0";
/** Another site, and another server on this very host: the same site to a browser, which sends it our cookies. */
const STRANGERS = ["https://evil.example", "https://localhost:9"] as const;

let browser: Browser;
let context: BrowserContext;
let page: Page;
let complaints: Complaints = { policy: [], errors: [] };
/** Whatever a token could have been seen in: addresses, headers of requests, bodies of answers. */
const seen: string[] = [];

async function act(action: string, args: Record<string, string> = {}) {
  const response = await fetch(`${world.control}/${action}?${new URLSearchParams(args).toString()}`, {
    method: "POST",
  });
  if (!response.ok) throw new Error(`${action}: ${await response.text()}`);
}

function heading(name: string | RegExp) {
  return page.getByRole("heading", { name });
}

/** Sign in on Entra's page, where it asks. */
async function signInAs(user: string) {
  const asked = page.getByLabel("Or enter a user name");
  await asked.or(heading("Your access")).first().waitFor();
  if (await asked.isVisible()) {
    await asked.fill(user);
    await page.getByRole("button", { name: "Next" }).click();
  }
}

async function sessionCookie() {
  return (await context.cookies(world.origin)).find(({ name }) => name === COOKIE);
}

async function newProfile() {
  if (page as Page | undefined) {
    expect(complaints).toEqual({ policy: [], errors: [] });
    await context.close();
  }
  context = await browser.newContext({ viewport: { width: 1100, height: 720 } });
  complaints = await listen(context);
  context.on("request", (request) => {
    if (request.url().startsWith(world.origin)) seen.push(request.url(), JSON.stringify(request.headers()));
  });
  context.on("response", (response) => {
    if (!response.url().startsWith(world.origin) || response.url().includes("/assets/")) return;
    response.text().then(
      (text) => seen.push(text),
      () => undefined, // a redirect has no body
    );
  });
  page = await context.newPage();
}

beforeAll(async () => {
  browser = await launch([`--ignore-certificate-errors-spki-list=${world.trustedKey}`]);
  await newProfile();
});

afterAll(async () => {
  await browser.close();
});

describe("a Writer", () => {
  it("is led to sign in, and back to the very address, with a cookie that no script sees", async () => {
    await page.goto(`${world.origin}/?from=mail`);
    await signInAs(world.users.writer);
    await heading("Your access").waitFor();
    expect(page.url()).toBe(`${world.origin}/?from=mail`);
    await page.getByText(world.users.writer).waitFor();
    expect(await sessionCookie()).toMatchObject({ httpOnly: true, secure: true, path: "/" });
    expect(
      await page.evaluate(() => [document.cookie, Object.keys(sessionStorage), Object.keys(localStorage)]),
    ).toEqual(["", [], []]);
    expect(await capture(page, "alb-01-signed-in")).toEqual([]);
  });

  it("creates a record", async () => {
    await page.getByRole("link", { name: "New record" }).click();
    await page.getByLabel("Title").fill("Spare keys");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("cell", { name: "Spare keys", exact: true }).waitFor();
  });

  it("loses the role: a renewal is a new sign-in, and the API's 403 is explained", async () => {
    await act("unassign", { user: world.users.writer });
    await act("assign", { user: world.users.writer, role: "Reader" });
    await page.goto(`${world.origin}/records/new`);
    await page.getByRole("complementary").getByRole("button", { name: "Renew my access" }).click();
    await heading("Your session has ended").waitFor();
    expect(await capture(page, "alb-02-sign-in-again")).toEqual([]);
    await page.getByRole("main").getByRole("button", { name: "Sign in again" }).click();
    await signInAs(world.users.writer);
    await heading("You may not create records").waitFor();
    expect(page.url()).toBe(`${world.origin}/records/new`);
    await page.getByRole("link", { name: "Administration" }).click();
    await page.getByText("The API says: This needs the app role Admin.").waitFor();
    expect(await capture(page, "alb-03-forbidden")).toEqual([]);
  });

  it("has the role again after the next sign-in", async () => {
    await act("unassign", { user: world.users.writer });
    await act("assign", { user: world.users.writer, role: "Writer" });
    await context.clearCookies({ name: /^AWSELB/ });
    await page.goto(`${world.origin}/records/new`);
    await signInAs(world.users.writer);
    await page.getByLabel("Title").waitFor();
  });

  it("finds the session ended, signs in again, and is on the same page with the same text", async () => {
    await page.getByLabel("Title").fill("Still here");
    await context.clearCookies({ name: /^AWSELB/ });
    await page.getByRole("button", { name: "Save" }).click();
    await heading("Your session has ended").waitFor();
    await page.getByRole("main").getByRole("button", { name: "Sign in again" }).click();
    await heading("Your session has ended").waitFor({ state: "detached" });
    await signInAs(world.users.writer);
    await page.getByLabel("Title").waitFor();
    expect(page.url()).toBe(`${world.origin}/records/new`);
    expect(await page.getByLabel("Title").inputValue()).toBe("Still here");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("cell", { name: "Still here", exact: true }).waitFor();
  });
});

describe.each(STRANGERS)("a page of %s, while a Writer is signed in", (stranger) => {
  async function visit(script: string): Promise<unknown> {
    const evil = await context.newPage();
    await evil.route(`${stranger}/**`, (route) =>
      route.fulfill({ contentType: "text/html", body: "<!doctype html><title>evil</title><body>" }),
    );
    await evil.goto(`${stranger}/`);
    const result: unknown = await evil.evaluate(script);
    await evil.waitForLoadState();
    await evil.close();
    return result;
  }

  async function titles(): Promise<string[]> {
    await page.goto(world.origin);
    await page.getByRole("cell", { name: "Spare keys", exact: true }).waitFor();
    return page.getByRole("row").allInnerTexts();
  }

  it("reads neither the session nor the API", async () => {
    const read = (path: string) =>
      visit(`fetch("${world.origin}${path}", { credentials: "include" }).then((a) => a.text(), (e) => e.name)`);

    expect(await read("/session")).toBe("TypeError");
    expect(await read("/api/records")).toBe("TypeError");
    expect(await visit("document.cookie")).toBe("");
  });

  it("writes nothing, whatever way it sends it", async () => {
    const before = await titles();
    await visit(`fetch("${world.origin}/api/records", { method: "POST", mode: "no-cors", credentials: "include",
      headers: { "Content-Type": "text/plain" }, body: '{"title":"forged"}' }).then(() => "sent", (e) => e.name)`);
    await visit(`fetch("${world.origin}/api/records", { method: "POST", credentials: "include",
      headers: { "Content-Type": "application/json", "X-CSRF-Token": "guess" }, body: '{"title":"forged"}' })
      .then(() => "sent", (e) => e.name)`);
    await visit(`(() => { const form = document.createElement("form"); form.method = "post";
      form.enctype = "text/plain"; form.action = "${world.origin}/api/records";
      const field = document.createElement("input"); field.name = '{"title":"forged","x":"'; field.value = '"}';
      form.append(field); document.body.append(form); form.submit(); })()`);

    expect(await titles()).toEqual(before);
  });

  it("signs nobody out", async () => {
    await visit(`(() => { const form = document.createElement("form"); form.method = "post";
      form.action = "${world.origin}/auth/sign-out"; document.body.append(form); form.submit(); })()`);
    await titles();
    expect(await sessionCookie()).toBeDefined();
  });
});

describe("whoever signs in by a link of somebody else", () => {
  it.each(["//evil.example/", "https://evil.example/", "/\\evil.example", "/\t/evil.example"])(
    "is not sent to %s",
    async (back) => {
      await page.goto(`${world.origin}/auth/sign-in?return=${encodeURIComponent(back)}`);
      await signInAs(world.users.writer);
      await heading("Your access").waitFor();
      expect(new URL(page.url()).origin).toBe(world.origin);
    },
  );
});

describe("a Reader", () => {
  it("sees no button, and signs out, of Entra too", async () => {
    await newProfile();
    await page.goto(world.origin);
    await signInAs(world.users.reader);
    await page.getByRole("cell", { name: "Spare keys", exact: true }).waitFor();
    expect(await page.getByRole("link", { name: "New record" }).count()).toBe(0);
    await page.getByRole("button", { name: "Sign out" }).click();
    await heading("You are signed out").waitFor();
    expect(page.url()).toBe(`${world.origin}/signed-out`);
    expect(await sessionCookie()).toBeUndefined();
    expect(await capture(page, "alb-04-signed-out")).toEqual([]);
    await page.getByRole("link", { name: "Sign in again" }).click();
    await page.getByLabel("Or enter a user name").waitFor();
  });
});

describe("whoever opens an address of the API", () => {
  it("is led to sign in and back to it; a script is told, and led nowhere (401)", async () => {
    await newProfile();
    await page.goto(`${world.origin}/signed-out`);
    expect(await page.evaluate("fetch('/api/me').then(({ status }) => status)")).toBe(401);
    await page.goto(`${world.origin}/api/me`);
    await signInAs(world.users.reader);
    await page.getByText(`"username":"${world.users.reader}"`).waitFor();
    expect(page.url()).toBe(`${world.origin}/api/me`);
  });
});

describe("a stranger", () => {
  it("is stopped on Entra's own page (AADSTS50105)", async () => {
    await newProfile();
    await page.goto(world.origin);
    await signInAs(world.users.stranger);
    await page.getByRole("alert").getByText("AADSTS50105").waitFor();
  });
});

describe("all along", () => {
  it("broke no content policy, and no token was in reach of the browser", () => {
    expect(complaints).toEqual({ policy: [], errors: [] });
    expect(seen.length).toBeGreaterThan(100);
    expect(seen.filter((text) => /eyJ[\w-]+\.eyJ|"authorization"/i.test(text))).toEqual([]);
  });
});
