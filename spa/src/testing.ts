// Small real stand-ins for tests: a session that hands out numbered tokens, an API that answers from a list.
import type { Account, CallRequest, Credentials, Session, SignInOptions } from "./auth/session";

/** A session without Entra; it remembers what was asked of it. */
export class FakeSession implements Session {
  readonly account: Account = { name: "Alice Adams", username: "alice@contoso.com" };
  readonly callRequests: CallRequest[] = [];
  readonly signIns: SignInOptions[] = [];
  signedOut = false;
  failure: Error | null = null;
  signInFailure: Error | null = null;

  signIn(options: SignInOptions = {}): Promise<void> {
    this.signIns.push(options);
    return this.signInFailure ? Promise.reject(this.signInFailure) : Promise.resolve();
  }

  signOut(): Promise<void> {
    this.signedOut = true;
    return Promise.resolve();
  }

  credentials(request: CallRequest = {}): Promise<Credentials> {
    this.callRequests.push(request);
    const token = `token-${this.callRequests.length}`;
    return this.failure
      ? Promise.reject(this.failure)
      : Promise.resolve({ headers: { Authorization: `Bearer ${token}` }, cookies: false });
  }
}

/** What fetch was called with. */
export interface Call {
  readonly url: string;
  readonly method: string;
  readonly authorization: string | null;
  readonly init: RequestInit;
}

/** A fetch that answers from a function and remembers its calls. */
export function fakeFetch(answer: (call: Call) => Response): { fetcher: typeof fetch; calls: Call[] } {
  const calls: Call[] = [];
  const fetcher: typeof fetch = (input, init = {}) => {
    const url = input instanceof Request ? input.url : input.toString();
    const call = {
      url,
      method: init.method ?? "GET",
      authorization: new Headers(init.headers).get("authorization"),
      init,
    };
    calls.push(call);
    // As fetch does, an answer that cannot be had is a rejection.
    return new Promise((resolve) => {
      resolve(answer(call));
    });
  };
  return { fetcher, calls };
}

/** A refusal as the API words it. */
export function refusal(status: number, detail: string, challenge = "", members: object = {}): Response {
  return new Response(JSON.stringify({ type: "urn:problem:x", title: "Refused", status, detail, ...members }), {
    status,
    headers: { "Content-Type": "application/problem+json", ...(challenge ? { "WWW-Authenticate": challenge } : {}) },
  });
}
