import { assert, assertEquals } from "@std/assert";
import { USUAL_REASONS, type UsualReason } from "../core/access/requests/describe.ts";
import { type CallbackData, packCallback, parseCallback } from "./callback_data.ts";

const ID = "01JBSK0Z00ABCDEFGHJKMNPQRS";

const all: CallbackData[] = [
  { action: "approve", requestId: ID },
  { action: "reject", requestId: ID },
  { action: "write", requestId: ID },
  { action: "back", requestId: ID },
  { action: "details", requestId: ID },
  { action: "list", after: null, cnes: null },
  { action: "list", after: ID, cnes: null },
  { action: "list", after: null, cnes: "0000001" },
  { action: "list", after: ID, cnes: "0000001" },
  ...(Object.keys(USUAL_REASONS) as UsualReason[])
    .map((reason) => ({ action: "reason" as const, requestId: ID, reason })),
];

for (const data of all) {
  const packed = packCallback(data);
  Deno.test(`${packed} is read as it was packed and fits into a button`, () => {
    assertEquals(parseCallback(packed), data);
    assert(new TextEncoder().encode(packed).length <= 64);
  });
}

const bad = {
  "nothing": "",
  "no request": "a",
  "an empty request": "a:",
  "a request in lower case": `a:${ID.toLowerCase()}`,
  "a letter that no ULID has": `a:${ID.replace("A", "U")}`,
  "a request that is too short": `a:${ID.slice(1)}`,
  "a request that is too long": `a:${ID}0`,
  "an unknown action": `x:${ID}`,
  "an action in upper case": `A:${ID}`,
  "two letters": `ab:${ID}`,
  "something after it": `a:${ID}:dados`,
  "a line break after it": `a:${ID}\n`,
  "a blank before it": ` a:${ID}`,
  "a reason without a request": "n:dados",
  "a request without a reason": `n:${ID}`,
  "an unknown reason": `n:${ID}:outra`,
  "a reason that every object has": `n:${ID}:constructor`,
  "a list with something after it": `l:${ID}:dados`,
  "a list after nothing": "l:",
  "a list of no establishment": "l::",
  "a list of a short CNES number": "l::123456",
  "a list of a long CNES number": `l:${ID}:12345678`,
};

for (const [what, text] of Object.entries(bad)) {
  Deno.test(`${what} is no callback data`, () => assertEquals(parseCallback(text), null));
}
