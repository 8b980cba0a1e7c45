// Plays Entra and the API inside the browser's network layer, so that every state of the app can be shown at will.
import type { BrowserContext, Request, Route } from "playwright-core";

export const TENANT = "11111111-1111-1111-1111-111111111111";
export const CLIENT = "22222222-2222-2222-2222-222222222222";
export const LOGIN = "https://login.microsoftonline.com";
export const API = "https://api.example.com";
/** A sign-in service that nobody runs. */
export const NOWHERE = "https://login.example.com";

const WRITTEN = {
  createdAt: "2026-11-02T08:00:00Z",
  createdBy: "a",
  updatedAt: "2026-11-20T14:30:00Z",
  updatedBy: "a",
  owner: "a",
};

/** Whom the API has seen; the second is only an id, as an application is. */
export const PEOPLE = [
  { id: "a", kind: "user", name: "Alice Adams", username: "alice@contoso.com" },
  { id: "b", kind: "user", name: "Bob Brown", username: "bob@contoso.com" },
  { id: "n", kind: "application", name: null, username: null },
];

interface EntraError {
  readonly error: string;
  readonly number: number;
  readonly suberror?: string;
}

/** One user, one tenant, one API; a script changes the fields to bring a state about. */
export class Double {
  roles: string[] = ["Reader"];
  scopes = ["user.read", "user.write"];
  /** What the sign-in page answers instead of a code. */
  signInError: EntraError | null = null;
  /** Show a page and wait, as the true sign-in page does. */
  signInWaits = false;
  /** What the token endpoint and silent requests answer instead of a token. */
  renewalError: EntraError | null = null;
  /** The 24 hours of the refresh token are over (AADSTS700084); the session itself still stands. */
  refreshTokenSpent = false;
  apiUp = true;
  entraUp = true;
  /** Refuse every token, as an API of another environment would. */
  refuseTokens = false;
  records = [
    { ...WRITTEN, id: "1", title: "Lease of the Berlin office", text: "Ends in March; ask for two more years." },
    { ...WRITTEN, id: "2", title: "Spare keys", text: "Counted in October, one is missing." },
  ];
  /** Every URL that carried an Authorization header. */
  readonly bearerUrls: string[] = [];
  /** The page is asked for and may not be answered. */
  readonly strangers: string[] = [];
  #session = false;
  #nonce = "";
  #issued = new Map<string, { roles: string[]; scopes: string[] }>();

  /** Take over all requests of a context that leave the app's origin. */
  async attach(context: BrowserContext, appOrigin: string): Promise<void> {
    await context.route("**/*", async (route) => {
      const request = route.request();
      const url = new URL(request.url());
      if (request.headers()["authorization"]) this.bearerUrls.push(request.url());
      if (url.origin === appOrigin) await route.fallback();
      else if (url.origin === LOGIN) await this.#entra(route, url, request);
      else if (url.origin === NOWHERE) await route.abort("connectionrefused");
      else if (url.origin === API) await this.#api(route, url, request);
      else {
        this.strangers.push(request.url());
        await route.abort();
      }
    });
  }

