"use strict";
// Shows the OpenAPI document, and signs in through PKCE.
(async () => {
  const { clientId } = await (await fetch("docs/config.json")).json();
  const ui = SwaggerUIBundle({
    dom_id: "#swagger-ui",
    url: "openapi.json",
    deepLinking: true,
    // Swagger UI's own header would make the browser ask Entra beforehand whether it may be sent.
    requestInterceptor: (request) => {
      delete request.headers?.["X-Requested-With"];
      return request;
    },
    oauth2RedirectUrl: new URL("docs/oauth2-redirect.html", location.href).href,
  });
  if (clientId) {
    ui.initOAuth({ clientId, usePkceWithAuthorizationCodeGrant: true });
  }
  // Entra's sign-in page sends Cross-Origin-Opener-Policy, so the popup comes
  // back without its opener, through which Swagger UI's own page would answer.
  new BroadcastChannel("swagger-sign-in").onmessage = ({ data }) => {
    const pending = window.swaggerUIRedirectOauth2;
    const answer = new URLSearchParams(data);
    if (!pending || answer.get("state") !== pending.state) {
      return;
    }
    if (answer.get("code")) {
      delete pending.state;
      pending.auth.code = answer.get("code");
      pending.callback({ auth: pending.auth, redirectUrl: pending.redirectUrl });
    } else {
      pending.errCb({
        authId: pending.auth.name,
        source: "auth",
        level: "error",
        message: answer.get("error_description") || answer.get("error") || "no code was sent",
      });
    }
  };
})();
