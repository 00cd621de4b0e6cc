import { assert, assertEquals, assertNotEquals } from "@std/assert";
import type { Portal } from "../portal.ts";
import { keys } from "../store/keys.ts";
import { transact } from "../store/transact.ts";
import {
  addUser,
  auditRecords,
  caio,
  codeFor,
  codeOf,
  deactivate,
  enterRepresentative,
  enterUser,
  lia,
  login,
  mailsTo,
  MINUTE,
  must,
  OTHER_PASSWORD,
  PASSWORD,
  personOf,
  rosa,
  visit,
  world,
  zeca,
} from "../testing_world.ts";
import { hashPassword } from "./password.ts";
import { finishRecovery, isRecovering, requestRecovery } from "./recovery.ts";
import { readSession, sessionToken } from "./session.ts";

type World = Awaited<ReturnType<typeof world>>;

async function peopled(): Promise<World> {
  const portal = await world();
  await enterRepresentative(portal);
  return portal;
}

/** A browser; the clock moves on, so that what is sent to it comes after what was sent before. */
function open(portal: World) {
  portal.advance(1);
  return visit(portal);
}

const ADDRESS = "192.0.2.7";
const ask = (
  portal: Portal,
  session: Awaited<ReturnType<typeof open>>,
  person = lia,
  address = ADDRESS,
) => requestRecovery(portal, session, { cpf: person.cpf, address });

const companies = () => Promise.resolve(["BETUNIA SAUDE LTDA"]);
const form = (code: string, password = OTHER_PASSWORD) => ({ code, password, repeated: password });

const tries = (portal: Portal, session: Awaited<ReturnType<typeof open>>, code: string) =>
  finishRecovery(portal, session, form(code), companies);

Deno.test("the code and a new password: the old one and every session are over, and it is told", async () => {
  using portal = await peopled();
  const session = await enterUser(portal, lia);
  const cookie = await sessionToken(portal, session);
  const browser = await open(portal);
  must(await ask(portal, browser));
  assert(await isRecovering(portal, browser));
  const code = await codeFor(portal, lia.email);
  must(await tries(portal, browser, code.toLowerCase()));
  assertEquals(codeOf(await login(portal, { cpf: lia.cpf, password: PASSWORD })), "login_refused");
  assertEquals(codeOf(await login(portal, { cpf: lia.cpf, password: OTHER_PASSWORD })), "ok");
  assertEquals(await readSession(portal, cookie), null);
  const told = (await mailsTo(portal, lia.email)).filter((one) => /trocada/.test(one.subject));
  assertEquals(told.length, 1);
  const [record] = (await auditRecords(portal)).filter((one) => one.event === "password.recovered");
  assertEquals(record?.subject, (await personOf(portal, lia)).id);
  assertEquals(await isRecovering(portal, browser), false);
});

Deno.test("a code serves once, for ten minutes, in the browser that asked", async () => {
  using portal = await peopled();
  await enterUser(portal, lia);
  const [browser, other] = [await open(portal), await open(portal)];
  must(await ask(portal, browser));
  const code = await codeFor(portal, lia.email);
  assertEquals(codeOf(await tries(portal, other, code)), "code_expired");
  must(await ask(portal, other, caio));
  assertEquals(codeOf(await tries(portal, other, code)), "code_wrong");
  must(await tries(portal, browser, code));
  assertEquals(codeOf(await tries(portal, browser, code)), "code_expired");

  must(await ask(portal, browser));
  const late = await codeFor(portal, lia.email);
  portal.advance(10 * MINUTE);
  assertEquals(codeOf(await tries(portal, browser, late)), "code_expired");
  assertEquals(await isRecovering(portal, browser), false);
});

Deno.test("who asks for the unknown, the unfinished and the deactivated gets the same answer and no mail", async () => {
  using portal = await peopled();
  must(await addUser(portal, caio));
  await enterUser(portal, zeca);
  await deactivate(portal, zeca);
  for (const person of [lia, caio, zeca]) {
    const before = (await mailsTo(portal, person.email)).length;
    const browser = await open(portal);
    assertEquals(await ask(portal, browser, person), { ok: true, data: null });
    assertEquals(await isRecovering(portal, browser), true);
    for (const left of [4, 3, 2, 1]) {
      const refused = await tries(portal, browser, "ABCDEFGH");
      assertEquals(refused, { ok: false, code: "code_wrong", detail: { restam: left } });
    }
    assertEquals(codeOf(await tries(portal, browser, "ABCDEFGH")), "code_exhausted");
    assertEquals((await mailsTo(portal, person.email)).length, before);
  }
});

Deno.test("the same work is done whether the CPF is known or not", async () => {
  using portal = await peopled();
  await enterUser(portal, lia);
  const known = await operations(portal, (watched, session) => ask(watched, session, lia));
  const unknown = await operations(portal, (watched, session) => ask(watched, session, caio));
  assertEquals(known, unknown);
  assert(known.includes("commit"));
});