  async #entra(route: Route, url: URL, request: Request): Promise<void> {
    if (!this.entraUp) return route.abort("connectionrefused");
    if (url.pathname.endsWith("/authorize")) return this.#authorize(route, url);
    if (url.pathname.endsWith("/token")) return this.#token(route, request);
    this.#session = false;
    const back = new URL(url.searchParams.get("post_logout_redirect_uri") ?? "");
    back.searchParams.set("state", url.searchParams.get("state") ?? "");
    return redirect(route, back.href);
  }

  async #authorize(route: Route, url: URL): Promise<void> {
    if (this.signInWaits)
      return route.fulfill({ contentType: "text/html", body: "<title>Sign in</title><p>Who are you?" });
    const silent = url.searchParams.get("prompt") === "none";
    const noSession = { error: "login_required", number: 50058 };
    const failure = silent ? (this.renewalError ?? (this.#session ? null : noSession)) : this.signInError;
    const answer = new URLSearchParams({ state: url.searchParams.get("state") ?? "" });
    if (failure) {
      answer.set("error", failure.error);
      answer.set("error_description", describe(failure));
    } else {
      this.#session = true;
      this.renewalError = null;
      this.#nonce = url.searchParams.get("nonce") ?? "";
      answer.set("code", "0.code");
    }
    return redirect(route, `${url.searchParams.get("redirect_uri") ?? ""}#${answer.toString()}`);
  }

  async #token(route: Route, request: Request): Promise<void> {
    const headers = { "Access-Control-Allow-Origin": "*" };
    const refreshes = new URLSearchParams(request.postData() ?? "").get("grant_type") === "refresh_token";
    const spent = { error: "invalid_grant", number: 700084, suberror: "bad_token" };
    const failure: EntraError | null = refreshes && this.refreshTokenSpent ? spent : this.renewalError;
    if (failure) {
      const { error, number, suberror } = failure;
      const json = { error, error_description: describe(failure), error_codes: [number], suberror };
      return route.fulfill({ status: 400, headers, json });
    }
    const token = `token-${this.#issued.size}`;
    this.#issued.set(token, { roles: this.roles, scopes: this.scopes });
    const appId = new URLSearchParams(request.postData() ?? "").get("scope")?.match(/api:\/\/[\w-]+/)?.[0] ?? "";
    return route.fulfill({
      headers,
      json: {
        token_type: "Bearer",
        scope: this.scopes.map((scope) => `${appId}/${scope}`).join(" "),
        expires_in: 3599,
        ext_expires_in: 3599,
        access_token: token,
        refresh_token: "0.refresh",
        refresh_token_expires_in: 86_399,
        id_token: idToken(this.#nonce),
        client_info: base64url({ uid: "44444444-4444-4444-4444-444444444444", utid: TENANT }),
      },
    });
  }

  async #api(route: Route, url: URL, request: Request): Promise<void> {
    if (!this.apiUp) return route.abort("connectionrefused");
    const token = request.headers()["authorization"]?.replace("Bearer ", "") ?? "";
    const caller = this.#issued.get(token);
    if (!caller || this.refuseTokens) {
      return problem(route, 401, "The token is for another API (aud). Request a scope of this API.", {
        error: "invalid_token",
      });
    }
    const { roles, scopes } = caller;
    const method = request.method();
    if (url.pathname === "/me") return answer(route, 200, { name: "Alice Adams", roles, scopes });
    const administers = url.pathname === "/admin/data" || url.pathname.endsWith("/owner") || method === "DELETE";
    const role = administers ? "Admin" : method === "GET" ? null : "Writer";
    if (role && !roles.includes(role)) {
      return problem(route, 403, `This needs the app role ${role}.`, { error: "insufficient_scope" });
    }
    if (url.pathname === "/admin/data") {
      const owned = (id: string) => this.records.filter((record) => record.owner === id).length;
      const owners = PEOPLE.map((person) => ({ ...person, records: owned(person.id) }));
      return answer(route, 200, { environment: "dev", records: this.records.length, owners });
    }
    return this.#records(route, url, request);
  }

  async #records(route: Route, url: URL, request: Request): Promise<void> {
    const id = url.pathname.split("/")[2];
    const known = this.records.find((record) => record.id === id);
    if (id !== undefined && !known) return problem(route, 404, "There is no such record.", {});
    const fields = request.postDataJSON() as { title: string; text: string } | null;
    if (request.method() === "POST" && fields) {
      const created = { ...WRITTEN, ...fields, id: String(this.records.length + 1) };
      this.records = [...this.records, created];
      return answer(route, 201, created);
    }
    if (request.method() === "DELETE") {
      this.records = this.records.filter((record) => record !== known);
      return route.fulfill({ status: 204, headers: CORS });
    }
    if (request.method() === "PUT" && known && fields) {
      Object.assign(known, fields);
      return answer(route, 200, known);
    }
    const owner = url.searchParams.get("owner");
    const items = this.records.filter((record) => owner === null || record.owner === owner);
    return answer(route, 200, known ?? { items, next: null });
  }
}

const CORS = {
  "Access-Control-Allow-Origin": "*",
  "Access-Control-Expose-Headers": "WWW-Authenticate, X-Correlation-Id",
};

async function answer(route: Route, status: number, json: unknown): Promise<void> {
  await route.fulfill({ status, headers: CORS, json });
}

async function problem(route: Route, status: number, detail: string, challenge: Record<string, string>): Promise<void> {
  const parameters = Object.entries(challenge).map(([name, value]) => `${name}="${value}"`);
  await route.fulfill({
    status,
    headers: {
      ...CORS,
      "X-Correlation-Id": "7c9e6679-7425-40de-944b-e07fc1f90ae7",
      ...(parameters.length > 0 ? { "WWW-Authenticate": `Bearer ${parameters.join(", ")}` } : {}),
    },
    contentType: "application/problem+json",
    body: JSON.stringify({ type: "about:blank", title: "Refused", status, detail }),
  });
}

async function redirect(route: Route, location: string): Promise<void> {
  await route.fulfill({ status: 302, headers: { Location: location } });
}

function describe({ number }: EntraError): string {
  return `AADSTS${number}: A text of Entra's. Trace ID: 0f5b Correlation ID: 7c9e Timestamp: 2026-11-24 10:00:00Z`;
}

function base64url(json: unknown): string {
  return Buffer.from(JSON.stringify(json)).toString("base64url");
}

function idToken(nonce: string): string {
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    aud: CLIENT,
    iss: `${LOGIN}/${TENANT}/v2.0`,
    iat: now - 300,
    nbf: now - 300,
    exp: now + 3600,
    name: "Alice Adams",
    nonce,
    oid: "44444444-4444-4444-4444-444444444444",
    preferred_username: "alice@contoso.com",
    sub: "pairwise",
    tid: TENANT,
    ver: "2.0",
  };
  return `${base64url({ typ: "JWT", alg: "RS256", kid: "k" })}.${base64url(claims)}.sig`;
}
