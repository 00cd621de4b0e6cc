import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import fc from "fast-check";
import type { BackupEntry } from "./entry.ts";
import { encodeHeader } from "./format.ts";
import { type BackupCode, BackupRefused } from "./messages.ts";
import { readBackup } from "./read.ts";
import { backupOf, entriesIn, KEY, NOW, someEntries, tempFolder } from "./testing.ts";

const bytes = fc.uint8Array({ maxLength: 40 });
const part = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.double({ noNaN: true }),
  fc.bigInt(),
  fc.boolean(),
  bytes,
);
/** What structured cloning takes, nested. */
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom(undefined, null, NaN, -0, Infinity, new Date(NaN)),
    fc.string({ unit: "binary" }),
    fc.double(),
    fc.bigInt(),
    fc.boolean(),
    fc.date({ noInvalidDate: true }),
    bytes,
    bytes.map((data) => data.buffer),
    fc.float32Array({ maxLength: 4 }),
    fc.constantFrom(/a+/gi, new RangeError("x").message),
    fc.array(tie("any"), { maxLength: 4 }),
    fc.dictionary(fc.string(), tie("any"), { maxKeys: 4 }),
    fc.array(fc.tuple(tie("any"), tie("any")), { maxLength: 3 }).map((all) => new Map(all)),
    fc.array(tie("any"), { maxLength: 3 }).map((all) => new Set(all)),
  ),
})).any;
const entries: fc.Arbitrary<BackupEntry[]> = fc.array(
  fc.record({
    key: fc.array(part, { minLength: 1, maxLength: 4 }),
    value: fc.oneof(
      value,
      fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((n) => new Deno.KvU64(n)),
    ),
    expiresAt: fc.option(fc.integer({ min: 1, max: NOW * 2 })),
  }),
  { maxLength: 12 },
);

Deno.test("every record comes back with its types, enciphered or not, and the store takes it", async () => {
  await using folder = await tempFolder();
  using kv = await Deno.openKv(":memory:");
  let run = 0;
  await fc.assert(
    fc.asyncProperty(entries, fc.constantFrom(null, KEY), async (all, key) => {
      const { file, records } = await backupOf(folder.path, all, { name: `${run++}`, key });
      const found = await entriesIn(file, key);
      assertEquals(found, all);
      assertEquals(records, all.length);
      for (const { key, value } of found) {
        await kv.set(key, value);
        // As large as it was: not a view of the whole file.
        assertEquals((await kv.get(key)).value, value);
        if (value instanceof Uint8Array) assertEquals(value.buffer.byteLength, value.length);
      }
      await Deno.remove(file);
    }),
    { numRuns: 60 },
  );
});

async function codeOf(work: Promise<unknown>): Promise<BackupCode | "read"> {
  return await work.then(() => "read" as const, (error) => {
    if (error instanceof BackupRefused) return error.code;
    throw error;
  });
}

for (const key of [null, KEY]) {
  const how = key ? "enciphered" : "plain";
  Deno.test(`a ${how} backup with any byte changed, cut anywhere or longer is refused`, async () => {
    await using folder = await tempFolder();
    const { file, bytes: size } = await backupOf(folder.path, someEntries(450), { key });
    const whole = await Deno.readFile(file);
    assertEquals(size, whole.length);
    const tried = join(folder.path, "tried");
    const tryBytes = async (bytes: Uint8Array) => {
      await Deno.writeFile(tried, bytes);
      return await codeOf(readBackup(tried, { key }));
    };
    assertEquals(await tryBytes(whole), "read");
    // Everywhere near the beginning and the end, and in many places between.
    const step = Math.ceil(size / 150);
    const places = new Set<number>();
    for (let i = 0; i < 180; i++) places.add(i).add(size - 1 - (i % 60)).add((i * step) % size);
    for (const at of places) {
      const changed = whole.slice();
      changed[at]! ^= 1 << (at % 8);
      const code = await tryBytes(changed);
      assert(["not_a_backup", "newer_format", "damaged", "cut"].includes(code), `${at}: ${code}`);
      const cut = await tryBytes(whole.subarray(0, at));
      assert(["not_a_backup", "damaged", "cut"].includes(cut), `${at}: ${cut}`);
    }
    assertEquals(await tryBytes(new Uint8Array([...whole, 0])), "damaged");
  });
}

