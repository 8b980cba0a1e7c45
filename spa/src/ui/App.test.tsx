import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ApiClient } from "../api/client";
import { AuthFailure } from "../auth/problem";
import type { Call } from "../testing";
import { FakeSession, fakeFetch, refusal } from "../testing";
import { App } from "./App";

const RECORD = { id: "r1", title: "Spare keys", text: "One is missing.", updatedAt: "2026-11-20T14:30:00Z" };

interface World {
  roles: string[];
  scopes: string[];
  answer: (call: Call) => Response | null;
}

let world: World;
let session: FakeSession;

function show(path: string) {
  window.history.replaceState(null, "", path);
  const { fetcher, calls } = fakeFetch((call) => {
    const special = world.answer(call);
    if (special) return special;
    const { pathname } = new URL(call.url);
    if (pathname === "/me") return Response.json({ name: "Alice Adams", roles: world.roles, scopes: world.scopes });
    if (call.method === "GET" && pathname === "/records") return Response.json({ items: [RECORD], next: null });
    return Response.json(RECORD, { status: call.method === "POST" ? 201 : 200 });
  });
  const api = new ApiClient("https://api.example.com", session, fetcher);
  render(<App environment="test" session={session} account={session.account} api={api} />);
  return calls;
}

beforeEach(() => {
  sessionStorage.clear();
  session = new FakeSession();
  world = { roles: ["Reader"], scopes: ["user.read", "user.write"], answer: () => null };
});

afterEach(cleanup);

describe("App", () => {
  it("shows who is signed in, with roles and scopes as the API sees them", async () => {
    show("/");

    await screen.findByText("alice@contoso.com");
    expect(screen.getByText("Reader")).toBeTruthy();
    expect(screen.getByText("user.write")).toBeTruthy();
  });

  it("offers a Reader no way to create or delete", async () => {
    show("/");

    await screen.findByText("Spare keys");
    expect(screen.queryByRole("link", { name: "New record" })).toBeNull();
    expect(screen.queryByRole("button", { name: /Delete/ })).toBeNull();
  });

  it("offers a Writer to create, and an Admin to delete", async () => {
    world.roles = ["Writer", "Admin"];
    show("/");

    await screen.findByRole("link", { name: "New record" });
    expect(screen.getByRole("button", { name: "Delete Spare keys" })).toBeTruthy();
  });

  it("hides what the token's scopes do not allow, whatever the roles", async () => {
    world = { ...world, roles: ["Writer", "Admin"], scopes: ["user.read"] };
    show("/");

    await screen.findByText("Spare keys");
    expect(screen.queryByRole("link", { name: "New record" })).toBeNull();
  });

  it("explains a 403 in the API's words, and renews when asked", async () => {
    world.answer = ({ url }) => (url.endsWith("/admin/data") ? refusal(403, "This needs the app role Admin.") : null);
    show("/admin");

    await screen.findByText("The API says: This needs the app role Admin.");
    screen.getAllByRole("button", { name: "Renew my access" })[0]?.click();
    await screen.findByText("The API says: This needs the app role Admin.");
    expect(session.callRequests).toContainEqual({ renew: true });
    await screen.findByText("Your access is up to date.");
  });

  it("keeps what was typed when saving fails, and drops the draft once it is saved", async () => {
    world.roles = ["Writer"];
    world.answer = ({ method }) => {
      if (method === "POST") throw new TypeError("Failed to fetch");
      return null;
    };
    show("/records/new");
    await screen.findByLabelText("Title");
    fireEvent.change(screen.getByLabelText("Title"), { target: { value: "Parking permit" } });
    (await screen.findByRole("button", { name: "Save" })).click();

    await screen.findByText("The API does not answer");
    expect(sessionStorage.getItem("draft:/records/new")).toContain("Parking permit");
    world.answer = () => null;
    screen.getByRole("button", { name: "Try again" }).click();
    await screen.findByText("Spare keys");
    expect(sessionStorage.getItem("draft:/records/new")).toBeNull();
  });

  it("asks for a sign-in with the claims that Entra wants", async () => {
    session.failure = new AuthFailure({ kind: "moreNeeded", code: "AADSTS50076", correlationId: null, claims: "{}" });
    show("/");

    (await screen.findByRole("button", { name: "Continue" })).click();
    expect(session.signIns).toEqual([{ claims: "{}", chooseAccount: false }]);
  });

  it("says so when the sign-in page cannot be opened", async () => {
    session.failure = new AuthFailure({ kind: "sessionEnded", code: null, correlationId: null, claims: null });
    session.signInFailure = new AuthFailure({
      kind: "unreachable",
      code: "network_error",
      correlationId: null,
      claims: null,
    });
    show("/");

    (await screen.findByRole("button", { name: "Sign in again" })).click();
    await screen.findByText(/Microsoft’s sign-in does not answer/);
  });

  it("offers another account to a user who is not assigned", async () => {
    session.failure = new AuthFailure({
      kind: "notAssigned",
      code: "AADSTS50105",
      correlationId: "c0ffee",
      claims: null,
    });
    show("/");

    await screen.findByText("AADSTS50105 · c0ffee");
    screen.getByRole("button", { name: "Sign in as someone else" }).click();
    expect(session.signIns).toEqual([{ claims: null, chooseAccount: true }]);
  });

  it("signs out on request, and says so of an address that it does not know", async () => {
    show("/nowhere");

    await screen.findByText(/There is nothing at this address/);
    screen.getByRole("button", { name: "Sign out" }).click();
    expect(session.signedOut).toBe(true);
  });
});
