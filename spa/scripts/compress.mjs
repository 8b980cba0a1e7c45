// Packs what the build made, once and as small as it gets: a .br and a .gz beside each file that is text and gains from it.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const folder = new URL("../dist/", import.meta.url);
for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
  if (!/\.(?:js|css|html|svg)$/.test(name)) continue;
  const file = new URL(name, folder);
  const text = readFileSync(file);
  const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
  const packed = { br: brotliCompressSync(text, { params }), gz: gzipSync(text, { level: 9 }) };
  for (const [ending, bytes] of Object.entries(packed)) {
    if (bytes.length < text.length) writeFileSync(`${file.pathname}.${ending}`, bytes);
  }
}
