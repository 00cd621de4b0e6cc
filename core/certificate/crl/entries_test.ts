import { enumerated, integer, octetString, oid, sequence, time } from "@/tests/support/pki/der.ts";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { DerError } from "../der.ts";
import { readEntries, UnsupportedEntry } from "./entries.ts";
import { revokedAt } from "./serials.ts";

const DATE = new Date("2026-10-05T12:00:00Z");
const noPause = () => Promise.resolve();
const reason = (code: number) =>
  sequence(sequence(oid("2.5.29.21"), octetString(enumerated(code))));
const entry = (serial: Uint8Array, ...rest: Uint8Array[]) =>
  sequence(integer(serial), time(DATE), ...rest);
const join = (...entries: Uint8Array[]) => new Uint8Array(entries.flatMap((one) => [...one]));
const read = (...entries: Uint8Array[]) => readEntries(join(...entries), noPause);

Deno.test("entries with and without extensions, with both kinds of dates", async () => {
  const late = new Date("2051-02-03T04:05:06Z");
  const list = await read(
    entry(new Uint8Array([1])),
    entry(new Uint8Array([0x80, 1]), reason(1)),
    sequence(integer(3), time(late), reason(3)),
  );
  assertEquals(list.count, 3);
  assertEquals(
    ["01", "8001", "03", "80"].map((serial) => revokedAt(list, serial)),
    [DATE.getTime(), DATE.getTime(), late.getTime(), null],
  );
});

Deno.test("a date that the record cannot hold still revokes", async () => {
  const list = await read(sequence(integer(1), time(new Date("2200-01-01T00:00:00Z"))));
  assert(revokedAt(list, "01") !== null);
});

Deno.test("negative serial numbers are nobody's", async () => {
  const negative = new Uint8Array([0x02, 0x01, 0xff]);
  const list = await read(sequence(negative, time(DATE)));
  assertEquals([list.count, revokedAt(list, "ff")], [0, null]);
});

Deno.test("entries that are not laid out as they must are refused", async () => {
  const good = entry(new Uint8Array([1, 2]));
  const octets = (...bytes: number[]) => new Uint8Array(bytes);
  const bad = [
    good.slice(0, -1),
    join(good, octets(0)),
    join(good, octets(0x30)),
    sequence(),
    sequence(integer(1)),
    sequence(time(DATE), integer(1)),
    sequence(integer(1), time(DATE), integer(1)),
    sequence(integer(1), time(DATE), reason(1), reason(1)),
    sequence(octets(0x02, 0x00), time(DATE)),
    sequence(octets(0x02, 0x02, 0x00, 0x01), time(DATE)),
    // The date reaches beyond its entry, into the next one.
    join(octets(0x30, 0x05, 0x02, 0x01, 0x01, 0x17, 0x0d), good),
    join(octets(0x31), good.subarray(1)),
  ];
  for (const entries of bad) await assertRejects(() => read(entries), DerError);
});

Deno.test("a date must be one of the calendar", async () => {
  const dated = (text: string) =>
    read(sequence(integer(1), new Uint8Array([0x17, 13, ...new TextEncoder().encode(text)])));
  for (const good of ["240229000000Z", "261231235959Z", "500101000000Z"]) await dated(good);
  for (
    const bad of [
      ...["230229000000Z", "260431000000Z", "261301000000Z", "260001000000Z", "260100000000Z"],
      ...["260101240000Z", "260101006000Z", "260101000060Z", "26010100000 Z", "2601010000000"],
    ]
  ) await assertRejects(() => dated(bad), DerError);
});

Deno.test("whatever the octets, the answer is a list or one of two errors", async () => {
  const whole = join(
    ...Array.from(
      { length: 40 },
      (_, i) => entry(new Uint8Array([1, i]), ...(i % 2 ? [reason(i % 7)] : [])),
    ),
  );
  // A small generator with a fixed seed: the same octets on every run.
  let state = 1;
  const next = (below: number) => (state = Math.imul(state, 48_271) >>> 1) % below;
  for (let round = 0; round < 3_000; round++) {
    const changed = whole.slice(0, next(8) === 0 ? next(whole.length) : whole.length);
    for (let i = 0; i <= next(3); i++) changed[next(changed.length)] = next(256);
    try {
      const { buckets, count } = await readEntries(changed, noPause);
      assert(count <= 41 && buckets.length <= 1);
    } catch (error) {
      assert(error instanceof DerError || error instanceof UnsupportedEntry, String(error));
    }
  }
});
