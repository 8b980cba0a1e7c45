// The page Entra returns to: hands the response to the window that asked, or goes back to the page that did.
import { broadcastResponseToMainFrame } from "@azure/msal-browser/redirect-bridge";

broadcastResponseToMainFrame().catch(() => {
  // Opened by hand, or a bookmark: there is no response here, and nothing to tell.
  window.location.replace("/");
});
