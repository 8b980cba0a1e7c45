// The page with a server that signs in for it, in Chromium: the story, then other sites that want the session.
import { readFileSync } from "node:fs";
import { env } from "node:process";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Complaints } from "./browser";
import { capture, launch, listen } from "./browser";

interface World {
  /** The one origin of page and server. */
  readonly origin: string;
  /** Does what the story cannot do in a browser: POST /name?argument=value. */
  readonly control: string;
  readonly trustedKey: string;
  readonly users: { readonly writer: string; readonly reader: string; readonly stranger: string };
  /** The cookie that a session is, or begins with. */
  readonly cookie: string;
  /** Whether the server keeps the session; otherwise the cookie is all of it, and so is a copy of it. */
  readonly onServer: boolean;
  /** Whether the page has a server of its own, and is there while the one that signs in is not. */
  readonly pageBeside: boolean;
}

const file = env["COOKIE_WORLD"];
if (!file) throw new Error("COOKIE_WORLD must name the JSON file that says where everything runs");
const world = JSON.parse(readFileSync(file, "utf8")) as World;
const COOKIE = world.cookie;
/** Another site, and another server on this very host: the same site to a browser, which sends it our cookies. */
const STRANGERS = ["https://evil.example", `https://${new URL(world.origin).hostname}:9`];

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

function button(name: string) {
  return page.getByRole("main").getByRole("button", { name });
}

