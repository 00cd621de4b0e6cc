import { keys } from "../../store/keys.ts";
import { assertEquals } from "@std/assert";
import {
  codeOf,
  deactivate,
  lia,
  mailsTo,
  MINUTE,
  must,
  PASSWORD,
  personOf,
  seedRegistries,
  seedRepresentative,
  seedUser,
} from "@/tests/fixtures/mod.ts";
import {
  claimLinkCode,
  confirmLinkInSession,
  createLinkCode,
  getTelegramLink,
  linkProof,
  RECENT_LOGIN,
  unlink,
} from "./link.ts";

const CHAT = { userId: 7001, chatId: 7001, name: "Lia C." };
const nothing = { password: "", address: "192.0.2.1" };
const withPassword = { ...nothing, password: PASSWORD };

/** Lia has just logged in and Telegram has sent her code, `after` ms later. */
async function claimed(after: number) {
  const deps = await seedRegistries();
  await seedRepresentative(deps);
  const session = await seedUser(deps, lia);
  const person = await personOf(deps, lia);
  deps.advance(after);
  must(await claimLinkCode(deps, await createLinkCode(deps, person), CHAT));
  return { deps, session, person };
}

Deno.test("a login of up to ten minutes ago is proof enough", async () => {
  const { deps, session, person } = await claimed(RECENT_LOGIN);
  using _ = deps;
  assertEquals(linkProof(deps, person, session), "recent");
  assertEquals(codeOf(await confirmLinkInSession(deps, person, session, nothing)), "ok");
});

Deno.test("an older one asks for the password: none, a wrong one, the right one", async () => {
  const { deps, session, person } = await claimed(RECENT_LOGIN + 1);
  using _ = deps;
  assertEquals(linkProof(deps, person, session), "password");
  for (const password of ["", "Errada#123"]) {
    const proof = { ...nothing, password };
    const refused = await confirmLinkInSession(deps, person, session, proof);
    assertEquals(codeOf(refused), "password_refused");
  }
  assertEquals(await getTelegramLink(deps, person.id), null);
  assertEquals(codeOf(await confirmLinkInSession(deps, person, session, withPassword)), "ok");
});

Deno.test("who has no password enters with gov.br again", async () => {
  const { deps, session, person } = await claimed(RECENT_LOGIN + 1);
  using _ = deps;
  const stored = { ...person, password: null };
  await deps.kv.set(keys.account(stored.id), stored);
  assertEquals(linkProof(deps, stored, session), "govbr_again");
  const refused = await confirmLinkInSession(deps, stored, session, withPassword);
  assertEquals(codeOf(refused), "govbr_again");
  assertEquals(await getTelegramLink(deps, person.id), null);
});

Deno.test("the right password of somebody who was deactivated is none", async () => {
  const { deps, session, person } = await claimed(RECENT_LOGIN + 1);
  using _ = deps;
  await deactivate(deps, lia);
  const refused = await confirmLinkInSession(deps, person, session, withPassword);
  assertEquals(codeOf(refused), "password_refused");
});

Deno.test("the code still ends after its ten minutes, whatever the proof", async () => {
  const { deps, session, person } = await claimed(0);
  using _ = deps;
  deps.advance(10 * MINUTE);
  const late = await confirmLinkInSession(deps, person, session, withPassword);
  assertEquals(codeOf(late), "link_code_invalid");
});

Deno.test("told by e-mail when it is linked, and when it is unlinked", async () => {
  const { deps, session, person } = await claimed(0);
  using _ = deps;
  must(await confirmLinkInSession(deps, person, session, nothing));
  await unlink(deps, person);
  const subjects = (await mailsTo(deps, lia.email)).map(({ subject }) => subject);
  assertEquals(subjects.filter((subject) => subject.startsWith("Telegram")), [
    "Telegram ligado à sua conta",
    "Telegram desligado da sua conta",
  ]);
});
