"use strict";
// Hands Entra's answer to the documentation page, then goes.
new BroadcastChannel("swagger-sign-in").postMessage(location.search);
history.replaceState(null, "", location.pathname);
window.close();
