// Reports what a browser downloads: dist/assets in, a table out; fails above the budget.
import { readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const BUDGET_KB = 170;
const folder = new URL("../dist/assets/", import.meta.url);

const made = readdirSync(folder).filter((name) => !/\.(?:br|gz)$/.test(name)); // without the packed copies
const rows = made.map((name) => {
  const content = readFileSync(new URL(name, folder));
  return { name, raw: content.length, gzip: gzipSync(content).length };
});
const gzip = rows.reduce((sum, row) => sum + row.gzip, 0);
const raw = rows.reduce((sum, row) => sum + row.raw, 0);

for (const row of [...rows, { name: "total", raw, gzip }]) {
  console.log(
    `${(row.gzip / 1000).toFixed(1).padStart(7)} kB gzip ${(row.raw / 1000).toFixed(1).padStart(8)} kB  ${row.name}`,
  );
}
if (gzip > BUDGET_KB * 1000) {
  console.error(`The bundle is above its budget of ${BUDGET_KB} kB gzip.`);
  process.exitCode = 1;
}
