// Reads /config.json: text in, a checked SpaConfig or the list of everything that is wrong with it out.
import { Scope } from "./generated/authorization";

/** What differs between environments; written by `entra-config settings`, nothing in it is secret. */
export type SpaConfig = MsalConfig | CookieConfig;

interface Common {
  /** The environment's name in the manifest, shown beside the title. */
  readonly environment: string;
  /** Where the API answers, without a slash at the end. */
  readonly apiBaseUrl: string;
}

/** A server signs in and keeps the tokens: this page has a cookie that it cannot read. */
export interface CookieConfig extends Common {
  readonly session: "cookie";
}

/** MSAL signs in and keeps the tokens in this tab. */
export interface MsalConfig extends Common {
  readonly session?: never;
  readonly tenantId: string;
  /** Application (client) id of the SPA. */
  readonly clientId: string;
  /** Sign-in address with the tenant, e.g. https://login.microsoftonline.com/<tenantId>. */
  readonly authority: string;
  /** Hosts, with port, that MSAL must trust although Microsoft does not list them (the emulator); else empty. */
  readonly knownAuthorities: readonly string[];
  /** This origin's /redirect.html, registered as a SPA redirect URI. */
  readonly redirectUri: string;
  readonly postLogoutRedirectUri: string;
  /** The API's application ID URI: the prefix of its scopes in a token request. */
  readonly apiAppIdUri: string;
  /** The API's scopes that this app asks for, by value. */
  readonly apiScopes: readonly Scope[];
}

/** Tell whether a server signs in for the page. */
export function signedInByServer(config: SpaConfig): config is CookieConfig {
  return config.session === "cookie";
}

/** Every fault of a configuration at once. */
export class ConfigError extends Error {
  constructor(readonly faults: readonly string[]) {
    super(faults.join("\n"));
  }
}

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);

type Check = (value: unknown) => string | null;

const isText: Check = (value) => (typeof value === "string" && value !== "" ? null : "a text that is not empty");

const isGuid: Check = (value) =>
  typeof value === "string" && GUID.test(value) ? null : "an id such as 00000000-0000-0000-0000-000000000000";

function asUrl(value: unknown): URL | null {
  return typeof value === "string" && URL.canParse(value) ? new URL(value) : null;
}

const isHttps: Check = (value) => (asUrl(value)?.protocol === "https:" ? null : "an https:// address");

const isSecure: Check = (value) => {
  const url = asUrl(value);
  const secure = url?.protocol === "https:" || (url?.protocol === "http:" && LOOPBACK.has(url.hostname));
  return secure ? null : "an https:// address (http:// on localhost only)";
};

const isRedirectPage: Check = (value) => {
  const expected = isSecure(value);
  // Any other page would load the whole app in the hidden frame of silent renewal, where the content policy stops it.
  if (expected === null && asUrl(value)?.pathname !== "/redirect.html")
    return "the address of this app's /redirect.html";
  return expected;
};

const isAppIdUri: Check = (value) => (asUrl(value) ? null : "an application ID URI such as api://<id>");

const isTextList: Check = (value) =>
  Array.isArray(value) && value.every((item) => isText(item) === null) ? null : "a list of texts";

const SCOPES: readonly string[] = Object.values(Scope);

const isScopeList: Check = (value) =>
  Array.isArray(value) && value.length > 0 && value.every((item) => SCOPES.includes(item as string))
    ? null
    : `a list of one or more of ${SCOPES.join(", ")}`;

const isCookie: Check = (value) => (value === "cookie" ? null : `"cookie", or no such key`);

const OF_COOKIE: Readonly<Record<keyof CookieConfig, Check>> = {
  environment: isText,
  session: isCookie,
  apiBaseUrl: isSecure,
};

const OF_MSAL: Readonly<Record<Exclude<keyof MsalConfig, "session">, Check>> = {
  environment: isText,
  tenantId: isGuid,
  clientId: isGuid,
  authority: isHttps,
  knownAuthorities: isTextList,
  redirectUri: isRedirectPage,
  postLogoutRedirectUri: isSecure,
  apiBaseUrl: isSecure,
  apiAppIdUri: isAppIdUri,
  apiScopes: isScopeList,
};

function shown(value: unknown): string {
  return value === undefined ? "it is missing" : `it is ${JSON.stringify(value)}`;
}

function elsewhere(config: SpaConfig, pageOrigin: string): string[] {
  const addresses: Readonly<Record<string, string>> = signedInByServer(config)
    ? // The cookie goes to the origin that set it: the server hands calls on from there.
      { apiBaseUrl: config.apiBaseUrl }
    : // MSAL hands the response over within one origin: another one would lose the sign-in at its very end.
      { redirectUri: config.redirectUri, postLogoutRedirectUri: config.postLogoutRedirectUri };
  return Object.entries(addresses)
    .filter(([, address]) => new URL(address).origin !== pageOrigin)
    .map(([key, address]) => `${key}: expected an address at ${pageOrigin}, where this page is; it is "${address}"`);
}

/** Check a parsed config.json for the page at pageOrigin; throw one ConfigError with all faults. */
export function parseConfig(json: unknown, pageOrigin: string): SpaConfig {
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    throw new ConfigError(["expected one JSON object"]);
  }
  const values = json as Record<string, unknown>;
  const checks: Readonly<Record<string, Check>> = Object.hasOwn(values, "session") ? OF_COOKIE : OF_MSAL;
  const faults = Object.entries(checks).flatMap(([key, check]) => {
    const expected = check(values[key]);
    return expected === null ? [] : [`${key}: expected ${expected}; ${shown(values[key])}`];
  });
  const unknown = Object.keys(values).filter((key) => !Object.hasOwn(checks, key));
  faults.push(...unknown.map((key) => `${key}: this version of the app knows no such key`));
  if (faults.length > 0) throw new ConfigError(faults);

  const config = values as unknown as SpaConfig;
  const misplaced = elsewhere(config, pageOrigin);
  if (misplaced.length > 0) throw new ConfigError(misplaced);
  return { ...config, apiBaseUrl: config.apiBaseUrl.replace(/\/+$/, "") };
}

/** Fetch and check /config.json. */
export async function loadConfig(fetcher: typeof fetch, pageOrigin: string): Promise<SpaConfig> {
  const response = await fetcher("/config.json", { cache: "no-store" });
  if (!response.ok)
    throw new ConfigError([`/config.json answers ${response.status}; it must be served beside the app`]);
  let json: unknown;
  try {
    json = await response.json();
  } catch (error) {
    throw new ConfigError([`/config.json is not JSON: ${error instanceof Error ? error.message : "unreadable"}`]);
  }
  return parseConfig(json, pageOrigin);
}

/** The API's scopes as a token request names them. */
export function scopeUris(config: MsalConfig): string[] {
  return config.apiScopes.map((scope) => `${config.apiAppIdUri}/${scope}`);
}
