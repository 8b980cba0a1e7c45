// Calls the API: a path and a body in, checked JSON out; what proves the call goes to the API's origin and nowhere else.
import type { Credentials, Session } from "../auth/session";
import { ApiFailure, kindOf, readRefusal } from "./problem";

export type Method = "GET" | "POST" | "PUT" | "DELETE";

export class ApiClient {
  readonly #base: URL;
  readonly #session: Session;
  readonly #fetch: typeof fetch;

  constructor(apiBaseUrl: string, session: Session, fetcher: typeof fetch) {
    this.#base = new URL(apiBaseUrl);
    this.#session = session;
    this.#fetch = fetcher;
  }

  /** Call the API; a token that it no longer takes is renewed once. */
  async call(method: Method, path: string, body?: unknown): Promise<unknown> {
    const url = this.#address(path);
    const first = await this.#send(url, method, body, await this.#session.credentials());
    if (first.status !== 401) return this.#read(first);

    // Expired on the way, a changed key, a claims challenge: a new token may do. A second 401 is for the user.
    const { claims } = await readRefusal(first);
    const renewed = await this.#session.credentials({ renew: true, claims });
    return this.#read(await this.#send(url, method, body, renewed));
  }

  #address(path: string): URL {
    const url = new URL(this.#base.pathname.replace(/\/$/, "") + path, this.#base);
    if (url.origin !== this.#base.origin) throw new TypeError(`${path} would leave the API's origin`);
    return url;
  }

  async #send(url: URL, method: Method, body: unknown, proof: Credentials): Promise<Response> {
    const headers: Record<string, string> = { Accept: "application/json", ...proof.headers };
    if (body !== undefined) headers["Content-Type"] = "application/json";
    try {
      return await this.#fetch(url, {
        method,
        headers,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        cache: "no-store",
        credentials: proof.cookies ? "same-origin" : "omit",
        // A redirect could carry the call, or the page's trust in its answer, to another origin.
        redirect: "error",
        signal: AbortSignal.timeout(15_000),
      });
    } catch {
      // fetch tells no difference between a refused connection, a CORS refusal and a timeout.
      throw new ApiFailure("unreachable", null);
    }
  }

  async #read(response: Response): Promise<unknown> {
    if (!response.ok) throw new ApiFailure(kindOf(response.status), await readRefusal(response));
    if (response.status === 204) return null;
    try {
      return (await response.json()) as unknown;
    } catch {
      throw new ApiFailure("broken", null);
    }
  }
}
