import { beforeEach, describe, expect, it } from "vitest";
import { fakeFetch } from "../testing";
import type { Call } from "../testing";
import type { Place } from "./cookie";
import { openCookieSession } from "./cookie";
import { classify } from "./problem";

const SIGNED_IN = { account: { name: "Alice Adams", username: "alice@contoso.com" }, csrf: "c-1", problem: null };

/** A window's address that is written down instead of left for. */
class FakePlace implements Place {
  readonly origin = "https://app.example.com";
  readonly pathname = "/records/new";
  readonly search = "?copy=1";
  readonly hash = "#top";
  readonly left: string[] = [];

  assign(url: string): void {
    this.left.push(url);
  }
}

let place: FakePlace;

async function open(answer: (call: Call) => Response) {
  const { fetcher, calls } = fakeFetch(answer);
  return { ...(await openCookieSession(fetcher, place)), calls };
}

async function problemOfRejected(promise: Promise<unknown>) {
  return classify(await promise.catch((error: unknown) => error));
}

beforeEach(() => {
  sessionStorage.clear();
  place = new FakePlace();
});

describe("openCookieSession", () => {
  it("asks the server who is signed in, with the cookie of this origin and nothing else", async () => {
    const { session, problem, calls } = await open(() => Response.json(SIGNED_IN));

    expect([session.account, problem]).toEqual([SIGNED_IN.account, null]);
    expect(calls).toMatchObject([{ url: "/session", method: "GET", authorization: null }]);
    expect(calls[0]?.init).toMatchObject({ credentials: "same-origin", redirect: "error" });
  });

  it("has nobody where nobody is signed in, and tells why the last sign-in failed", async () => {
    const declined = { error: "access_denied", number: "65004", correlationId: "c0ffee" };
    const { session, problem } = await open(() => Response.json({ account: null, csrf: null, problem: declined }));

    expect(session.account).toBeNull();
    expect(problem).toEqual({ kind: "consentDeclined", code: "AADSTS65004", correlationId: "c0ffee", claims: null });
    expect((await problemOfRejected(session.credentials())).kind).toBe("sessionEnded");
  });

  it.each([
    ["does not answer", () => Promise.reject(new TypeError("Failed to fetch"))],
    ["fails", () => Promise.resolve(new Response("", { status: 502 }))],
    ["is a page of somebody else", () => Promise.resolve(new Response("<html>"))],
  ])("says that the server is down when it %s", async (_, fetcher) => {
    const { session, problem } = await openCookieSession(fetcher, place);

    expect([session.account, problem?.kind]).toEqual([null, "serverDown"]);
  });
});

describe("a session behind a cookie", () => {
  it("proves a call by a header that other sites cannot send, and by no token", async () => {
    const { session, calls } = await open(() => Response.json(SIGNED_IN));

    expect(await session.credentials()).toEqual({ headers: { "X-CSRF-Token": "c-1" }, cookies: true });
    expect(calls).toHaveLength(1);
  });

  it("leaves for the sign-in with the way back to this very address", async () => {
    const { session } = await open(() => Response.json(SIGNED_IN));
    await session.signIn({ claims: '{"a":1}', chooseAccount: true });

    const url = new URL(place.left[0] ?? "", place.origin);
    expect(url.pathname).toBe("/auth/sign-in");
    expect(Object.fromEntries(url.searchParams)).toEqual({
      return: "/records/new?copy=1#top",
      prompt: "select_account",
      claims: '{"a":1}',
    });
  });

  it("renews on the server, with the claims that the API wants", async () => {
    const { session, calls } = await open(({ url }) =>
      url === "/session" ? Response.json(SIGNED_IN) : new Response(null, { status: 204 }),
    );
    await session.credentials({ renew: true, claims: "{}" });

    expect(calls[1]).toMatchObject({ url: "/auth/renew", method: "POST" });
    expect(calls[1]?.init).toMatchObject({ body: '{"claims":"{}"}', credentials: "same-origin" });
    expect(new Headers(calls[1]?.init.headers).get("x-csrf-token")).toBe("c-1");
  });

  it.each([
    [401, { signIn: { error: "interaction_required", number: "50105" } }, "notAssigned"],
    [401, { signIn: { error: "interaction_required", number: "50076", claims: "{}" } }, "moreNeeded"],
    [401, {}, "sessionEnded"],
    [403, {}, "sessionEnded"],
    [502, {}, "serverDown"],
  ])("reads a renewal that is refused with %s and %j as %s", async (status, body, kind) => {
    const { session } = await open(({ url }) =>
      Response.json(url === "/session" ? SIGNED_IN : body, {
        status: url === "/session" ? 200 : status,
      }),
    );

    expect((await problemOfRejected(session.credentials({ renew: true }))).kind).toBe(kind);
  });

  it("signs out on the server, forgets the drafts, and leaves for Entra's farewell", async () => {
    const farewell = "https://login.microsoftonline.com/t/oauth2/v2.0/logout?post_logout_redirect_uri=x";
    sessionStorage.setItem("draft:/records/new", "Private");
    const { session, calls } = await open(({ url }) =>
      Response.json(url === "/session" ? SIGNED_IN : { location: farewell }),
    );
    await session.signOut();

    expect(place.left).toEqual([farewell]);
    expect(sessionStorage.getItem("draft:/records/new")).toBeNull();
    expect(new Headers(calls[1]?.init.headers).get("x-csrf-token")).toBe("c-1");
  });

  it("stays on its own page when the session was over already, and follows no address that runs code", async () => {
    const over = await open(({ url }) =>
      url === "/session" ? Response.json(SIGNED_IN) : new Response("{}", { status: 401 }),
    );
    await over.session.signOut();
    expect(place.left).toEqual(["https://app.example.com/"]);

    const code = await open(({ url }) =>
      Response.json(url === "/session" ? SIGNED_IN : { location: "javascript:alert(1)" }),
    );
    expect((await problemOfRejected(code.session.signOut())).kind).toBe("misconfigured");
    expect(place.left).toHaveLength(1);
  });
});
