import { keys } from "../store/keys.ts";
import { assertEquals } from "@std/assert";
import {
  codeOf,
  deactivate,
  enterRepresentative,
  enterUser,
  lia,
  mailsTo,
  MINUTE,
  must,
  PASSWORD,
  personOf,
  world,
} from "../testing_world.ts";
import { confirmLinkInSession, linkProof, RECENT_LOGIN } from "./telegram_confirm.ts";
import { claimLinkCode, createLinkCode, getTelegramLink, unlink } from "./telegram_link.ts";

const CHAT = { userId: 7001, chatId: 7001, name: "Lia C." };
const nothing = { password: "", address: "192.0.2.1" };
const withPassword = { ...nothing, password: PASSWORD };

/** Lia has just logged in and Telegram has sent her code, `after` ms later. */
async function claimed(after: number) {
  const portal = await world();
  await enterRepresentative(portal);
  const session = await enterUser(portal, lia);
  const person = await personOf(portal, lia);
  portal.advance(after);
  must(await claimLinkCode(portal, await createLinkCode(portal, person), CHAT));
  return { portal, session, person };
}

Deno.test("a login of up to ten minutes ago is proof enough", async () => {
  const { portal, session, person } = await claimed(RECENT_LOGIN);
  using _ = portal;
  assertEquals(linkProof(portal, person, session), "recent");
  assertEquals(codeOf(await confirmLinkInSession(portal, person, session, nothing)), "ok");
});

Deno.test("an older one asks for the password: none, a wrong one, the right one", async () => {
  const { portal, session, person } = await claimed(RECENT_LOGIN + 1);
  using _ = portal;
  assertEquals(linkProof(portal, person, session), "password");
  for (const password of ["", "Errada#123"]) {
    const proof = { ...nothing, password };
    const refused = await confirmLinkInSession(portal, person, session, proof);
    assertEquals(codeOf(refused), "password_refused");
  }
  assertEquals(await getTelegramLink(portal, lia.cpf), null);
  assertEquals(codeOf(await confirmLinkInSession(portal, person, session, withPassword)), "ok");
});

Deno.test("who has no password enters with gov.br again", async () => {
  const { portal, session, person } = await claimed(RECENT_LOGIN + 1);
  using _ = portal;
  const stored = { ...person, passwordHash: null };
  await portal.kv.set(keys.person(lia.cpf), stored);
  assertEquals(linkProof(portal, stored, session), "govbr_again");
  const refused = await confirmLinkInSession(portal, stored, session, withPassword);
  assertEquals(codeOf(refused), "govbr_again");
  assertEquals(await getTelegramLink(portal, lia.cpf), null);
});

Deno.test("the right password of somebody who was deactivated is none", async () => {
  const { portal, session, person } = await claimed(RECENT_LOGIN + 1);
  using _ = portal;
  await deactivate(portal, lia);
  const refused = await confirmLinkInSession(portal, person, session, withPassword);
  assertEquals(codeOf(refused), "password_refused");
});

Deno.test("the code still ends after its ten minutes, whatever the proof", async () => {
  const { portal, session, person } = await claimed(0);
  using _ = portal;
  portal.advance(10 * MINUTE);
  const late = await confirmLinkInSession(portal, person, session, withPassword);
  assertEquals(codeOf(late), "link_code_invalid");
});

Deno.test("told by e-mail when it is linked, and when it is unlinked", async () => {
  const { portal, session, person } = await claimed(0);
  using _ = portal;
  must(await confirmLinkInSession(portal, person, session, nothing));
  await unlink(portal, person);
  const subjects = (await mailsTo(portal, lia.email)).map(({ subject }) => subject);
  assertEquals(subjects.filter((subject) => subject.startsWith("Telegram")), [
    "Telegram ligado à sua conta",
    "Telegram desligado da sua conta",
  ]);
});
