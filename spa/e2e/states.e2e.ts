// Shows every state of the built app in Chromium: what it says, no axe violation in either colour scheme, no policy violation.
import { mkdtempSync, writeFileSync } from "node:fs";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { serve } from "../serve.mjs";
import type { Complaints } from "./browser";
import { capture, launch, listen } from "./browser";
import { API, CLIENT, Double, LOGIN, NOWHERE, TENANT } from "./double";

const configFile = join(mkdtempSync(join(tmpdir(), "spa-")), "config.json");
let browser: Browser;
let server: Server;
let origin: string;
let context: BrowserContext;
let page: Page;
let world: Double;
let complaints: Complaints;

function writeConfig(changes: Record<string, unknown> = {}) {
  const config = {
    environment: "dev",
    tenantId: TENANT,
    clientId: CLIENT,
    authority: `${LOGIN}/${TENANT}`,
    knownAuthorities: [],
    redirectUri: `${origin}/redirect.html`,
    postLogoutRedirectUri: `${origin}/redirect.html`,
    apiBaseUrl: API,
    apiAppIdUri: "api://33333333-3333-3333-3333-333333333333",
    apiScopes: ["user.read", "user.write"],
  };
  writeFileSync(configFile, JSON.stringify({ ...config, ...changes }));
}

async function signIn(path = "/") {
  await page.goto(origin + path);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Your access" }).waitFor();
}

function focused() {
  return page.evaluate(() => document.activeElement?.textContent);
}

function heading(name: string | RegExp) {
  return page.getByRole("heading", { name });
}

beforeAll(async () => {
  server = await serve({ config: configFile, port: 0 });
  origin = `http://localhost:${(server.address() as AddressInfo).port}`;
  browser = await launch();
});

afterAll(async () => {
  await browser.close();
  server.close();
});

beforeEach(async () => {
  writeConfig();
  world = new Double();
  context = await browser.newContext({ viewport: { width: 1100, height: 720 } });
  complaints = await listen(context);
  await world.attach(context, origin);
  page = await context.newPage();
});

afterEach(async () => {
  await context.close();
  expect(complaints).toEqual({ policy: [], errors: [] });
  expect(world.strangers).toEqual([]);
  expect(world.bearerUrls.filter((url) => !url.startsWith(`${API}/`))).toEqual([]);
});

describe("before sign-in", () => {
  it("offers to sign in", async () => {
    await page.goto(origin);
    await page.getByRole("button", { name: "Sign in" }).waitFor();
    expect(await capture(page, "signed-out")).toEqual([]);
  });

  it("can be pressed before the client that signs in has come, and again when it could not come", async () => {
    let lose: (value: null) => void = () => null;
    const lost = new Promise<null>((resolve) => {
      lose = resolve;
    });
    let asked = 0;
    await page.route(/\/assets\/msal-/, async (route) => {
      asked += 1;
      if (asked === 1) {
        await lost;
        await route.abort();
      } else await route.fallback();
    });
    await page.goto(origin);
    await page.getByRole("button", { name: "Sign in" }).click();
    expect(await page.getByRole("button", { name: "Sign in" }).isDisabled()).toBe(true);
    lose(null);
    await page.getByRole("alert").getByText("The sign-in page cannot be opened.").waitFor();
    await page.getByRole("button", { name: "Sign in" }).click();
    await heading("Your access").waitFor();
  });

  it("tells all that is wrong with the configuration", async () => {
    writeConfig({ clientId: "spa", apiBaseUrl: undefined, apiScopes: ["user.reed"] });
    await page.goto(origin);
    await heading(/config.json does not fit/).waitFor();
    expect(await page.getByRole("listitem").count()).toBe(3);
    expect(await capture(page, "config-faults")).toEqual([]);
  });

  it("tells that the configuration is of another place", async () => {
    writeConfig({ redirectUri: "https://app.example.com/redirect.html" });
    await page.goto(origin);
    await page.getByText(`redirectUri: expected an address at ${origin}`).waitFor();
  });

  it("explains a user who is not assigned (AADSTS50105)", async () => {
    world.signInError = { error: "access_denied", number: 50105 };
    await page.goto(origin);
    await page.getByRole("button", { name: "Sign in" }).click();
    await heading("You have no access to this app yet").waitFor();
    await page.getByText("AADSTS50105").waitFor();
    expect(await capture(page, "not-assigned")).toEqual([]);
  });

  it("says that the sign-in page cannot be reached", async () => {
    writeConfig({ authority: `${NOWHERE}/${TENANT}`, knownAuthorities: [new URL(NOWHERE).host] });
    await page.goto(origin);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("alert").getByText("Microsoft’s sign-in does not answer.").waitFor();
    expect(await capture(page, "sign-in-blocked")).toEqual([]);
  });

  it("signs in after the Back button left Entra's page", async () => {
    world.signInWaits = true;
    await page.goto(origin);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByText("Who are you?").waitFor();
    world.signInWaits = false;
    await page.goBack();
    await page.getByRole("button", { name: "Sign in" }).click();
    await heading("Your access").waitFor();
  });

  it("explains a declined consent", async () => {
    world.signInError = { error: "access_denied", number: 65004 };
    await page.goto(origin);
    await page.getByRole("button", { name: "Sign in" }).click();
    await heading("You did not give permission").waitFor();
    expect(await capture(page, "consent-declined")).toEqual([]);
  });
});

