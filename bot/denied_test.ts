/** Who may not decide, however they come by a button: denied, on record, and told politely. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { getMembership } from "../core/access/membership.ts";
import { unlink } from "../core/account/telegram/link.ts";
import { keys } from "../core/store/keys.ts";
import type { Account } from "../core/store/records/account.ts";
import {
  CLINIC,
  HOSPITAL,
  inBothModes,
  JOAO,
  MARIA,
  RUI,
  STRANGER,
  type TestWorld,
} from "@/tests/fixtures/bot.ts";
import { auditRecords, seedMember } from "@/tests/fixtures/mod.ts";

const GROUP = -500;

interface Scene {
  world: TestWorld;
  maria: Account;
  /** Number of the message in Maria's chat that shows the request. */
  card: number;
}

interface Case {
  /** Who taps, and in which chat and on which message. */
  tap: (scene: Scene) => Promise<{ user: number; chat?: number; message: number }>;
  /** What the chat, or the answer to the tap, then says. */
  says: string;
  outcome: string;
  /** The log that tells of it. */
  stream?: string;
  /** Does the record name a person? */
  known: boolean;
}

const DENIED = "só um ADMINISTRADOR ativo deste CNES decide";
const UNLINKED = "não está ligado a um cadastro ativo";

const cases: Record<string, Case> = {
  "an administrator of another CNES, on a forwarded message": {
    tap: ({ world, card }) => {
      const { message_id } = world.telegram.forward(MARIA, card, RUI);
      return Promise.resolve({ user: RUI, message: message_id });
    },
    says: DENIED,
    outcome: "not_allowed",
    known: true,
  },
  "a removed administrator, on the message of before": {
    tap: async ({ world, maria, card }) => {
      await world.removeMember(HOSPITAL, maria);
      return { user: MARIA, message: card };
    },
    says: DENIED,
    outcome: "not_allowed",
    known: true,
  },
  "one who has another profile there now": {
    tap: async ({ world, maria, card }) => {
      await seedMember(world.deps, maria, "OPERADOR", HOSPITAL);
      return { user: MARIA, message: card };
    },
    says: DENIED,
    outcome: "not_allowed",
    known: true,
  },
  "a deactivated person": {
    tap: async ({ world, maria, card }) => {
      await world.deps.kv.set(keys.account(maria.id), { ...maria, active: false });
      return { user: MARIA, message: card };
    },
    says: DENIED,
    outcome: "not_allowed",
    known: true,
  },
  "a chat that was unlinked": {
    tap: async ({ world, maria, card }) => {
      await unlink(world.deps, maria);
      return { user: MARIA, message: card };
    },
    says: UNLINKED,
    outcome: "unlinked",
    stream: "portal",
    known: false,
  },
  "a stranger to whom the message was forwarded": {
    tap: ({ world, card }) => {
      const { message_id } = world.telegram.forward(MARIA, card, STRANGER);
      return Promise.resolve({ user: STRANGER, message: message_id });
    },
    says: UNLINKED,
    outcome: "unlinked",
    stream: "portal",
    known: false,
  },
  "the administrator herself, in a group": {
    tap: ({ world, card }) => {
      world.telegram.addGroup(GROUP, "Equipe", [MARIA, JOAO]);
      return Promise.resolve({ user: MARIA, chat: GROUP, message: card });
    },
    says: "Em grupos nada se decide",
    outcome: "not_private",
    stream: "portal",
    known: false,
  },
  "a colleague of the same CNES, in her chat": {
    tap: ({ card }) => Promise.resolve({ user: JOAO, chat: MARIA, message: card }),
    says: "Em grupos nada se decide",
    outcome: "not_private",
    stream: "portal",
    known: false,
  },
};

const BUTTONS = ["a", "q", "r", "w", "d", "b", "n"];

for (const [who, { tap, says, outcome, stream = HOSPITAL, known }] of Object.entries(cases)) {
  inBothModes(`denied: ${who}`, async (world) => {
    const { telegram } = world;
    const maria = await world.addAdministrator("Maria Prado", 101, HOSPITAL, MARIA);
    const joao = await world.addAdministrator("João Reis", 102, HOSPITAL, JOAO);
    const rui = await world.addAdministrator("Rui Mota", 103, CLINIC, RUI);
    for (const id of [MARIA, JOAO, RUI, STRANGER]) telegram.start(id);
    await world.settled();
    const ana = await world.addPerson("Ana Luz", 201);
    const { id } = await world.ask(ana, HOSPITAL);
    const card = await world.seen(MARIA, "Ana Luz");
    const { user, chat = user, message } = await tap({ world, maria, card: card.message_id });
    const taps = [];
    for (const letter of BUTTONS) {
      const data = letter === "n" ? `n:${id}:dados` : `${letter}:${id}`;
      taps.push(telegram.tap(user, message, data, { chat, unchecked: true }));
      await world.settled();
    }

    assertEquals((await world.request(id)).state, "pendente");
    assertEquals(await getMembership(world.deps, HOSPITAL, ana.id), null);
    assertEquals(world.mails.filter(({ to }) => to === ana.email), []);
    const heard = [
      ...telegram.messages(chat).filter(({ from }) => from.id !== user).map(({ text }) => text),
      ...taps.map(({ answer }) => answer?.text ?? ""),
    ].filter((text) => text.includes(says));
    assertEquals(heard.length, BUTTONS.length, "each tap is answered");
    assert(taps.every(({ answer }) => answer), "no button is left waiting");

    const records = (await auditRecords(world.deps, stream)).filter(({ event, subject }) =>
      event === "telegram.denied" && subject === id
    );
    assertEquals(records.length, BUTTONS.length);
    const people: Record<number, Account> = { [MARIA]: maria, [JOAO]: joao, [RUI]: rui };
    for (const { actor, detail } of records) {
      assertEquals(actor, known ? people[user]!.id : `telegram:${user}`);
      assertEquals([detail.outcome, detail.telegramUser], [outcome, user]);
    }
    // Nobody learns more from the refusal than that they may not.
    for (const text of heard) assert(!text.includes("Ana Luz"));
    if (outcome === "not_allowed") assertStringIncludes(heard[0]!, "Nada foi alterado");
  });
}
