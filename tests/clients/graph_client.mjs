// A token and the emulator's origin in (environment); what Microsoft's Graph client for JavaScript found, as one JSON object, out.
import { createRequire } from "node:module";
import { env, stdout } from "node:process";

const require = createRequire(new URL("../../tools/graph-client/package.json", import.meta.url));
const { BatchRequestContent, BatchResponseContent, Client, GraphError, PageIterator } = require("@microsoft/microsoft-graph-client");

const client = Client.init({
  baseUrl: `${env.ORIGIN}/`,
  // The client sends its token to Microsoft's hosts, and to those it is told of.
  customHosts: new Set([new URL(env.ORIGIN).hostname]),
  authProvider: (done) => done(null, env.TOKEN),
});
const found = {};

/** One application after another, then a read that fails: of dependencies the client itself allows few shapes. */
async function batch() {
  const post = (displayName) => ({
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ displayName }),
  });
  // The client strips the host, and leaves the rest as the part's address.
  const at = (path, options) => new Request(`https://graph.microsoft.com${path}`, options);
  const content = new BatchRequestContent([
    { id: "1", request: at("/applications", post("js-one")) },
    { id: "2", request: at("/applications", post("js-two")), dependsOn: ["1"] },
    { id: "3", request: at("/applications/00000000-1111-2222-3333-444444444444", { method: "GET" }), dependsOn: ["2"] },
  ]);
  const answers = new BatchResponseContent(await client.api("/$batch").post(await content.getContent()));
  found.batch = {};
  for (const id of ["1", "2", "3"]) {
    const answer = answers.getResponseById(id);
    const body = await answer.json();
    found.batch[id] = [answer.status, body.displayName ?? body.error.code];
  }
}

/** All users, five at a time, by the links that each page brings. */
async function paging() {
  const names = [];
  const first = await client.api("/users").top(5).select("userPrincipalName").get();
  found.firstPage = first.value.length;
  await new PageIterator(client, first, (user) => names.push(user.userPrincipalName)).iterate();
  found.users = names.sort();
}

/** Counts: in a list, as a number of its own, and refused without the header. */
async function count() {
  const eventual = (path) => client.api(path).header("ConsistencyLevel", "eventual");
  const list = await eventual("/applications").count(true).filter("startswith(displayName,'js-')").top(1).get();
  found.countInList = [list["@odata.count"], list.value.length];
  const answer = await eventual("/applications/$count").responseType("raw").get();
  found.countAlone = Number(await answer.text());
  try {
    await client.api("/applications/$count").get();
  } catch (error) {
    found.countRefused = [error instanceof GraphError, error.statusCode, error.code, error.message];
  }
}

/** Search, order and expand, a change, and what is left of it. */
async function queries() {
  const ordered = await client
    .api("/applications")
    .header("ConsistencyLevel", "eventual")
    .search('"displayName:js-"')
    .orderby("displayName desc")
    .count(true)
    .select(["id", "displayName"])
    .get();
  found.ordered = ordered.value.map((app) => app.displayName);
  const [{ id }] = ordered.value;
  found.patched = (await client.api(`/applications/${id}`).patch({ notes: "by JavaScript" })) ?? null;
  found.notes = (await client.api(`/applications/${id}`).select("notes").expand("owners").get()).notes;
}

/** All pages of a delta, and its link for the next time. */
async function changes(link, seen) {
  let page = await client.api(link).get();
  while (page["@odata.nextLink"]) {
    page.value.forEach((item) => seen.push(item));
    page = await client.api(page["@odata.nextLink"]).get();
  }
  page.value.forEach((item) => seen.push(item));
  return page["@odata.deltaLink"];
}

/** What changed since: nothing, then a new name and a deletion. */
async function delta() {
  const all = [];
  let link = await changes("/applications/delta?$select=displayName", all);
  found.deltaBegins = all.filter((app) => app.displayName?.startsWith("js-")).length;
  const nothing = [];
  link = await changes(link, nothing);
  found.deltaOfNothing = nothing.length;
  const ours = await client.api("/applications").filter("startswith(displayName,'js-')").get();
  const apps = ours.value.sort((one, other) => one.displayName.localeCompare(other.displayName));
  await client.api(`/applications/${apps[0].id}`).patch({ displayName: "js-renamed" });
  await client.api(`/applications/${apps[1].id}`).delete();
  const some = [];
  await changes(link, some);
  found.delta = some.map((app) => (app["@removed"] ? ["removed", app["@removed"].reason] : [app.displayName])).sort();
  await client.api(`/applications/${apps[0].id}`).delete();
}

/** A call that is throttled once: the client waits and comes again by itself. */
async function retried() {
  found.retried = (await client.api("/domains").get()).value.length;
}

const stories = { batch, paging, count, queries, delta, retried };
for (const name of env.STORIES.split(" ")) await stories[name]();
stdout.write(JSON.stringify(found));
