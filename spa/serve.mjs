// Serves dist/ as nginx does in production, with the same security headers: for tests and `npm run preview`.
import { createReadStream, existsSync, readFileSync, statSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const HERE = fileURLToPath(new URL(".", import.meta.url));

/** @type {Readonly<Record<string, string>>} */
const TYPES = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
};

/**
 * Read the lines `add_header NAME VALUE always;` of the shared file, with the origins of a config.json put in.
 * @param {string} text
 * @param {{ apiBaseUrl?: string, authority?: string }} config
 * @returns {[string, string][]}
 */
export function parseHeaders(text, config) {
  /** @param {string | undefined} url */
  const origin = (url) => (url && URL.canParse(url) ? new URL(url).origin : "");
  const filled = text
    .replaceAll("${API_ORIGIN}", origin(config.apiBaseUrl))
    .replaceAll("${AUTHORITY_ORIGIN}", origin(config.authority));
  return [...filled.matchAll(/^add_header (\S+) "?(.*?)"? always;$/gm)].map(([, name = "", value = ""]) => [
    name,
    value.replace(/ +/g, " ").replaceAll(" ;", ";"),
  ]);
}

/**
 * Fill the two variables that depend on the page; nginx leaves a header out whose value is empty, and so do we.
 * @param {[string, string][]} headers
 * @param {string} path
 * @returns {[string, string][]}
 */
export function headersFor(headers, path) {
  const bridge = path === "/redirect.html";
  return headers
    .map(
      ([name, value]) =>
        /** @type {[string, string]} */ ([
          name,
          value
            .replace("$frame_ancestors", bridge ? "'self'" : "'none'")
            .replace("$opener_policy", bridge ? "" : "same-origin"),
        ]),
    )
    .filter(([, value]) => value !== "");
}

/**
 * Name the file that answers a path: itself, or the app for any address without a file extension.
 * @param {string} dist
 * @param {string} path
 * @returns {string | null}
 */
function fileFor(dist, path) {
  const file = join(dist, normalize(path));
  if (file.startsWith(join(dist, "/")) && existsSync(file) && statSync(file).isFile()) return file;
  return extname(path) === "" ? join(dist, "index.html") : null;
}

/**
 * Name the packed copy of a file that the build left beside it, in the best way that the browser takes.
 * @param {string} file
 * @param {string} accepted
 * @returns {{ file: string, encoding: string } | null}
 */
export function packedFor(file, accepted) {
  const ways = accepted.split(",").map((way) => way.trim());
  for (const [encoding, ending] of /** @type {const} */ ([
    ["br", ".br"],
    ["gzip", ".gz"],
  ])) {
    const taken = ways.some((way) => way === encoding || (way.startsWith(`${encoding};`) && !/q=0(\.0*)?$/.test(way)));
    if (taken && existsSync(file + ending)) return { file: file + ending, encoding };
  }
  return null;
}

/**
 * Take the path out of a request target; one that is no path names no file.
 * @param {string} target
 */
function pathOf(target) {
  try {
    return decodeURIComponent(new URL(target, "http://localhost").pathname);
  } catch {
    return "/no.path";
  }
}

/**
 * Answer one request.
 * @param {{ dist: string, config: string }} options
 * @param {import("node:http").IncomingMessage} request
 * @param {import("node:http").ServerResponse} response
 */
function answer({ dist, config }, request, response) {
  const path = pathOf(request.url ?? "/");
  const file = path === "/config.json" ? (existsSync(config) ? config : null) : fileFor(dist, path);
  // Read for each request, so that a test can change what it serves.
  const settings = existsSync(config) ? safeJson(readFileSync(config, "utf8")) : {};
  const headers = parseHeaders(readFileSync(join(HERE, "security-headers.conf"), "utf8"), settings);
  for (const [name, value] of headersFor(headers, path)) response.setHeader(name, value);
  if (file === null) {
    response.writeHead(404, { "Content-Type": "text/plain", "Cache-Control": "no-store" }).end("Not found\n");
    return;
  }
  const packed = path === "/config.json" ? null : packedFor(file, request.headers["accept-encoding"] ?? "");
  response.writeHead(200, {
    ...(packed ? { "Content-Encoding": packed.encoding, Vary: "Accept-Encoding" } : {}),
    "Content-Type": TYPES[extname(file)] ?? "application/octet-stream",
    "Cache-Control": path.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-store",
  });
  createReadStream(packed?.file ?? file).pipe(response);
}

/**
 * Read JSON that may be broken on purpose: the app, not this server, tells what is wrong with it.
 * @param {string} text
 * @returns {{ apiBaseUrl?: string, authority?: string }}
 */
function safeJson(text) {
  try {
    /** @type {unknown} */
    const json = JSON.parse(text);
    return typeof json === "object" && json !== null ? json : {};
  } catch {
    return {};
  }
}

/**
 * Start serving; over HTTPS when a certificate and its key are given.
 * @param {{ dist?: string, config: string, port: number, cert?: string | undefined, key?: string | undefined }} options
 * @returns {Promise<import("node:http").Server | import("node:https").Server>}
 */
export async function serve({ dist = join(HERE, "dist"), config, port, cert, key }) {
  /** @type {import("node:http").RequestListener} */
  const listener = (request, response) => {
    answer({ dist, config }, request, response);
  };
  const server =
    cert && key
      ? createHttpsServer({ cert: readFileSync(cert), key: readFileSync(key) }, listener)
      : createHttpServer(listener);
  await new Promise((resolve) =>
    server.listen(port, "127.0.0.1", () => {
      resolve(null);
    }),
  );
  return server;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: {
      dist: { type: "string", default: join(HERE, "dist") },
      config: { type: "string", default: process.env["CONFIG_FILE"] ?? join(HERE, "config.json") },
      port: { type: "string", default: process.env["PORT"] ?? "5173" },
      cert: { type: "string" },
      key: { type: "string" },
    },
  });
  const { cert = process.env["TLS_CERT"], key = process.env["TLS_KEY"], dist, config } = values;
  await serve({ dist, config, port: Number(values.port), cert, key });
  console.log(`${cert && key ? "https" : "http"}://localhost:${values.port}/`);
}
