// Variables of a managed identity (environment) and a scope in; the tokens that azure-identity for JavaScript got, as JSON, out.
import { createRequire } from "node:module";
import { argv, env, stdout } from "node:process";

const require = createRequire(new URL("../../tools/graph-client/package.json", import.meta.url));
const { DefaultAzureCredential, ManagedIdentityCredential } = require("@azure/identity");

const clientId = env.AZURE_CLIENT_ID;
const credentials = [
  new ManagedIdentityCredential(clientId ? { clientId } : {}),
  new DefaultAzureCredential(clientId ? { managedIdentityClientId: clientId } : {}),
];
const tokens = [];
for (const credential of credentials) tokens.push((await credential.getToken(argv[2])).token);
stdout.write(JSON.stringify(tokens));
