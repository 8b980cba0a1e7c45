// On stdin: { typescript: [source], postman: [{ collection, environment }] }. On stdout: what TypeScript's compiler reads of each
// source (null where it finds a mistake), and each request of each collection as Postman's own library fills it in.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const [spa, newman] = process.argv.slice(2).map((folder) => createRequire(`${folder}/package.json`));
const ts = spa("typescript");
const { Property } = newman("postman-collection");
const given = JSON.parse(readFileSync(0, "utf8"));

function constants(source) {
  const file = ts.createSourceFile("a.ts", source, ts.ScriptTarget.Latest, true);
  const made = ts.transpileModule(source, { reportDiagnostics: true });
  if (made.diagnostics.length > 0) return null;
  const found = [];
  const visit = (node) => {
    if (ts.isPropertyAssignment(node)) found.push(node.initializer.text);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function requests({ collection, environment }) {
  const variables = Object.fromEntries(environment.values.map(({ key, value }) => [key, value]));
  const filled = (text) => Property.replaceSubstitutions(text, [variables]);
  const person = collection.item.find((folder) => folder.auth?.type === "oauth2");
  const scope = person.auth.oauth2.find(({ key }) => key === "scope").value;
  return {
    scope: filled(scope),
    items: person.item.map((item) => ({
      name: item.name,
      url: filled(item.request.url),
      body: item.request.body === undefined ? null : JSON.parse(filled(item.request.body.raw)),
      needs: JSON.parse(item.event[0].script.exec[0].replace(/^const needs = (.*);$/, "$1")),
    })),
  };
}

process.stdout.write(JSON.stringify({ typescript: given.typescript.map(constants), postman: given.postman.map(requests) }));
