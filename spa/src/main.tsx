// Starts the app: configuration, then the session with what a redirect brought, then the page.
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { ApiClient } from "./api/client";
import { openSession } from "./auth/session";
import { loadConfig } from "./config";
import { justSignedOut } from "./farewell";
import { App } from "./ui/App";
import { ConfigFaults } from "./ui/ConfigFaults";
import { SignedOut } from "./ui/SignedOut";
import "./styles.css";

async function page() {
  const fetcher = window.fetch.bind(window);
  let config;
  try {
    config = await loadConfig(fetcher, window.location.origin);
  } catch (error) {
    return <ConfigFaults error={error} />;
  }
  const { session, problem } = await openSession(config, fetcher);
  if (!session.account || problem) {
    const { environment } = config;
    return <SignedOut session={session} problem={problem} environment={environment} left={justSignedOut()} />;
  }
  const api = new ApiClient(config.apiBaseUrl, session, fetcher);
  return <App environment={config.environment} session={session} account={session.account} api={api} />;
}

// A page that the Back button brings back from Entra still waits for an answer that will not come.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) window.location.reload();
});

// Of `make dev` alone, which applies the manifest at each save; a build has no such socket.
import.meta.hot?.on("manifest:applied", () => window.dispatchEvent(new Event("manifest:applied")));

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");
const app = createRoot(root);
app.render(<StrictMode>{await page()}</StrictMode>);
