import { assertEquals } from "@std/assert";
import { markTelegramBlocked } from "../../account/telegram_reach.ts";
import { claimLinkCode, confirmLink, createLinkCode } from "../../account/telegram_link.ts";
import {
  ALFA,
  caio,
  CNES,
  enterRepresentative,
  enterUser,
  lia,
  mailsTo,
  messages,
  must,
  personOf,
  rosa,
  SECOND_CNES,
  world,
  zeca,
} from "../../testing_world.ts";
import { makeAdministrator } from "../membership.ts";
import { createRequest } from "./create.ts";
import { decideRequest } from "./decide.ts";

const CHAT = 7001;

/** Zeca waits at CNES, where nobody administers; Lia works for the operadora. */
async function waiting() {
  const portal = await world();
  await enterRepresentative(portal);
  await enterUser(portal, lia);
  await enterUser(portal, zeca);
  const person = await personOf(portal, zeca);
  must(await createRequest(portal, person, { cnes: CNES, profile: "OPERADOR" }));
  return portal;
}

type World = Awaited<ReturnType<typeof waiting>>;

async function link(portal: World) {
  const person = await personOf(portal, lia);
  const chat = { userId: CHAT, chatId: CHAT, name: "Lia" };
  must(await claimLinkCode(portal, await createLinkCode(portal, person), chat));
  must(await confirmLink(portal, person));
}

async function appoint(portal: World, cnes = CNES) {
  const [actor, person] = [await personOf(portal, rosa), await personOf(portal, lia)];
  must(await makeAdministrator(portal, actor, ALFA, person, cnes));
}

async function told(portal: World) {
  const chat = (await messages(portal)).filter((one) =>
    one.channel === "chat" && one.chatId === CHAT && one.what === "requests_waiting"
  );
  const mails = (await mailsTo(portal, lia.email)).filter(({ subject }) =>
    subject === "Pedidos de acesso esperam a sua decisão"
  );
  return { chat: chat.length, mails: mails.length };
}

Deno.test("appointed while linked: what waited is told in the chat, without being asked for", async () => {
  const portal = await waiting();
  using _ = portal;
  await link(portal);
  await appoint(portal);
  assertEquals(await told(portal), { chat: 1, mails: 0 });
});

Deno.test("appointed without a chat, or with one that is blocked: by e-mail", async () => {
  for (const blocked of [false, true]) {
    const portal = await waiting();
    using _ = portal;
    if (blocked) {
      await link(portal);
      await markTelegramBlocked(portal, CHAT);
    }
    await appoint(portal);
    assertEquals(await told(portal), { chat: 0, mails: 1 });
  }
});

Deno.test("where nothing waits nothing is told", async () => {
  const portal = await waiting();
  using _ = portal;
  await link(portal);
  await appoint(portal, SECOND_CNES);
  assertEquals(await told(portal), { chat: 0, mails: 0 });
});

Deno.test("whose request to be ADMINISTRADOR is approved gets to know, too; who gets another profile does not", async () => {
  const portal = await waiting();
  using _ = portal;
  await link(portal);
  const person = await personOf(portal, lia);
  const asked = must(await createRequest(portal, person, { cnes: CNES, profile: "ADMINISTRADOR" }));
  const decision = {
    requestId: asked.id,
    by: rosa.cpf,
    represents: ALFA,
    via: "portal",
    outcome: "aprovada",
  } as const;
  must(await decideRequest(portal, decision));
  assertEquals(await told(portal), { chat: 1, mails: 0 });

  await enterUser(portal, caio);
  const other = await personOf(portal, caio);
  const profile = must(await createRequest(portal, other, { cnes: CNES, profile: "OPERADOR" }));
  must(await decideRequest(portal, { ...decision, requestId: profile.id, by: lia.cpf }));
  assertEquals(
    (await mailsTo(portal, caio.email)).map(({ subject }) => subject).at(-1),
    "Seu pedido de acesso foi aprovado",
  );
});
