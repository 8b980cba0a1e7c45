// The only door to MSAL: configuration in, a session that signs in, renews and signs out with tokens in this tab.
import type { AccountInfo, Configuration } from "@azure/msal-browser";
import { BrowserCacheLocation, LogLevel, PublicClientApplication } from "@azure/msal-browser";
import type { MsalConfig } from "../config";
import { scopeUris } from "../config";
import { forgetDrafts } from "../drafts";
import { signingOut } from "../farewell";
import { classifyMsal } from "./msalProblem";
import type { AuthProblem } from "./problem";
import { AuthFailure } from "./problem";
import type { Account, CallRequest, Credentials, Opened, Session, SignInOptions } from "./session";

/** MSAL's settings for one environment. */
export function msalConfiguration(config: MsalConfig): Configuration {
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
    try {
      await this.#client.loginRedirect({ scopes: this.#scopes, ...who, ...(claims ? { claims } : {}) });
    } catch (error) {
      throw new AuthFailure(classifyMsal(error));
    }
  }

  async signOut(): Promise<void> {
    forgetDrafts();
    signingOut();
    await this.#client.logoutRedirect({ account: this.#client.getActiveAccount() });
  }

  async credentials({ renew = false, claims = null }: CallRequest = {}): Promise<Credentials> {
    const account = this.#client.getActiveAccount();
    if (!account) throw new AuthFailure({ kind: "sessionEnded", code: null, correlationId: null, claims: null });
    try {
      const result = await this.#client.acquireTokenSilent({
        account,
        scopes: this.#scopes,
        forceRefresh: renew,
        ...(claims ? { claims } : {}),
      });
      return { headers: { Authorization: `Bearer ${result.accessToken}` }, cookies: false };
    } catch (error) {
      throw new AuthFailure(classifyMsal(error));
    }
  }
}

function remembered(client: PublicClientApplication, tenantId: string): AccountInfo | null {
  return client.getActiveAccount() ?? client.getAllAccounts({ tenantId })[0] ?? null;
}

/** Start MSAL and take in what a redirect brought; a failed sign-in is a problem to show, not an exception. */
export async function openMsalSession(config: MsalConfig): Promise<Opened> {
  const client = new PublicClientApplication(msalConfiguration(config));
  await client.initialize();
  let problem: AuthProblem | null = null;
  try {
    const result = await client.handleRedirectPromise();
    client.setActiveAccount(result?.account ?? remembered(client, config.tenantId));
  } catch (error) {
    problem = classifyMsal(error);
    client.setActiveAccount(remembered(client, config.tenantId));
  }
  return { session: new MsalSession(client, scopeUris(config)), problem };
}
