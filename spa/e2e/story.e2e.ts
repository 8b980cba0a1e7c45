// The whole story in Chromium, against a running emulator, API and SPA: the file that STORY_WORLD names says where.
import { readFileSync } from "node:fs";
import { env } from "node:process";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Complaints } from "./browser";
import { capture, launch, listen } from "./browser";

interface World {
  readonly spa: string;
  readonly api: string;
  readonly emulator: string;
  /** Does what the story cannot do in a browser: POST /name?argument=value. */
  readonly control: string;
  /** The hash of the key that the three servers serve with: Chromium trusts it and no other stranger's. */
  readonly trustedKey: string;
  readonly users: { readonly writer: string; readonly reader: string; readonly stranger: string };
}

const file = env["STORY_WORLD"];
if (!file) throw new Error("STORY_WORLD must name the JSON file that says where everything runs");
const world = JSON.parse(readFileSync(file, "utf8")) as World;

let browser: Browser;
let context: BrowserContext;
let page: Page;
let complaints: Complaints = { policy: [], errors: [] };
const bearerUrls: string[] = [];
/** How often a hidden frame asked Entra without a page. */
let silentRequests = 0;

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

/** From the SPA's own page to Entra's and back, as a user of the directory. */
async function signInAs(user: string, press = "Sign in") {
  await button(press).click();
  await page.getByLabel("Or enter a user name").fill(user);
  await page.getByRole("button", { name: "Next" }).click();
}

async function renew() {
  await page.getByRole("complementary").getByRole("button", { name: "Renew my access" }).click();
}

async function open(user: string, path = "/") {
  await page.goto(world.spa + path);
  await signInAs(user);
  await heading("Your access").waitFor();
}

/** What 24 hours do to a single-page application: its refresh token is worth nothing any more. */
async function spendRefreshToken() {
  const spent = await page.evaluate(() => {
    const keys = Object.keys(sessionStorage).filter((key) => key.includes("refreshtoken"));
    for (const key of keys) {
      const entry = JSON.parse(sessionStorage.getItem(key) ?? "{}") as Record<string, unknown>;
      sessionStorage.setItem(key, JSON.stringify({ ...entry, secret: "1.spent" }));
    }
    return keys.filter((key) => !key.includes("token.keys")).length;
  });
  expect(spent).toBeGreaterThan(0);
}

async function newProfile() {
  expect(complaints).toEqual({ policy: [], errors: [] });
  await context.close();
  context = await browser.newContext({ viewport: { width: 1100, height: 720 } });
  complaints = await listen(context);
  context.on("request", (request) => {
    if (request.headers()["authorization"]) bearerUrls.push(request.url());
    if (request.url().includes("/authorize?") && request.url().includes("prompt=none")) silentRequests += 1;
  });
  page = await context.newPage();
}

beforeAll(async () => {
  browser = await launch([`--ignore-certificate-errors-spki-list=${world.trustedKey}`]);
  context = await browser.newContext();
  await newProfile();
});

afterAll(async () => {
  await browser.close();
});

