import { UNLIMITED } from "@/tests/fixtures/people.ts";
import { assertEquals } from "@std/assert";
import { markTelegramBlocked } from "../../account/telegram/reach.ts";
import { claimLinkCode, confirmLink, createLinkCode } from "../../account/telegram/link.ts";
import { makeAdministrator } from "../change_membership.ts";
import {
  ALFA,
  caio,
  CNES,
  idOf,
  lia,
  mailsTo,
  messages,
  must,
  personOf,
  rosa,
  SECOND_CNES,
  seedRegistries,
  seedRepresentative,
  seedUser,
  zeca,
} from "@/tests/fixtures/mod.ts";
import { createRequest } from "./create.ts";
import { decideRequest } from "./decide.ts";

const CHAT = 7001;

/** Zeca waits at CNES, where nobody administers; Lia works for the operadora. */
async function waiting() {
  const deps = await seedRegistries();
  await seedRepresentative(deps);
  await seedUser(deps, lia);
  await seedUser(deps, zeca);
  const person = await personOf(deps, zeca);
  must(await createRequest(deps, person, { cnes: CNES, profile: "OPERADOR" }, UNLIMITED));
  return deps;
}

type World = Awaited<ReturnType<typeof waiting>>;

async function link(deps: World) {
  const person = await personOf(deps, lia);
  const chat = { userId: CHAT, chatId: CHAT, name: "Lia" };
  must(await claimLinkCode(deps, await createLinkCode(deps, person), chat));
  must(await confirmLink(deps, person, UNLIMITED));
}

async function appoint(deps: World, cnes = CNES) {
  const [actor, person] = [await personOf(deps, rosa), await personOf(deps, lia)];
  must(await makeAdministrator(deps, actor, ALFA, person, cnes));
}

async function told(deps: World) {
  const chat = (await messages(deps)).filter((one) =>
    one.channel === "chat" && one.chatId === CHAT && one.what === "requests_waiting"
  );
  const mails = (await mailsTo(deps, lia.email)).filter(({ subject }) =>
    subject === "Pedidos de acesso esperam a sua decisão"
  );
  return { chat: chat.length, mails: mails.length };
}

Deno.test("appointed while linked: what waited is told in the chat, without being asked for", async () => {
  const deps = await waiting();
  using _ = deps;
  await link(deps);
  await appoint(deps);
  assertEquals(await told(deps), { chat: 1, mails: 0 });
});

Deno.test("appointed without a chat, or with one that is blocked: by e-mail", async () => {
  for (const blocked of [false, true]) {
    const deps = await waiting();
    using _ = deps;
    if (blocked) {
      await link(deps);
      await markTelegramBlocked(deps, CHAT);
    }
    await appoint(deps);
    assertEquals(await told(deps), { chat: 0, mails: 1 });
  }
});

Deno.test("where nothing waits nothing is told", async () => {
  const deps = await waiting();
  using _ = deps;
  await link(deps);
  await appoint(deps, SECOND_CNES);
  assertEquals(await told(deps), { chat: 0, mails: 0 });
});

Deno.test("whose request to be ADMINISTRADOR is approved gets to know, too; who gets another profile does not", async () => {
  const deps = await waiting();
  using _ = deps;
  await link(deps);
  const person = await personOf(deps, lia);
  const asked = must(
    await createRequest(deps, person, { cnes: CNES, profile: "ADMINISTRADOR" }, UNLIMITED),
  );
  const decision = {
    requestId: asked.id,
    by: await idOf(deps, rosa),
    represents: ALFA,
    via: "portal",
    standing: UNLIMITED,
    outcome: "aprovada",
  } as const;
  must(await decideRequest(deps, decision));
  assertEquals(await told(deps), { chat: 1, mails: 0 });

  await seedUser(deps, caio);
  const other = await personOf(deps, caio);
  const profile = must(
    await createRequest(deps, other, { cnes: CNES, profile: "OPERADOR" }, UNLIMITED),
  );
  must(
    await decideRequest(deps, { ...decision, requestId: profile.id, by: await idOf(deps, lia) }),
  );
  assertEquals(
    (await mailsTo(deps, caio.email)).map(({ subject }) => subject).at(-1),
    "Seu pedido de acesso foi aprovado",
  );
});
