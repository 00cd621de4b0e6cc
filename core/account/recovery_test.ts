import { assert, assertEquals, assertNotEquals } from "@std/assert";
import type { Deps } from "../deps.ts";
import { keys } from "../store/keys.ts";
import type { LoggedIn, Session } from "../store/records/session.ts";
import { transact } from "../store/transact.ts";
import { loadCaller } from "../access/caller.ts";
import {
  addUser,
  ALFA,
  anonymous,
  auditRecords,
  BETA,
  caio,
  certificate,
  codeFor,
  codeOf,
  deactivate,
  ivo,
  lia,
  login,
  mailsTo,
  MINUTE,
  must,
  OTHER_PASSWORD,
  PASSWORD,
  personOf,
  recordedVisit,
  rosa,
  seedRegistries,
  seedRepresentative,
  seedTie,
  seedUser,
  zeca,
} from "@/tests/fixtures/mod.ts";
import { hashPassword } from "./password.ts";
import { finishRecovery, isRecovering, requestRecovery } from "./recovery.ts";
import { changePassword } from "./change_password.ts";
import { readSession, sessionToken } from "./session.ts";
import { newPassword } from "./account.ts";

type World = Awaited<ReturnType<typeof seedRegistries>>;

async function peopled(): Promise<World> {
  const deps = await seedRegistries();
  await seedRepresentative(deps);
  return deps;
}

/** A browser; the clock moves on, so that what is sent to it comes after what was sent before. */
function open(deps: World) {
  deps.advance(1);
  return anonymous(deps);
}

const ADDRESS = "192.0.2.7";
const ask = (
  deps: Deps,
  session: Awaited<ReturnType<typeof open>>,
  person = lia,
  address: string | null = ADDRESS,
) => requestRecovery(deps, session, { handle: person.cpf, address });

const form = (code: string, password = OTHER_PASSWORD) => ({ code, password, repeated: password });

const tries = (deps: Deps, session: Awaited<ReturnType<typeof open>>, code: string) =>
  finishRecovery(deps, session, form(code));

Deno.test("the code and a new password: the old one and every session are over, and it is told", async () => {
  using deps = await peopled();
  const session = await seedUser(deps, lia);
  const cookie = await sessionToken(deps, session);
  const browser = await open(deps);
  must(await ask(deps, browser));
  assert(await isRecovering(deps, browser));
  const code = await codeFor(deps, lia.email);
  must(await tries(deps, browser, code.toLowerCase()));
  assertEquals(codeOf(await login(deps, { cpf: lia.cpf, password: PASSWORD })), "login_refused");
  assertEquals(codeOf(await login(deps, { cpf: lia.cpf, password: OTHER_PASSWORD })), "ok");
  assertEquals(await readSession(deps, cookie), null);
  const told = (await mailsTo(deps, lia.email)).filter((one) => /trocada/.test(one.subject));
  assertEquals(told.length, 1);
  const [record] = (await auditRecords(deps)).filter((one) => one.event === "password.recovered");
  assertEquals(record?.subject, (await personOf(deps, lia)).id);
  assertEquals(await isRecovering(deps, browser), false);
});

Deno.test("a code serves once, for ten minutes, in the browser that asked", async () => {
  using deps = await peopled();
  await seedUser(deps, lia);
  const [browser, other] = [await open(deps), await open(deps)];
  must(await ask(deps, browser));
  const code = await codeFor(deps, lia.email);
  assertEquals(codeOf(await tries(deps, other, code)), "code_expired");
  must(await ask(deps, other, caio));
  assertEquals(codeOf(await tries(deps, other, code)), "code_wrong");
  must(await tries(deps, browser, code));
  assertEquals(codeOf(await tries(deps, browser, code)), "code_expired");

  must(await ask(deps, browser));
  const late = await codeFor(deps, lia.email);
  deps.advance(10 * MINUTE);
  assertEquals(codeOf(await tries(deps, browser, late)), "code_expired");
  assertEquals(await isRecovering(deps, browser), false);
});

Deno.test("who asks for the unknown, the unfinished and the deactivated gets the same answer and no mail", async () => {
  using deps = await peopled();
  must(await addUser(deps, caio));
  await seedUser(deps, zeca);
  await deactivate(deps, zeca);
  for (const person of [lia, caio, zeca]) {
    const before = (await mailsTo(deps, person.email)).length;
    const browser = await open(deps);
    assertEquals(await ask(deps, browser, person), { ok: true, data: null });
    assertEquals(await isRecovering(deps, browser), true);
    for (const left of [4, 3, 2, 1]) {
      const refused = await tries(deps, browser, "ABCDEFGH");
      assertEquals(refused, { ok: false, code: "code_wrong", detail: { restam: left } });
    }
    assertEquals(codeOf(await tries(deps, browser, "ABCDEFGH")), "code_exhausted");
    assertEquals((await mailsTo(deps, person.email)).length, before);
  }
});