describe("a Writer", () => {
  it("signs in, comes back to the page that was asked for, and sees who they are", async () => {
    await page.goto(`${world.spa}/?from=mail#top`);
    await button("Sign in").click();
    await heading("Sign in").waitFor();
    expect(await capture(page, "story-01-entra-sign-in")).toEqual([]);
    await page.getByLabel("Or enter a user name").fill(world.users.writer);
    await page.getByRole("button", { name: "Next" }).click();
    await heading("Your access").waitFor();
    expect(page.url()).toBe(`${world.spa}/?from=mail#top`);
    await page.getByText(world.users.writer).waitFor();
    await page.getByText("There are no records yet.").waitFor();
    expect(await capture(page, "story-02-empty-list")).toEqual([]);
  });

  it("creates a record", async () => {
    await page.getByRole("link", { name: "New record" }).click();
    await page.getByLabel("Title").fill("Spare keys");
    await page.getByLabel("Text").fill("Counted in October, one is missing.");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("cell", { name: "Spare keys", exact: true }).waitFor();
    expect(await capture(page, "story-03-created")).toEqual([]);
  });

  it("loses the role while a form is open: the API's 403 is explained, the text is kept", async () => {
    await page.getByRole("link", { name: "New record" }).click();
    await page.getByLabel("Title").fill("Too late");
    await act("unassign", { user: world.users.writer });
    await act("assign", { user: world.users.writer, role: "Reader" });
    await page.evaluate(() => {
      // As an hour would: no access token is left, the next call gets one with the roles of now.
      for (const key of Object.keys(sessionStorage)) if (key.includes("accesstoken")) sessionStorage.removeItem(key);
    });
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("The API says: This needs the app role Writer.").waitFor();
    expect(await page.getByLabel("Title").inputValue()).toBe("Too late");
    expect(await capture(page, "story-04-forbidden")).toEqual([]);
    await button("Renew my access").click();
    await heading("You may not create records").waitFor();
  });

  it("signs out, of Entra too", async () => {
    await page.getByRole("button", { name: "Sign out" }).click();
    await button("Sign in").waitFor();
    expect(page.url()).toBe(`${world.spa}/`);
    expect(await page.evaluate(() => Object.keys(sessionStorage).filter((key) => /token|draft/.test(key)))).toEqual([]);
    expect(await capture(page, "story-05-signed-out")).toEqual([]);
    await button("Sign in").click();
    // Entra asks again: the session there is over as well.
    await page.getByLabel("Or enter a user name").waitFor();
  });
});