describe("signed in", () => {
  it("keeps a deep link through the sign-in", async () => {
    await signIn("/records/2?from=mail#notes");
    await page.getByText("Counted in October").waitFor();
    expect(page.url()).toBe(`${origin}/records/2?from=mail#notes`);
  });

  it("shows a Reader the records, and no way to change them", async () => {
    await signIn();
    await page.getByRole("cell", { name: "Spare keys" }).waitFor();
    expect(await page.getByRole("link", { name: "New record" }).count()).toBe(0);
    expect(await page.getByRole("button", { name: /Delete/ }).count()).toBe(0);
    expect(await capture(page, "records-reader")).toEqual([]);
  });

  it("lets a Writer create a record, and keeps the tokens out of localStorage", async () => {
    world.roles = ["Reader", "Writer"];
    await signIn();
    await page.getByRole("link", { name: "New record" }).click();
    await page.getByLabel("Title").fill("Parking permit");
    await page.getByLabel("Text").fill("Renew in May.");
    expect(await capture(page, "record-form")).toEqual([]);
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("cell", { name: "Parking permit" }).waitFor();
    expect(await capture(page, "records-writer")).toEqual([]);
    expect(await page.evaluate(() => Object.keys(window.localStorage).filter((key) => key.includes("token")))).toEqual(
      [],
    );
  });

  it("lets an Admin delete, after asking", async () => {
    world.roles = ["Admin"];
    await signIn();
    await page.getByRole("button", { name: "Delete Spare keys" }).click();
    await heading("Delete “Spare keys”?").waitFor();
    expect(await focused()).toBe("Cancel");
    expect(await capture(page, "delete-dialog")).toEqual([]);
    await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await heading("“Spare keys” is deleted").waitFor();
    expect(await page.getByRole("cell", { name: "Spare keys" }).count()).toBe(0);
    expect(await focused()).toBe("Records");
  });

  it.each([320, 1100])("breaks one long word, and keeps lines, at %i pixels", async (width) => {
    const word = "Kraftfahrzeughaftpflichtversicherung".repeat(5);
    const text = `First line.\nSecond line.\n${`${word}\n`.repeat(20)}`;
    world.records = world.records.slice(0, 1).map((record) => ({ ...record, title: word, text }));
    world.roles = ["Admin"];
    await page.setViewportSize({ width, height: 720 });
    await signIn();
    await page.getByRole("link", { name: word }).waitFor();
    const fits = () =>
      page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth);
    const inside = (selector: string) => page.$eval(selector, (each) => each.scrollWidth <= each.clientWidth);
    expect([await fits(), await inside(".table")]).toEqual([true, true]);
    if (width > 600) {
      const { height, line } = await page.$eval(".clamped", (each) => ({
        height: each.clientHeight,
        line: parseFloat(getComputedStyle(each).lineHeight),
      }));
      expect(Math.round(height / line)).toBe(3);
    }
    expect(await capture(page, `records-long-${width}`)).toEqual([]);
    await page.getByRole("button", { name: /^Delete/ }).click();
    await page.getByRole("dialog").waitFor();
    expect([await fits(), await inside("dialog")]).toEqual([true, true]);
    await page.keyboard.press("Enter");
    expect(world.records).toHaveLength(1);
    await page.getByRole("link", { name: word }).click();
    const shown = page.locator("article .text");
    await shown.waitFor();
    expect(await shown.innerText()).toContain("First line.\nSecond line.\n");
    expect(await fits()).toBe(true);
  });

  it("says that a record is not there, and shows the way on", async () => {
    await signIn("/records/404");
    await page.getByText("There is no such record").waitFor();
    await heading("Record not found").waitFor();
    expect(await page.title()).toBe("Record not found – MyApp");
    expect(await capture(page, "record-not-found")).toEqual([]);
    await page.getByRole("link", { name: "Go to the records" }).click();
    await page.getByRole("cell", { name: "Spare keys" }).waitFor();
    expect(await heading("Records").count()).toBe(1);
  });

  it("says once that it is signed out", async () => {
    await signIn();
    await page.getByRole("button", { name: "Sign out" }).click();
    await heading("You are signed out").waitFor();
    expect(await capture(page, "signed-out-now")).toEqual([]);
    await page.reload();
    await page.getByRole("button", { name: "Sign in" }).waitFor();
    expect(await heading("You are signed out").count()).toBe(0);
  });

  it("sends what it is made of packed", async () => {
    const encodings = new Map<string, string | undefined>();
    const asked: string[] = [];
    page.on("request", (request) => asked.push(new URL(request.url()).pathname));
    page.on("response", (response) => {
      const { pathname } = new URL(response.url());
      encodings.set(pathname, response.headers()["content-encoding"]);
    });
    const client = page.waitForResponse(/\/assets\/msal-/);
    await page.goto(origin);
    await page.getByRole("button", { name: "Sign in" }).waitFor();
    await client;
    const scripts = [...encodings].filter(([path]) => /^\/assets\/.*\.(js|css)$/.test(path));
    expect(scripts.length).toBeGreaterThan(1);
    expect(scripts.filter(([, encoding]) => encoding === undefined)).toEqual([]);
    expect(encodings.get("/config.json")).toBeUndefined();
    // index.html asks for it beside the scripts, which take that answer.
    expect(asked.filter((path) => path === "/config.json")).toHaveLength(1);
    expect(asked.indexOf("/config.json")).toBeLessThan(asked.findIndex((path) => path.includes("/msal-")));
  });

  it("fits a screen of 320 pixels without scrolling sideways", async () => {
    world.roles = ["Writer", "Admin"];
    await page.setViewportSize({ width: 320, height: 640 });
    await signIn();
    await page.getByRole("cell", { name: "Spare keys", exact: true }).waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
    expect(await capture(page, "records-narrow")).toEqual([]);
  });

  it("can be used with the keyboard alone", async () => {
    world.roles = ["Writer"];
    await signIn();
    await page.getByRole("cell", { name: "Spare keys", exact: true }).waitFor();
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Skip to content");
    await page.getByRole("link", { name: "New record" }).focus();
    await page.keyboard.press("Enter");
    await page.getByLabel("Title").waitFor();
    await expect.poll(() => page.title()).toBe("New record – MyApp");
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe("main");
  });

  it("explains the API's 403 in the API's words", async () => {
    await signIn("/admin");
    await page.getByText("The API says: This needs the app role Admin.").waitFor();
    expect(await capture(page, "forbidden")).toEqual([]);
  });

  it("lets an Admin give a record to somebody else, and delete it", async () => {
    world.roles = ["Admin"];
    await signIn("/admin");
    await page.getByText("2 records of 1 owner").waitFor();
    expect(await capture(page, "administration")).toEqual([]);
    await page.getByRole("button", { name: "Assign Spare keys" }).click();
    await heading("Who shall own “Spare keys”?").waitFor();
    await page.getByLabel("New owner").selectOption({ label: "Bob Brown, bob@contoso.com" });
    expect(await capture(page, "assign-dialog")).toEqual([]);
    await page.getByRole("dialog").getByRole("button", { name: "Assign" }).click();
    await heading("“Spare keys” belongs to Bob Brown, bob@contoso.com now").waitFor();
    expect(await focused()).toBe("Administration");
    await page.getByText("2 records of 2 owners").waitFor();
    await page.getByLabel("Of", { exact: true }).selectOption({ label: "Bob Brown, bob@contoso.com (1)" });
    await page.getByRole("link", { name: "Lease of the Berlin office" }).waitFor({ state: "detached" });
    expect(await page.getByRole("row").count()).toBe(2);
    await page.getByRole("button", { name: "Delete Spare keys" }).click();
    await heading("Delete “Spare keys”?").waitFor();
    expect(await focused()).toBe("Cancel");
    await page.keyboard.press("Escape");
    expect(await page.getByRole("dialog").count()).toBe(0);
    await page.getByRole("button", { name: "Delete Spare keys" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await heading("“Spare keys” is deleted").waitFor();
    expect(world.records.map((record) => record.title)).toEqual(["Lease of the Berlin office"]);
  });

  it("administers at 320 pixels", async () => {
    world.roles = ["Admin"];
    const word = "Kraftfahrzeughaftpflichtversicherung".repeat(3);
    world.records = world.records.map((record) => ({ ...record, title: word, owner: "n" }));
    await page.setViewportSize({ width: 320, height: 640 });
    await signIn("/admin");
    await page.getByText("2 records of 1 owner").waitFor();
    const fits = () =>
      page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth);
    expect(await fits()).toBe(true);
    expect(await page.$eval(".table", (each) => each.scrollWidth <= each.clientWidth)).toBe(true);
    expect(await capture(page, "administration-narrow")).toEqual([]);
    await page
      .getByRole("button", { name: /^Assign/ })
      .first()
      .click();
    await page.getByRole("dialog").waitFor();
    expect(await fits()).toBe(true);
    expect(await capture(page, "assign-dialog-narrow")).toEqual([]);
  });

  it("takes in a role given a moment ago, without a sign-in", async () => {
    await signIn("/records/new");
    await heading("You may not create records").waitFor();
    expect(await capture(page, "may-not-create")).toEqual([]);
    world.roles = ["Reader", "Writer"];
    await page.getByRole("main").getByRole("button", { name: "Renew my access" }).click();
    await page.getByLabel("Title").waitFor();
  });

  it("says that the API does not answer, and goes on when it does", async () => {
    world.roles = ["Writer"];
    await signIn("/records/new");
    await page.getByLabel("Title").fill("Not lost");
    world.apiUp = false;
    await page.getByRole("button", { name: "Save" }).click();
    await heading("The API does not answer").waitFor();
    expect(await capture(page, "api-down")).toEqual([]);
    world.apiUp = true;
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("cell", { name: "Not lost" }).waitFor();
  });

  it("explains an API that refuses even a new token", async () => {
    world.refuseTokens = true;
    await page.goto(origin);
    await page.getByRole("button", { name: "Sign in" }).click();
    await heading("The API does not accept your sign-in").waitFor();
    await page.getByText("The token is for another API (aud).").waitFor();
    expect(await capture(page, "unauthenticated")).toEqual([]);
  });

  it("asks for consent when a renewal needs it", async () => {
    await signIn();
    world.renewalError = { error: "invalid_grant", number: 65001, suberror: "consent_required" };
    await page.getByRole("button", { name: "Renew my access" }).click();
    await heading("This app needs your permission").waitFor();
    expect(await capture(page, "consent-needed")).toEqual([]);
  });

  it("explains an assignment that was taken away", async () => {
    await signIn();
    world.renewalError = { error: "interaction_required", number: 50105 };
    await page.getByRole("button", { name: "Renew my access" }).click();
    await heading("You have no access to this app yet").waitFor();
  });

  it("renews an ended session by redirect, on the same page and with what was typed", async () => {
    world.roles = ["Writer"];
    await signIn("/records/new?copy=1");
    await page.getByLabel("Title").fill("Half a thought");
    world.renewalError = { error: "login_required", number: 50058 };
    await page.getByRole("button", { name: "Renew my access" }).click();
    await heading("Your session has ended").waitFor();
    expect(await capture(page, "session-ended")).toEqual([]);
    world.renewalError = null;
    await page.getByRole("button", { name: "Sign in again" }).click();
    await heading("Your access").waitFor();
    expect(page.url()).toBe(`${origin}/records/new?copy=1`);
    expect(await page.getByLabel("Title").inputValue()).toBe("Half a thought");
  });

  it("renews silently in the hidden frame when the refresh token is spent", async () => {
    await signIn();
    world.refreshTokenSpent = true;
    world.roles = ["Reader", "Writer"];
    await page.getByRole("button", { name: "Renew my access" }).click();
    await page.getByRole("link", { name: "New record" }).waitFor();
  });

  it("says that Entra does not answer", async () => {
    await signIn();
    world.entraUp = false;
    await page.getByRole("button", { name: "Renew my access" }).click();
    await heading("Microsoft’s sign-in does not answer").waitFor();
    expect(await capture(page, "entra-down")).toEqual([]);
  });

  it("signs out, and forgets the drafts and the tokens", async () => {
    world.roles = ["Writer"];
    await signIn("/records/new");
    await page.getByLabel("Title").fill("Private");
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("button", { name: "Sign in" }).waitFor();
    const left = await page.evaluate(() => Object.keys(sessionStorage).filter((key) => /token|draft/.test(key)));
    expect(left).toEqual([]);
  });
});
