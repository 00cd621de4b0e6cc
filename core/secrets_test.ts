import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { isKeyedHash, keyedHash, keysFor, open, PURPOSES, seal } from "./secrets.ts";

const OLD = { secrets: [crypto.randomUUID()] };
const NEW = { secrets: [crypto.randomUUID(), ...OLD.secrets] };
const ONLY_NEW = { secrets: NEW.secrets.slice(0, 1) };
const BYTES = new TextEncoder().encode("o que ninguém deve ler");

Deno.test("each purpose has a key of its own, under each secret, and no key is the secret", () => {
  const all = [OLD, ONLY_NEW].flatMap((config) =>
    PURPOSES.map((purpose) => keysFor(config, purpose)[0]!.toHex())
  );
  assertEquals(new Set(all).size, 2 * PURPOSES.length);
  assert(all.every((key) => key.length === 64));
});

Deno.test("the first secret signs and encrypts, all verify and open", () => {
  const sealed = seal(OLD, "outbox", "a", BYTES);
  assertEquals(open(NEW, "outbox", "a", sealed), BYTES);
  assertEquals(open(ONLY_NEW, "outbox", "a", sealed), null);
  assertEquals(open(ONLY_NEW, "outbox", "a", seal(NEW, "outbox", "a", BYTES)), BYTES);
  const hash = keyedHash(OLD, "codes", "x");
  assert(isKeyedHash(NEW, hash, "codes", "x"));
  assert(!isKeyedHash(ONLY_NEW, hash, "codes", "x"));
  assert(isKeyedHash(ONLY_NEW, keyedHash(NEW, "codes", "x"), "codes", "x"));
});

Deno.test("what was sealed opens for nothing else, and not when it was changed", () => {
  const sealed = seal(OLD, "outbox", "a", BYTES);
  assertEquals(open(OLD, "outbox", "b", sealed), null);
  assertEquals(open(OLD, "handoff signing keys", "a", sealed), null);
  for (const part of ["iv", "data"] as const) {
    for (const at of [0, sealed[part].length - 1]) {
      const changed = { ...sealed, [part]: sealed[part].slice() };
      changed[part][at]! ^= 1;
      assertEquals(open(OLD, "outbox", "a", changed), null, `${part} ${at}`);
    }
  }
  assertEquals(open(OLD, "outbox", "a", { ...sealed, data: sealed.data.slice(0, 8) }), null);
  assertNotEquals(seal(OLD, "outbox", "a", BYTES), sealed, "each time with another nonce");
});

Deno.test("the border between the parts of a hash counts", () => {
  assertNotEquals(keyedHash(OLD, "codes", "a", "bc"), keyedHash(OLD, "codes", "ab", "c"));
  assertNotEquals(keyedHash(OLD, "codes", "a"), keyedHash(OLD, "throttle", "a"));
});
