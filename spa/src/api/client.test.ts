// @vitest-environment node
import { describe, expect, it } from "vitest";
import { AuthFailure } from "../auth/problem";
import { FakeSession, fakeFetch, refusal } from "../testing";
import { ApiClient } from "./client";
import { ApiFailure } from "./problem";

const BASE = "https://api.example.com/v1";

async function failureOf(promise: Promise<unknown>): Promise<ApiFailure> {
  const error: unknown = await promise.catch((reason: unknown) => reason);
  if (error instanceof ApiFailure) return error;
  throw error;
}

describe("ApiClient", () => {
  it("sends the token to the API, without cookies and without following redirects", async () => {
    const { fetcher, calls } = fakeFetch(() => Response.json({ ok: true }));

    await new ApiClient(BASE, new FakeSession(), fetcher).call("POST", "/records", { title: "a" });

    expect(calls).toMatchObject([{ url: `${BASE}/records`, method: "POST", authorization: "Bearer token-1" }]);
    expect(calls[0]?.init).toMatchObject({
      credentials: "omit",
      redirect: "error",
      cache: "no-store",
      body: '{"title":"a"}',
    });
  });

  it("sends the cookies of the page's own origin for a session that a server keeps, and no token", async () => {
    const { fetcher, calls } = fakeFetch(() => Response.json({ ok: true }));
    const session = new FakeSession();
    session.credentials = () => Promise.resolve({ headers: { "X-CSRF-Token": "c" }, cookies: true });

    await new ApiClient("https://app.example.com/api", session, fetcher).call("POST", "/records", {});

    expect(calls).toMatchObject([{ url: "https://app.example.com/api/records", authorization: null }]);
    expect(calls[0]?.init).toMatchObject({ credentials: "same-origin", headers: { "X-CSRF-Token": "c" } });
  });

  it.each(["//evil.example/records", "https://evil.example/", "/../../x", "/\\evil.example/", "@evil.example/"])(
    "never lets the path %j lead the token to another origin",
    async (path) => {
      const { fetcher, calls } = fakeFetch(() => Response.json({}));

      await new ApiClient("https://api.example.com", new FakeSession(), fetcher).call("GET", path).catch(() => null);

      expect(calls.filter((call) => new URL(call.url).origin !== "https://api.example.com")).toEqual([]);
    },
  );

  it("renews a refused token once and repeats the call", async () => {
    const session = new FakeSession();
    const { fetcher, calls } = fakeFetch(({ authorization }) =>
      authorization === "Bearer token-1" ? refusal(401, "The token has expired.") : Response.json({ ok: true }),
    );

    expect(await new ApiClient(BASE, session, fetcher).call("GET", "/me")).toEqual({ ok: true });
    expect(calls).toHaveLength(2);
    expect(session.callRequests).toEqual([{}, { renew: true, claims: null }]);
  });

  it("hands a claims challenge to the renewal", async () => {
    const session = new FakeSession();
    const claims = '{"access_token":{"nbf":{"essential":true,"value":"1700000000"}}}';
    const challenge = `Bearer error="insufficient_claims", claims="${btoa(claims)}"`;
    const { fetcher } = fakeFetch(() => refusal(401, "More is needed.", challenge));

    await failureOf(new ApiClient(BASE, session, fetcher).call("GET", "/me"));

    expect(session.callRequests[1]).toEqual({ renew: true, claims });
  });

  it("gives up after the second 401", async () => {
    const { fetcher, calls } = fakeFetch(() => refusal(401, "The token is for another API (aud)."));

    const failure = await failureOf(new ApiClient(BASE, new FakeSession(), fetcher).call("GET", "/me"));

    expect([failure.kind, calls.length]).toEqual(["unauthenticated", 2]);
    expect(failure.refusal?.detail).toBe("The token is for another API (aud).");
  });

  it("says that the API is unreachable when fetch fails", async () => {
    const { fetcher } = fakeFetch(() => {
      throw new TypeError("Failed to fetch");
    });

    expect((await failureOf(new ApiClient(BASE, new FakeSession(), fetcher).call("GET", "/me"))).kind).toBe(
      "unreachable",
    );
  });

  it("sends nothing when there is no token", async () => {
    const session = new FakeSession();
    session.failure = new AuthFailure({ kind: "sessionEnded", code: null, correlationId: null, claims: null });
    const { fetcher, calls } = fakeFetch(() => Response.json({}));

    await expect(new ApiClient(BASE, session, fetcher).call("GET", "/me")).rejects.toBe(session.failure);
    expect(calls).toEqual([]);
  });

  it("answers null for 204, and calls an answer that is no JSON broken", async () => {
    const empty = fakeFetch(() => new Response(null, { status: 204 }));
    const html = fakeFetch(() => new Response("<html>"));

    expect(await new ApiClient(BASE, new FakeSession(), empty.fetcher).call("DELETE", "/records/1")).toBeNull();
    expect((await failureOf(new ApiClient(BASE, new FakeSession(), html.fetcher).call("GET", "/me"))).kind).toBe(
      "broken",
    );
  });
});
