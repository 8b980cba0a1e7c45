// Builds the two pages; in development serves them over HTTPS with the config.json that CONFIG_FILE names.
import { existsSync, readFileSync, unwatchFile, watchFile } from "node:fs";
import { env } from "node:process";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

const configFile = env["CONFIG_FILE"] ?? "config.json";
const { TLS_CERT: cert, TLS_KEY: key, APPLIED_FILE: applied } = env;

/** Serve /config.json from outside the build: one build serves every environment. */
function runtimeConfig(): Plugin {
  return {
    name: "runtime-config",
    apply: "serve",
    configureServer(server) {
      server.middlewares.use("/config.json", (_request, response) => {
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("Content-Type", "application/json");
        response.statusCode = existsSync(configFile) ? 200 : 404;
        response.end(existsSync(configFile) ? readFileSync(configFile) : "{}");
      });
    },
  };
}

/** Tell the page that the manifest was applied again (`make dev`), so that it renews its access. */
function manifestApplied(): Plugin {
  return {
    name: "manifest-applied",
    apply: "serve",
    configureServer(server) {
      if (applied === undefined) return;
      watchFile(applied, { interval: 200 }, (now) => {
        if (now.mtimeMs > 0) server.ws.send({ type: "custom", event: "manifest:applied" });
      });
      server.httpServer?.on("close", () => {
        unwatchFile(applied);
      });
    },
  };
}

export default defineConfig({
  plugins: [react(), runtimeConfig(), manifestApplied()],
  server: {
    port: Number(env["PORT"] ?? 5173),
    strictPort: true,
    ...(cert && key ? { https: { cert: readFileSync(cert), key: readFileSync(key) } } : {}),
  },
  build: {
    target: "es2023",
    // The strict policy allows neither inline scripts nor data: URIs.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rolldownOptions: { input: ["index.html", "redirect.html"] },
  },
  test: {
    environment: "happy-dom",
    include: ["src/**/*.test.{ts,tsx}"],
    restoreMocks: true,
  },
});