Deno.test("the same work is done whether the CPF is known or not", async () => {
  using deps = await peopled();
  await seedUser(deps, lia);
  const known = await operations(deps, (watched, session) => ask(watched, session, lia));
  const unknown = await operations(deps, (watched, session) => ask(watched, session, caio));
  assertEquals(known, unknown);
  assert(known.includes("commit"));
});

/** The calls of the store, in their order. */
async function operations(
  deps: World,
  work: (watched: Deps, session: Awaited<ReturnType<typeof open>>) => Promise<unknown>,
): Promise<string[]> {
  const session = await open(deps);
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
  await work({ kv: watch(deps.kv), config: deps.config, now: deps.now }, session);
  return calls;
}

Deno.test("what is wrong with the new password is said, and the code still serves", async () => {
  using deps = await peopled();
  await seedUser(deps, lia);
  await seedRepresentative(deps, ivo, certificate(deps, BETA));
  await seedTie(deps, lia, BETA);
  deps.advance(1);
  const browser = await open(deps);
  must(await ask(deps, browser));
  const code = await codeFor(deps, lia.email);
  const refused: [string, string, string][] = [
    ["passwords_differ", OTHER_PASSWORD, PASSWORD],
    ["password_too_short", "aB1#", "aB1#"],
    ["password_composition", "somente-letras", "somente-letras"],
    ["password_common", "Senha@123", "Senha@123"],
    ["password_personal", "Suposta#2931", "Suposta#2931"],
    ["password_personal", "Betunia#2931", "Betunia#2931"],
  ];
  for (const [expected, password, repeated] of refused) {
    const answer = await finishRecovery(deps, browser, { code, password, repeated });
    assertEquals(codeOf(answer), expected, password);
  }
  must(await tries(deps, browser, code));
});

Deno.test("a password about the person is not called so before the code was right", async () => {
  using deps = await peopled();
  await seedUser(deps, lia);
  const browser = await open(deps);
  must(await ask(deps, browser));
  const guess = form("ABCDEFGH", "Suposta#2931");
  assertEquals(codeOf(await finishRecovery(deps, browser, guess)), "code_wrong");
});

const recoveryMails = async (deps: Deps, to = lia.email) =>
  (await mailsTo(deps, to)).filter(({ subject }) => /trocar a senha/.test(subject)).length;

Deno.test("beyond five mails of a network, and eight of all, the answer is the same and no mail goes out", async () => {
  using deps = await peopled();
  await seedUser(deps, lia);
  const browser = await open(deps);
  const asked = async (address: string | null, times: number) => {
    for (let i = 0; i < times; i++) must(await ask(deps, browser, lia, address));
    return await recoveryMails(deps);
  };
  assertEquals(await asked("192.0.2.1", 10), 5);
  assertEquals(await asked("192.0.2.2", 5), 8);
  // Strangers have asked for all there is: the first request from elsewhere is mailed all the same.
  assertEquals(await asked("192.0.2.3", 1), 9);
  assertEquals(await asked("192.0.2.3", 1), 9);
  for (let i = 0; i < 40; i++) await asked(`198.51.100.${i}`, 1);
  assertEquals(await recoveryMails(deps), 8 + 30);
});

Deno.test("a stranger's requests keep nobody from a code, whose network is known or not", async () => {
  for (const from of ["192.0.2.8", null]) {
    using deps = await peopled();
    await seedUser(deps, lia);
    for (let i = 0; i < 3; i++) must(await ask(deps, await open(deps), lia, "192.0.2.66"));
    const browser = await open(deps);
    must(await ask(deps, browser, lia, from));
    must(await tries(deps, browser, await codeFor(deps, lia.email)));
  }
});

Deno.test("by e-mail as by CPF; an address that the person has left recovers nothing", async () => {
  using deps = await peopled();
  await seedUser(deps, lia);
  const byEmail = (handle: string, session: Awaited<ReturnType<typeof open>>) =>
    requestRecovery(deps, session, { handle, address: ADDRESS });
  const browser = await open(deps);
  must(await byEmail(` ${lia.email.toUpperCase()}`, browser));
  must(await tries(deps, browser, await codeFor(deps, lia.email)));
  const before = await recoveryMails(deps);
  const stored = await personOf(deps, lia);
  await deps.kv.set(keys.account(stored.id), { ...stored, email: "nova@ficticia.example" });
  must(await byEmail(lia.email, browser));
  assertEquals([await recoveryMails(deps), await recoveryMails(deps, "nova@ficticia.example")], [
    before,
    0,
  ]);
});

