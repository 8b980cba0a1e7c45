// Option D as it was deployed, in Chromium: the page and the API at two hosts of one load balancer, which checks tokens.
import { readFileSync } from "node:fs";
import { env } from "node:process";
import { expect, it } from "vitest";
import { capture, launch, listen } from "./browser";

interface World {
  readonly origin: string;
  readonly api: string;
  readonly user: string;
  readonly trustedKey: string;
}

const file = env["DEPLOYED_WORLD"];
if (!file) throw new Error("DEPLOYED_WORLD must name the JSON file that says where everything runs");
const world = JSON.parse(readFileSync(file, "utf8")) as World;

it("signs in, writes through the load balancer's check, and signs out", async () => {
  const browser = await launch([`--ignore-certificate-errors-spki-list=${world.trustedKey}`]);
  const context = await browser.newContext({ viewport: { width: 1100, height: 720 } });
  const complaints = await listen(context);
  const calls: string[] = [];
  context.on("request", (request) => {
    if (request.headers()["authorization"]) calls.push(new URL(request.url()).origin);
  });
  const page = await context.newPage();
  await page.goto(world.origin);
  await page.getByRole("main").getByRole("button", { name: "Sign in" }).click();
  await page.getByLabel("Or enter a user name").fill(world.user);
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByRole("heading", { name: "Your access" }).waitFor();
  await page.getByRole("link", { name: "New record" }).click();
  await page.getByLabel("Title").fill("Spare keys");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("cell", { name: "Spare keys", exact: true }).waitFor();
  expect(await capture(page, "deployed-page")).toEqual([]);
  expect(new Set(calls)).toEqual(new Set([world.api]));
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("main").getByRole("button", { name: "Sign in" }).waitFor();
  expect(complaints).toEqual({ policy: [], errors: [] });
  await browser.close();
});
