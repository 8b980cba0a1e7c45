// The only door to MSAL: configuration in, a session that signs in, renews and signs out.
import type { AccountInfo, Configuration } from "@azure/msal-browser";
import { BrowserCacheLocation, LogLevel, PublicClientApplication } from "@azure/msal-browser";
import type { SpaConfig } from "../config";
import { scopeUris } from "../config";
import { forgetDrafts } from "../drafts";
import { signingOut } from "../farewell";
import type { AuthProblem } from "./problem";
import { AuthFailure, classify } from "./problem";

export interface Account {
  readonly name: string;
  readonly username: string;
}

export interface TokenRequest {
  /** Ask Entra for a new token even if the cached one is still good: it carries the roles of now. */
  readonly renew?: boolean;
  /** A claims challenge of the API. */
  readonly claims?: string | null;
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
  /** A token for the API, renewed silently where need be; throws AuthFailure when only a person can help. */
  accessToken(request?: TokenRequest): Promise<string>;
}

/** MSAL's settings for one environment. */
export function msalConfiguration(config: SpaConfig): Configuration {
  return {
    auth: {
      clientId: config.clientId,
      authority: config.authority,
      knownAuthorities: [...config.knownAuthorities],
      redirectUri: config.redirectUri,
      postLogoutRedirectUri: config.postLogoutRedirectUri,
    },
    // memoryStorage cannot sign in by redirect; sessionStorage dies with the tab and no other tab reads it.
    cache: { cacheLocation: BrowserCacheLocation.SessionStorage },
    system: { loggerOptions: { piiLoggingEnabled: false, logLevel: LogLevel.Error } },
  };
}

class MsalSession implements Session {
  readonly #client: PublicClientApplication;
  readonly #scopes: string[];

  constructor(client: PublicClientApplication, scopes: string[]) {
    this.#client = client;
    this.#scopes = scopes;
  }

  get account(): Account | null {
    const account = this.#client.getActiveAccount();
    return account && { name: account.name ?? account.username, username: account.username };
  }

  async signIn({ claims = null, chooseAccount = false }: SignInOptions = {}): Promise<void> {
    const account = this.#client.getActiveAccount();
    // Entra refuses login_hint, which MSAL adds for a known account, together with select_account.
    const who = chooseAccount ? { prompt: "select_account" } : account ? { account } : {};
    await this.#client.loginRedirect({ scopes: this.#scopes, ...who, ...(claims ? { claims } : {}) });
  }

  async signOut(): Promise<void> {
    forgetDrafts();
    signingOut();
    await this.#client.logoutRedirect({ account: this.#client.getActiveAccount() });
  }

  async accessToken({ renew = false, claims = null }: TokenRequest = {}): Promise<string> {
    const account = this.#client.getActiveAccount();
    if (!account) throw new AuthFailure({ kind: "sessionEnded", code: null, correlationId: null, claims: null });
    try {
      const result = await this.#client.acquireTokenSilent({
        account,
        scopes: this.#scopes,
        forceRefresh: renew,
        ...(claims ? { claims } : {}),
      });
      return result.accessToken;
    } catch (error) {
      throw new AuthFailure(classify(error));
    }
  }
}

function remembered(client: PublicClientApplication, tenantId: string): AccountInfo | null {
  return client.getActiveAccount() ?? client.getAllAccounts({ tenantId })[0] ?? null;
}

/** Start MSAL and take in what a redirect brought; a failed sign-in is a problem to show, not an exception. */
export async function openSession(config: SpaConfig): Promise<{ session: Session; problem: AuthProblem | null }> {
  const client = new PublicClientApplication(msalConfiguration(config));
  await client.initialize();
  let problem: AuthProblem | null = null;
  try {
    const result = await client.handleRedirectPromise();
    client.setActiveAccount(result?.account ?? remembered(client, config.tenantId));
  } catch (error) {
    problem = classify(error);
    client.setActiveAccount(remembered(client, config.tenantId));
  }
  return { session: new MsalSession(client, scopeUris(config)), problem };
}
