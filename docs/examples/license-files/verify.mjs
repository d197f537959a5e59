// Verify a Forecourt license file, as docs/licenses.md says.
//
//     node verify.mjs LICENSE KEYS PRODUCT SEEN
//
// LICENSE is the file; KEYS a folder with the vendor's public keys, each as <kid>.pem; PRODUCT this
// product's slug; SEEN a file that keeps the latest time. Node.js 16 or later, no packages.

import { createPublicKey, verify } from "node:crypto";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const NAMES = (
  "expires fingerprint format grace issued kid license license_ends license_starts" +
  " organization organization_id plan product seats"
).split(" ");
const DAY = 24 * 60 * 60 * 1000;

class NotValid extends Error {}

function block(name) {
  const lines = "((?:[A-Za-z0-9+/]{64}\n)*[A-Za-z0-9+/=]{1,64}\n)";
  return `-----BEGIN FORECOURT ${name}-----\n${lines}-----END FORECOURT ${name}-----\n`;
}

function bytes(lines) {
  const text = lines.replaceAll("\n", "");
  const raw = Buffer.from(text, "base64");
  if (raw.toString("base64") !== text) throw new NotValid("this is not a license file");
  return raw;
}

// What the file says, if the vendor signed exactly that.
function signed(text, keys) {
  const found = text
    .replaceAll("\r\n", "\n")
    .match(new RegExp(`^${block("LICENSE")}${block("SIGNATURE")}$`));
  if (!found) throw new NotValid("this is not a license file");
  const [payload, signature] = [bytes(found[1]), bytes(found[2])];
  const said = JSON.parse(payload.toString("utf8"));
  const again = Buffer.from(JSON.stringify(said));
  if (
    Object.keys(said).join() !== NAMES.join() ||
    !again.equals(payload) ||
    said.format !== "forecourt-license/1"
  ) {
    throw new NotValid("unknown format");
  }
  if (!readdirSync(keys).includes(`${said.kid}.pem`)) {
    throw new NotValid("signed with a key that this product does not know");
  }
  const key = createPublicKey(readFileSync(join(keys, `${said.kid}.pem`)));
  if (key.asymmetricKeyType !== "ed25519") throw new NotValid("the key is of another kind");
  if (signature.length !== 64 || !verify(null, payload, key, signature)) {
    throw new NotValid("the signature is not right");
  }
  return said;
}

// A time as the file writes it, in milliseconds.
function when(text) {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text)) throw new NotValid("unknown format");
  return Date.parse(text);
}

function written(time) {
  return new Date(time).toISOString().replace(/\.\d+/, "");
}

// Now; if the clock was set back, the latest time that was seen.
function latest(seen, issued) {
  const kept = existsSync(seen) ? when(readFileSync(seen, "utf8").trim()) : 0;
  const now = Math.max(Date.now(), when(issued), kept);
  writeFileSync(seen, `${written(now)}\n`);
  return now;
}

function check(file, keys, product, seen) {
  const said = signed(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(readFileSync(file)), keys);
  if (said.product !== product) throw new NotValid("this license is for another product");
  if (!Number.isInteger(said.grace) || said.grace < 0 || said.grace > 90) {
    throw new NotValid("unknown format");
  }
  const now = latest(seen, said.issued);
  const end = Math.min(when(said.expires), when(said.license_ends ?? said.expires));
  const last = end + said.grace * DAY;
  if (now < when(said.license_starts)) throw new NotValid("the license has not started");
  if (!(now < last)) throw new NotValid("the license file has ended");
  return now < end ? `valid until ${written(end)}` : `in grace until ${written(last)}`;
}

try {
  console.log(check(...process.argv.slice(2, 6)));
} catch (problem) {
  // Whatever it is, there is no license.
  console.error(`not valid: ${problem.message}`);
  process.exitCode = 1;
}
