// What the pages know of a session, whoever keeps it: MSAL in this tab, or a server behind a cookie.
import type { SpaConfig } from "../config";
import { signedInByServer } from "../config";
import type { AuthProblem } from "./problem";

export interface Account {
  readonly name: string;
  readonly username: string;
}

export interface CallRequest {
  /** Ask Entra for a new token even if the cached one is still good: it carries the roles of now. */
  readonly renew?: boolean;
  /** A claims challenge of the API. */
  readonly claims?: string | null;
}

/** What a call to the API carries. */
export interface Credentials {
  readonly headers: Readonly<Record<string, string>>;
  /** Whether the cookies of this page's own origin go along. */
  readonly cookies: boolean;
}

export interface SignInOptions {
  /** What Entra asked for when a silent request was not enough. */
  readonly claims?: string | null;
  /** Let the person pick another account. */
  readonly chooseAccount?: boolean;
}

export interface Session {
  readonly account: Account | null;
  /** Leave for Entra's sign-in page; the way back leads to this very address. */
  signIn(options?: SignInOptions): Promise<void>;
  signOut(): Promise<void>;
  /** What proves a call, renewed silently where need be; throws AuthFailure when only a person can help. */
  credentials(request?: CallRequest): Promise<Credentials>;
}

/** A session, and what went wrong on the way to it: a problem to show, not an exception. */
export interface Opened {
  readonly session: Session;
  readonly problem: AuthProblem | null;
}

/** Whether this tab can hold a session or bring an answer of Entra's: MSAL keeps both in its sessionStorage and its address. */
function mayBeSignedIn(): boolean {
  return sessionStorage.length > 0 || window.location.hash !== "";
}

/** A tab where nobody is signed in, while the client that signs in still comes; a press waits for it, and may be repeated. */
class ComingSession implements Session {
  readonly account = null;
  #coming: Promise<Opened> | null = null;
  readonly #open: () => Promise<Opened>;

  constructor(open: () => Promise<Opened>) {
    this.#open = open;
    // Who presses hears of it.
    this.#session().catch(() => undefined);
  }

  async #session(): Promise<Session> {
    this.#coming ??= this.#open();
    try {
      return (await this.#coming).session;
    } catch (error) {
      this.#coming = null;
      throw error;
    }
  }

  async signIn(options: SignInOptions = {}): Promise<void> {
    await (await this.#session()).signIn(options);
  }

  async signOut(): Promise<void> {
    await (await this.#session()).signOut();
  }

  async credentials(request: CallRequest = {}): Promise<Credentials> {
    return (await this.#session()).credentials(request);
  }
}

/**
 * Open the session that the configuration names; only its own client is loaded. A tab that keeps nothing yet can show
 * the way in before the client is there.
 */
export async function openSession(config: SpaConfig, fetcher: typeof fetch): Promise<Opened> {
  if (signedInByServer(config)) {
    const { openCookieSession } = await import("./cookie");
    return openCookieSession(fetcher, window.location);
  }
  const open = async () => (await import("./msal")).openMsalSession(config);
  return mayBeSignedIn() ? open() : { session: new ComingSession(open), problem: null };
}