describe("a Reader", () => {
  it("sees the record and no button, and is told why on the page for new records", async () => {
    await newProfile();
    await open(world.users.reader);
    await page.getByRole("cell", { name: "Spare keys", exact: true }).waitFor();
    expect(await page.getByRole("link", { name: "New record" }).count()).toBe(0);
    expect(await page.getByRole("button", { name: /^Delete/ }).count()).toBe(0);
    expect(await capture(page, "story-06-reader")).toEqual([]);
    await page.goto(`${world.spa}/records/new`);
    await heading("You may not create records").waitFor();
  });

  it("reads the API's 403 for administrators in the API's words", async () => {
    await page.getByRole("link", { name: "Administration" }).click();
    await page.getByText("The API says: This needs the app role Admin.").waitFor();
    expect(await capture(page, "story-07-admin-forbidden")).toEqual([]);
  });

  it("may create once an administrator has assigned the role and the token is renewed, without a sign-in", async () => {
    await page.goto(`${world.spa}/records/new`);
    await heading("You may not create records").waitFor();
    await act("assign", { user: world.users.reader, role: "Writer" });
    await button("Renew my access").click();
    await page.getByLabel("Title").fill("Parking permit");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("cell", { name: "Parking permit", exact: true }).waitFor();
    expect(await capture(page, "story-08-role-assigned")).toEqual([]);
  });

  it("keeps the page when the refresh token is spent: the hidden frame renews", async () => {
    await page.getByRole("link", { name: "New record" }).click();
    await page.getByLabel("Title").fill("Still here");
    await spendRefreshToken();
    await page.evaluate(() => {
      (window as unknown as { stays: boolean }).stays = true;
    });
    await act("assign", { user: world.users.reader, role: "Admin" });
    const before = silentRequests;
    await renew();
    await page.getByRole("complementary").getByText("Admin", { exact: true }).waitFor();
    expect(silentRequests).toBe(before + 1);
    expect(await page.evaluate(() => (window as unknown as { stays?: boolean }).stays)).toBe(true);
    expect(await page.getByLabel("Title").inputValue()).toBe("Still here");
  });

  it("signs in again when the session is over, and comes back to the same page and text", async () => {
    await spendRefreshToken();
    await context.clearCookies();
    await renew();
    await heading("Your session has ended").waitFor();
    expect(await capture(page, "story-09-session-ended")).toEqual([]);
    await signInAs(world.users.reader, "Sign in again");
    await heading("Your access").waitFor();
    expect(page.url()).toBe(`${world.spa}/records/new`);
    expect(await page.getByLabel("Title").inputValue()).toBe("Still here");
  });

  it("is told that the API is down, and goes on when it is back", async () => {
    await act("stop-api");
    await page.getByRole("button", { name: "Save" }).click();
    await heading("The API does not answer").waitFor();
    expect(await capture(page, "story-10-api-down")).toEqual([]);
    await act("start-api");
    await button("Try again").click();
    await page.getByRole("cell", { name: "Still here", exact: true }).waitFor();
  });

  it("administers since they are an Admin: gives a record to its writer, and deletes another", async () => {
    await page.getByRole("link", { name: "Administration" }).click();
    await page.getByText("3 records of 2 owners").waitFor();
    await page.getByRole("button", { name: "Assign Parking permit" }).click();
    const writer = page.getByLabel("New owner").getByRole("option", { name: world.users.writer });
    await page.getByLabel("New owner").selectOption(await writer.getAttribute("value"));
    expect(await capture(page, "story-10-assign")).toEqual([]);
    await page.getByRole("dialog").getByRole("button", { name: "Assign" }).click();
    await heading(/^“Parking permit” belongs to Alice/).waitFor();
    await page.getByRole("button", { name: "Delete Spare keys" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await heading("“Spare keys” is deleted").waitFor();
    await page.getByText("2 records of 2 owners").waitFor();
    expect(await capture(page, "story-10-administration")).toEqual([]);
    await page.getByRole("link", { name: "Records", exact: true }).click();
    await page.getByRole("cell", { name: "Still here", exact: true }).waitFor();
    expect(await page.getByRole("cell", { name: "Spare keys", exact: true }).count()).toBe(0);
  });

  it("is asked for consent when it was taken back, and gives it", async () => {
    await act("revoke-consent");
    await renew();
    await heading("This app needs your permission").waitFor();
    expect(await capture(page, "story-11-consent-needed")).toEqual([]);
    await button("Review permissions").click();
    await heading("Permissions requested").waitFor();
    expect(await capture(page, "story-12-entra-consent")).toEqual([]);
    await page.getByRole("button", { name: "Cancel" }).click();
    await heading("You did not give permission").waitFor();
    await button("Review permissions").click();
    await page.getByRole("button", { name: "Accept" }).click();
    await page.getByRole("cell", { name: "Still here", exact: true }).waitFor();
    await act("restore-consent");
  });

  it("is told when every assignment is taken away (AADSTS50105)", async () => {
    await act("unassign", { user: world.users.reader });
    await renew();
    await heading("You have no access to this app yet").waitFor();
    await page.getByText("AADSTS50105").waitFor();
    expect(await capture(page, "story-13-not-assigned-any-more")).toEqual([]);
  });
});

describe("a stranger", () => {
  it("is stopped on Entra's own page (AADSTS50105)", async () => {
    await newProfile();
    await page.goto(world.spa);
    await signInAs(world.users.stranger);
    await page.getByRole("alert").getByText("AADSTS50105").waitFor();
    expect(await capture(page, "story-14-entra-not-assigned")).toEqual([]);
    await page.getByRole("link", { name: "Back to the application" }).click();
    await heading("You were not signed in").waitFor();
  });
});

describe("all along", () => {
  it("broke no content policy of the app, and sent tokens to the API only", () => {
    expect(complaints).toEqual({ policy: [], errors: [] });
    expect(bearerUrls.length).toBeGreaterThan(0);
    expect(bearerUrls.filter((url) => !url.startsWith(`${world.api}/`))).toEqual([]);
  });
});