Deno.test("a recovered password opens what names the address, speaks for no proof, and so do its changes", async () => {
  using deps = await peopled();
  await seedUser(deps, lia);
  await seedRepresentative(deps, ivo, certificate(deps, BETA));
  // BETA knows her at another address.
  must(await addUser(deps, { ...lia, email: "rh@beta.example" }, { cnpj: BETA }));
  deps.advance(1);
  const browser = await open(deps);
  must(await ask(deps, browser));
  must(await tries(deps, browser, await codeFor(deps, lia.email)));
  const limited = { confirmedUnder: -1, mailboxes: [lia.email] };
  const { hash: _, ...recovered } = (await personOf(deps, lia)).password!;
  assertEquals(recovered, limited);
  const entry = must(await login(deps, { cpf: lia.email, password: OTHER_PASSWORD }));
  const session = entry.session as Session<LoggedIn>;
  const sees = async (session: Session<LoggedIn>, cnpj: string) => {
    const at = { ...session, state: { ...session.state, operadora: cnpj } };
    return (await loadCaller(deps, at))?.operadora?.cnpj;
  };
  assertEquals(await sees(session, ALFA), ALFA);
  assertEquals(await sees(session, BETA), undefined);
  const typed = { current: OTHER_PASSWORD, password: PASSWORD, repeated: PASSWORD, companies: [] };
  const changed = must(await changePassword(deps, session, ADDRESS, typed));
  assertEquals(await sees(changed, BETA), undefined);
  const { hash: __, ...later } = (await personOf(deps, lia)).password!;
  assertEquals(later, limited);
});

Deno.test("a code is worth nothing once password or address has changed, or the person is deactivated", async () => {
  using deps = await peopled();
  await seedUser(deps, lia);
  const changes = [
    { password: newPassword(await hashPassword(deps, lia.cpf, "Outra#Coisa9")) },
    { email: "outro@ficticia.example" },
    { active: false },
  ];
  for (const change of changes) {
    const stored = await personOf(deps, lia);
    const browser = await open(deps);
    must(await ask(deps, browser));
    const code = await codeFor(deps, lia.email);
    await deps.kv.set(keys.account(stored.id), { ...stored, ...change });
    assertEquals(codeOf(await tries(deps, browser, code)), "code_wrong");
    await deps.kv.set(keys.account(stored.id), stored);
  }
});

Deno.test("what is no CPF, and a session that ended, are refused", async () => {
  using deps = await peopled();
  const browser = await recordedVisit(deps);
  const typed = { handle: "123", address: ADDRESS };
  assertEquals(codeOf(await requestRecovery(deps, browser, typed)), "handle_invalid");
  await transact(deps.kv, (tx) => tx.delete(keys.session(browser.id)));
  assertEquals(codeOf(await ask(deps, browser, rosa)), "session_ended");
  assertEquals(await isRecovering(deps, null), false);
});

Deno.test("of two forms with one code one changes the password", async () => {
  using deps = await peopled();
  await seedUser(deps, lia);
  const browser = await open(deps);
  must(await ask(deps, browser));
  const code = await codeFor(deps, lia.email);
  const answers = await Promise.all([
    finishRecovery(deps, browser, form(code)),
    finishRecovery(deps, browser, form(code, "Nova*Frase7")),
  ]);
  assertEquals(answers.map(codeOf).sort(), ["code_expired", "ok"]);
  assertNotEquals((await personOf(deps, lia)).password, null);
});

Deno.test("by CPF every account that it leads to gets a code of its own, good for itself alone", async () => {
  using deps = await peopled();
  // BETA has named the CPF first, with a mailbox of its own; she has an account by ALFA.
  const named = { ...lia, email: "rh@beta.example" };
  await seedRepresentative(deps, ivo, certificate(deps, BETA));
  await seedTie(deps, named, BETA);
  await seedUser(deps, lia);
  const browser = await open(deps);
  must(await ask(deps, browser));
  const [theirs, hers] = [await codeFor(deps, named.email), await codeFor(deps, lia.email)];
  assertNotEquals(theirs, hers);
  const before = (await personOf(deps, named)).password;
  must(await tries(deps, browser, hers));
  assertEquals((await personOf(deps, lia)).password?.mailboxes, [lia.email]);
  assertEquals((await personOf(deps, named)).password, before);
  // One code a request.
  assertEquals(codeOf(await tries(deps, browser, theirs)), "code_expired");
});