/** Where the chunks of a file begin, its end included. */
function chunksOf(file: Uint8Array): number[] {
  let at = file.indexOf(10, file.indexOf(10) + 1) + 1;
  const found = [at];
  while (at < file.length) {
    at += 5 + new DataView(file.buffer).getUint32(at) + 32;
    found.push(at);
  }
  return found;
}

Deno.test("chunks that were moved, left out or taken from another backup are refused, even with new seals", async () => {
  await using folder = await tempFolder();
  const { sealOf } = await import("./format.ts");
  const read = async (name: string) => {
    const { file } = await backupOf(folder.path, someEntries(650), { name, key: KEY });
    const bytes = await Deno.readFile(file);
    const at = chunksOf(bytes);
    return {
      header: bytes.slice(0, at[0]),
      chunks: at.slice(1).map((end, i) => bytes.slice(at[i], end - 32)),
    };
  };
  const [one, other] = [await read("one"), await read("other")];
  /** As somebody would who has no key: every seal is right. */
  const forge = async (chunks: Uint8Array[]) => {
    const parts: Uint8Array<ArrayBuffer>[] = [one.header];
    let seal = sealOf(one.header);
    for (const chunk of chunks) {
      seal = sealOf(seal, chunk);
      parts.push(chunk as Uint8Array<ArrayBuffer>, seal);
    }
    const file = join(folder.path, "forged");
    await Deno.writeFile(file, await new Blob(parts).bytes());
    return await codeOf(readBackup(file, { key: KEY }));
  };
  const [a, b, c, d, end] = one.chunks as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ];
  assertEquals(await forge([a, b, c, d, end]), "read");
  assertEquals(await forge([a, c, b, d, end]), "damaged");
  assertEquals(await forge([a, b, d, end]), "damaged");
  assertEquals(await forge([a, b, c, end]), "damaged");
  assertEquals(await forge([a, b, c, d]), "cut");
  assertEquals(await forge([a, other.chunks[1]!, c, d, end]), "damaged");
  const shortened = a.slice();
  shortened[4] = 1;
  assertEquals(await forge([shortened]), "key_wrong");
});

Deno.test("another key, no key, another version and no backup at all are told apart", async () => {
  await using folder = await tempFolder();
  const { file } = await backupOf(folder.path, [], { key: KEY });
  assertEquals(await codeOf(readBackup(file, { key: `${KEY}x` })), "key_wrong");
  assertEquals(await codeOf(readBackup(file, { key: null })), "key_missing");
  const plain = await backupOf(folder.path, [], { name: "plain" });
  assertEquals(await codeOf(readBackup(plain.file, { key: KEY })), "read");
  const header = { format: 2, createdAt: "", pointInTime: true, compression: "zstd" } as const;
  await Deno.writeFile(file, encodeHeader({ ...header, encryption: null }));
  assertEquals(await codeOf(readBackup(file, { key: KEY })), "newer_format");
  for (const text of ["", "SQLite format 3\0", "HABILITA"]) {
    await Deno.writeTextFile(file, text);
    assertEquals(await codeOf(readBackup(file, { key: KEY })), "not_a_backup");
  }
});

Deno.test("nothing of a record can be read in an enciphered backup", async () => {
  await using folder = await tempFolder();
  const secret = "rosa@example.br";
  const entry = { key: ["person", "52998224725"], value: { email: secret }, expiresAt: null };
  const found = async (key: string | null) => {
    const { file } = await backupOf(folder.path, [entry], { name: `${key}`, key });
    return (await Deno.readTextFile(file)).includes(secret);
  };
  assertEquals([await found(null), await found(KEY)], [true, false]);
});

Deno.test("mode 0600; an existing file is not replaced, before or meanwhile; nothing is left of a failure", async () => {
  await using folder = await tempFolder();
  const { file } = await backupOf(folder.path, someEntries(3));
  assertEquals((await Deno.stat(file)).mode! & 0o777, 0o600);
  await assertRejects(() => backupOf(folder.path, []), BackupRefused, "já existe");
  const late = join(folder.path, "late");
  const { writeBackup } = await import("./write.ts");
  async function* slow() {
    yield* someEntries(1);
    await Deno.writeTextFile(late, "somebody's");
  }
  const target = { file: late, part: `${late}.part`, key: null };
  await assertRejects(
    () => writeBackup(target, { now: NOW, pointInTime: true }, slow()),
    BackupRefused,
    "já existe",
  );
  assertEquals(await Deno.readTextFile(late), "somebody's");
  assertEquals((await entriesIn(file)).length, 3);
});
