// A session that a server keeps: it signs in by navigation and sees no token; the browser sends an HttpOnly cookie.
import { forgetDrafts } from "../drafts";
import { signingOut } from "../farewell";
import type { AuthProblem, Said } from "./problem";
import { AuthFailure, problemOf } from "./problem";
import type { Account, CallRequest, Credentials, Opened, Session, SignInOptions } from "./session";

/** Where the server answers, on the page's own origin. */
export const PLACES = {
  session: "/session",
  signIn: "/auth/sign-in",
  signOut: "/auth/sign-out",
  renew: "/auth/renew",
} as const;
/** What another site cannot send: a value that only this origin can read, in a header of its own. */
export const CSRF_HEADER = "X-CSRF-Token";

/** The parts of window.location that are needed. */
export interface Place {
  readonly origin: string;
  readonly pathname: string;
  readonly search: string;
  readonly hash: string;
  assign(url: string): void;
}

function member(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}

function textOf(value: unknown, key: string): string | null {
  const found = member(value, key);
  return typeof found === "string" && found !== "" ? found : null;
}

function accountOf(value: unknown): Account | null {
  const username = textOf(value, "username");
  return username === null ? null : { name: textOf(value, "name") ?? username, username };
}

/** Read what the server passes on of Entra's answer; null where it says nothing. */
function problemIn(value: unknown): AuthProblem | null {
  const error = textOf(value, "error");
  if (error === null) return null;
  const said: Said = {
    error,
    suberror: textOf(value, "suberror"),
    number: textOf(value, "number"),
    correlationId: textOf(value, "correlationId"),
    claims: textOf(value, "claims"),
  };
  return problemOf(said);
}

function failure(kind: AuthProblem["kind"], code: string | null = null): AuthFailure {
  return new AuthFailure({ kind, code, correlationId: null, claims: null });
}

class CookieSession implements Session {
  readonly #fetch: typeof fetch;
  readonly #place: Place;
  readonly #csrf: string | null;

  constructor(
    readonly account: Account | null,
    csrf: string | null,
    fetcher: typeof fetch,
    place: Place,
  ) {
    this.#csrf = csrf;
    this.#fetch = fetcher;
    this.#place = place;
  }

  signIn({ claims = null, chooseAccount = false }: SignInOptions = {}): Promise<void> {
    const { pathname, search, hash } = this.#place;
    const query = new URLSearchParams({
      return: pathname + search + hash,
      ...(chooseAccount ? { prompt: "select_account" } : {}),
      ...(claims ? { claims } : {}),
    });
    this.#place.assign(`${PLACES.signIn}?${query.toString()}`);
    return Promise.resolve();
  }

  async signOut(): Promise<void> {
    const response = await this.#post(PLACES.signOut, {});
    // A session that is over already needs no farewell of Entra's.
    const body: unknown = response.ok ? await response.json() : null;
    forgetDrafts();
    signingOut();
    const url = new URL(textOf(body, "location") ?? "/", this.#place.origin);
    if (url.protocol !== "https:" && url.origin !== this.#place.origin) throw failure("misconfigured");
    this.#place.assign(url.href);
  }

  async credentials({ renew = false, claims = null }: CallRequest = {}): Promise<Credentials> {
    if (this.#csrf === null) throw failure("sessionEnded");
    if (renew) await this.#renew(claims);
    return { headers: { [CSRF_HEADER]: this.#csrf }, cookies: true };
  }

  async #renew(claims: string | null): Promise<void> {
    const response = await this.#post(PLACES.renew, claims ? { claims } : {});
    if (response.ok) return;
    let body: unknown = null;
    try {
      body = await response.json();
    } catch {
      // A load balancer answered in the server's place: the status alone has to do.
    }
    const problem = problemIn(member(body, "signIn"));
    if (problem) throw new AuthFailure(problem);
    throw failure(response.status === 401 || response.status === 403 ? "sessionEnded" : "serverDown");
  }

  async #post(path: string, body: object): Promise<Response> {
    try {
      return await this.#fetch(path, {
        method: "POST",
        headers: { Accept: "application/json", "Content-Type": "application/json", [CSRF_HEADER]: this.#csrf ?? "" },
        body: JSON.stringify(body),
        cache: "no-store",
        credentials: "same-origin",
        redirect: "error",
        signal: AbortSignal.timeout(15_000),
      });
    } catch {
      throw failure("serverDown");
    }
  }
}

/** Ask the server who is signed in. */
export async function openCookieSession(fetcher: typeof fetch, place: Place): Promise<Opened> {
  const nobody = new CookieSession(null, null, fetcher, place);
  let body: unknown;
  try {
    const response = await fetcher(PLACES.session, {
      headers: { Accept: "application/json" },
      cache: "no-store",
      credentials: "same-origin",
      redirect: "error",
      signal: AbortSignal.timeout(15_000),
    });
    if (!response.ok) return { session: nobody, problem: failure("serverDown", `HTTP ${response.status}`).problem };
    body = await response.json();
  } catch {
    return { session: nobody, problem: failure("serverDown").problem };
  }
  const account = accountOf(member(body, "account"));
  const session = new CookieSession(account, account && textOf(body, "csrf"), fetcher, place);
  return { session, problem: problemIn(member(body, "problem")) };
}