async function signInAs(user: string, press = "Sign in") {
  await button(press).click();
  await page.getByLabel("Or enter a user name").fill(user);
  await page.getByRole("button", { name: "Next" }).click();
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
  it("signs in and comes back to the very address, with a cookie that no script sees", async () => {
    await page.goto(`${world.origin}/?from=mail#top`);
    await signInAs(world.users.writer);
    await heading("Your access").waitFor();
    expect(page.url()).toBe(`${world.origin}/?from=mail#top`);
    await page.getByText(world.users.writer).waitFor();
    expect(await sessionCookie()).toMatchObject({ httpOnly: true, secure: true, sameSite: "Lax", path: "/" });
    expect(
      await page.evaluate(() => [document.cookie, Object.keys(sessionStorage), Object.keys(localStorage)]),
    ).toEqual(["", [], []]);
    expect(await capture(page, "cookie-01-signed-in")).toEqual([]);
  });

  it("creates a record, by the server's hand", async () => {
    await page.getByRole("link", { name: "New record" }).click();
    await page.getByLabel("Title").fill("Spare keys");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("cell", { name: "Spare keys", exact: true }).waitFor();
  });

  it("loses the role: the API's 403 is explained, the text is kept", async () => {
    await page.getByRole("link", { name: "New record" }).click();
    await page.getByLabel("Title").fill("Too late");
    await act("unassign", { user: world.users.writer });
    await act("assign", { user: world.users.writer, role: "Reader" });
    await page.getByRole("complementary").getByRole("button", { name: "Renew my access" }).click();
    await heading("You may not create records").waitFor();
    await page.getByRole("link", { name: "Administration" }).click();
    await page.getByText("The API says: This needs the app role Admin.").waitFor();
    expect(await capture(page, "cookie-02-forbidden")).toEqual([]);
    await act("unassign", { user: world.users.writer });
    await act("assign", { user: world.users.writer, role: "Writer" });
  });

  it("finds its session ended, signs in again, and is on the same page with the same text", async () => {
    await page.goto(`${world.origin}/records/new`);
    await page.getByRole("complementary").getByRole("button", { name: "Renew my access" }).click();
    await page.getByLabel("Title").fill("Still here");
    await act("end-sessions");
    await page.getByRole("button", { name: "Save" }).click();
    await heading("Your session has ended").waitFor();
    expect(await capture(page, "cookie-03-session-ended")).toEqual([]);
    await button("Sign in again").click();
    // Entra's own session goes on: it may ask who it is, or not at all.
    const asked = page.getByLabel("Or enter a user name");
    await asked.or(heading("Your access")).first().waitFor();
    if (await asked.isVisible()) {
      await asked.fill(world.users.writer);
      await page.getByRole("button", { name: "Next" }).click();
    }
    await heading("Your access").waitFor();
    expect(page.url()).toBe(`${world.origin}/records/new`);
    expect(await page.getByLabel("Title").inputValue()).toBe("Still here");
  });

  it.runIf(world.pageBeside)("is told that the server does not answer, and goes on when it is back", async () => {
    await act("stop-server");
    await page.goto(world.origin);
    await heading("This app’s sign-in does not answer").waitFor();
    expect(await capture(page, "cookie-04-server-down")).toEqual([]);
    await act("start-server");
    await page.goto(world.origin);
    await page.getByRole("cell", { name: "Spare keys", exact: true }).waitFor();
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
    const plain = `fetch("${world.origin}/api/records", { method: "POST", mode: "no-cors", credentials: "include",
      headers: { "Content-Type": "text/plain" }, body: '{"title":"forged"}' }).then(() => "sent", (e) => e.name)`;
    await visit(plain);
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

  it.each(["/", "/api/me", "/session"])("frames nothing of %s", async (path) => {
    const evil = await context.newPage();
    await evil.route(`${stranger}/**`, (route) =>
      route.fulfill({ contentType: "text/html", body: `<iframe src="${world.origin}${path}"></iframe>` }),
    );
    await evil.goto(`${stranger}/`);

    expect(evil.frames().map((frame) => frame.url())).toEqual([`${stranger}/`, "chrome-error://chromewebdata/"]);
    await evil.close();
  });
});

describe("whoever wants a session of somebody else", () => {
  it("plants no value that a sign-in would make worth something", async () => {
    await newProfile();
    await context.addCookies([
      { name: COOKIE, value: "chosen-by-mallory", url: world.origin, secure: true, httpOnly: true },
    ]);
    await page.goto(world.origin);
    await signInAs(world.users.reader);
    await heading("Your access").waitFor();
    expect((await sessionCookie())?.value).not.toBe("chosen-by-mallory");
  });

  it.each(["//evil.example/", "https://evil.example/", "/\\evil.example", "/\t/evil.example"])(
    "sends nobody to %s after a sign-in",
    async (back) => {
      await page.goto(`${world.origin}/auth/sign-in?return=${encodeURIComponent(back)}`);
      const asked = page.getByLabel("Or enter a user name");
      await asked.or(heading("Your access")).first().waitFor();
      if (await asked.isVisible()) {
        await asked.fill(world.users.reader);
        await page.getByRole("button", { name: "Next" }).click();
        await heading("Your access").waitFor();
      }
      expect(new URL(page.url()).origin).toBe(world.origin);
    },
  );
});

describe("a Reader", () => {
  let before: Awaited<ReturnType<typeof sessionCookie>>;

  it("sees no button, and may create once the role is there and the token is renewed", async () => {
    await page.goto(world.origin);
    await page.getByRole("cell", { name: "Spare keys", exact: true }).waitFor();
    expect(await page.getByRole("link", { name: "New record" }).count()).toBe(0);
    await act("assign", { user: world.users.reader, role: "Writer" });
    await page.getByRole("complementary").getByRole("button", { name: "Renew my access" }).click();
    await page.getByRole("link", { name: "New record" }).waitFor();
  });

  it("signs out, of Entra too", async () => {
    before = await sessionCookie();
    await page.getByRole("button", { name: "Sign out" }).click();
    await button("Sign in").waitFor();
    expect(new URL(page.url()).origin).toBe(world.origin);
    expect(await sessionCookie()).toBeUndefined();
    expect(await capture(page, "cookie-05-signed-out")).toEqual([]);
  });

  it.runIf(world.onServer)("left a cookie behind that is worth nothing in a thief’s hands", async () => {
    await context.addCookies([
      { name: COOKIE, value: before?.value ?? "", url: world.origin, secure: true, httpOnly: true },
    ]);
    await page.goto(world.origin);
    // What a thief kept of the cookie is worth nothing, and Entra asks who it is.
    await signInAs(world.users.reader);
    await heading("Your access").waitFor();
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