/** The calls of the store, in their order. */
async function operations(
  portal: World,
  work: (watched: Portal, session: Awaited<ReturnType<typeof open>>) => Promise<unknown>,
): Promise<string[]> {
  const session = await open(portal);
  const calls: string[] = [];
  const watch = <T extends object>(target: T): T =>
    new Proxy(target, {
      get(target, name) {
        const value = Reflect.get(target, name, target);
        if (typeof value !== "function") return value;
        return (...args: unknown[]) => {
          // What goes into the one commit is not seen from outside.
          if (!["set", "delete", "check"].includes(String(name))) calls.push(String(name));
          const answer = value.apply(target, args);
          return answer === target || name === "atomic" ? watch(answer) : answer;
        };
      },
    });
  await work({ kv: watch(portal.kv), config: portal.config, now: portal.now }, session);
  return calls;
}

Deno.test("what is wrong with the new password is said, and the code still serves", async () => {
  using portal = await peopled();
  await enterUser(portal, lia);
  const browser = await open(portal);
  must(await ask(portal, browser));
  const code = await codeFor(portal, lia.email);
  const refused: [string, string, string][] = [
    ["passwords_differ", OTHER_PASSWORD, PASSWORD],
    ["password_too_short", "aB1#", "aB1#"],
    ["password_composition", "somente-letras", "somente-letras"],
    ["password_common", "Senha@123", "Senha@123"],
    ["password_personal", "Suposta#2931", "Suposta#2931"],
    ["password_personal", "Betunia#2931", "Betunia#2931"],
  ];
  for (const [expected, password, repeated] of refused) {
    const answer = await finishRecovery(portal, browser, { code, password, repeated }, companies);
    assertEquals(codeOf(answer), expected, password);
  }
  must(await tries(portal, browser, code));
});

Deno.test("a password about the person is not called so before the code was right", async () => {
  using portal = await peopled();
  await enterUser(portal, lia);
  const browser = await open(portal);
  must(await ask(portal, browser));
  const guess = form("ABCDEFGH", "Suposta#2931");
  assertEquals(codeOf(await finishRecovery(portal, browser, guess, companies)), "code_wrong");
});

Deno.test("counted per person and address, and per mailbox over all addresses", async () => {
  using portal = await peopled();
  await enterUser(portal, lia);
  const browser = await open(portal);
  const outcomes = async (address: string, person = lia) =>
    codeOf(await ask(portal, browser, person, address));
  for (let i = 0; i < 3; i++) assertEquals(await outcomes("192.0.2.1"), "ok");
  assertEquals(await outcomes("192.0.2.1"), "too_many_attempts");
  // Somebody else at the same address, and the person from elsewhere, are not held up.
  assertEquals(await outcomes("192.0.2.1", caio), "ok");
  for (const address of ["192.0.2.2", "192.0.2.2", "192.0.2.2", "192.0.2.3", "192.0.2.3"]) {
    assertEquals(await outcomes(address), "ok");
  }
  assertEquals(await outcomes("192.0.2.4"), "too_many_attempts");
  const codes = (await mailsTo(portal, lia.email)).filter((one) =>
    /trocar a senha/.test(one.subject)
  );
  assertEquals(codes.length, 8);
});

Deno.test("a code is worth nothing once password or address has changed, or the person is deactivated", async () => {
  using portal = await peopled();
  await enterUser(portal, lia);
  const changes = [
    { passwordHash: await hashPassword("Outra#Coisa9") },
    { email: "outro@ficticia.example" },
    { active: false },
  ];
  for (const change of changes) {
    const stored = await personOf(portal, lia);
    const browser = await open(portal);
    must(await ask(portal, browser));
    const code = await codeFor(portal, lia.email);
    await portal.kv.set(keys.person(lia.cpf), { ...stored, ...change });
    assertEquals(codeOf(await tries(portal, browser, code)), "code_expired");
    await portal.kv.set(keys.person(lia.cpf), stored);
  }
});

Deno.test("what is no CPF, and a session that ended, are refused", async () => {
  using portal = await peopled();
  const browser = await open(portal);
  const typed = { cpf: "123", address: ADDRESS };
  assertEquals(codeOf(await requestRecovery(portal, browser, typed)), "cpf_invalid");
  await transact(portal.kv, (tx) => tx.delete(keys.session(browser.id)));
  assertEquals(codeOf(await ask(portal, browser, rosa)), "session_ended");
  assertEquals(await isRecovering(portal, null), false);
});

Deno.test("of two forms with one code one changes the password", async () => {
  using portal = await peopled();
  await enterUser(portal, lia);
  const browser = await open(portal);
  must(await ask(portal, browser));
  const code = await codeFor(portal, lia.email);
  const answers = await Promise.all([
    finishRecovery(portal, browser, form(code), companies),
    finishRecovery(portal, browser, form(code, "Nova*Frase7"), companies),
  ]);
  assertEquals(answers.map(codeOf).sort(), ["code_expired", "ok"]);
  assertNotEquals((await personOf(portal, lia)).passwordHash, null);
});
