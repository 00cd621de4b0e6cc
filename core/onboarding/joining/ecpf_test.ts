import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { loadCaller } from "../../access/caller.ts";
import { bearsName } from "../../account/binding.ts";
import { speaksForProof } from "../../account/credentials.ts";
import { describeCpf } from "../../account/proof_texts.ts";
import { readSession, sessionToken } from "../../account/session.ts";
import { ONE_FACTOR, TWO_FACTORS } from "../../config/mod.ts";
import { cpfClaims } from "../../handoff/claims.ts";
import { keys } from "../../store/keys.ts";
import type { LoggedIn, Session } from "../../store/records/session.ts";
import {
  ALFA,
  caio,
  codeFor,
  codeOf,
  enterByGovbr,
  GOVBR,
  lia,
  login,
  mailsTo,
  MINUTE,
  must,
  OTHER_PASSWORD,
  PASSWORD,
  personOf,
  rosa,
  seedProof,
  seedRegistries,
  seedRepresentative,
  seedSecondAccount,
  seedSession,
  seedTelegramLink,
  selfRegister,
  soundLog,
  zeca,
} from "@/tests/fixtures/mod.ts";
import { proveWithCode, proveWithPassword, sendEcpfCode, shownEcpf } from "./ecpf.ts";
import { ADDRESS, current, declared, ecpfOf, present, prove, right } from "./ecpf_testing.ts";
import { JOINING_LIFE } from "./join.ts";

Deno.test("an e-CPF and the account's password prove the CPF; the password speaks for it", async () => {
  using world = await declared();
  const { deps, session } = world;
  const elsewhere = must(await login(deps, { cpf: lia.email, password: PASSWORD }));
  await seedTelegramLink(deps, await personOf(deps, lia), 7);
  const before = await personOf(deps, lia);
  const after = await prove(deps, session, ecpfOf(deps, lia));
  const person = await personOf(deps, lia);
  assertEquals(person.proof, {
    ...{ by: "ecpf", type: "A1", serial: "0a1b", sha256: "e".repeat(64), at: deps.now() },
  });
  assertEquals(person.proofNumber, before.proofNumber + 1);
  assertEquals((await deps.kv.get(keys.provenAccount(lia.cpf))).value, person.id);
  assert(
    speaksForProof(deps, person, after.state) && speaksForProof(deps, person, person.password!),
  );
  assertEquals([after.state.amr, after.state.acr], [["cert", "pwd"], TWO_FACTORS]);
  assertEquals(after.state.ecpf, undefined);
  assertEquals(describeCpf(deps, person, false), "CPF comprovado por certificado e-CPF");
  assertEquals(cpfClaims(deps, person, "-"), { cpf: lia.cpf, cpf_proof: "ecpf" });
  // What else there was does not speak for it, and other sessions are over.
  const link = (await deps.kv.get<LoggedIn>(keys.telegramLink(person.id))).value!;
  assertEquals(speaksForProof(deps, person, link), false);
  for (const ended of [session, elsewhere.session]) {
    assertEquals(await readSession(deps, await sessionToken(deps, ended)), null);
  }
  const told = (await mailsTo(deps, lia.email)).at(-1)!;
  assertEquals(told.subject, "O CPF da sua conta foi comprovado com e-CPF");
  assertStringIncludes(told.text, "continua valendo por inteiro");
  const events = (await soundLog(deps)).map(({ event }) => event);
  assertEquals(events.slice(-2), ["account.proved", "login.ecpf"]);
  // From here on the CPF leads to the account.
  const again = must(await login(deps, { cpf: lia.cpf, password: PASSWORD }));
  assert(again.next === "logged_in" && speaksForProof(deps, person, again.session.state));
});

Deno.test("with a code to the account's address the password does not speak for the proof", async () => {
  using world = await declared();
  const { deps, session } = world;
  must(await present(deps, session, ecpfOf(deps, lia, { type: "A3" })));
  must(await sendEcpfCode(deps, await current(deps, session), ADDRESS));
  const waiting = await current(deps, session);
  assertEquals(codeOf(await proveWithCode(deps, waiting, "AAAAAAAA")), "code_wrong");
  const after = must(await proveWithCode(deps, waiting, await codeFor(deps, lia.email)));
  const person = await personOf(deps, lia);
  assert(speaksForProof(deps, person, after.state));
  assertEquals(speaksForProof(deps, person, person.password!), false);
  assertEquals([after.state.amr, after.state.acr], [["cert"], ONE_FACTOR]);
  assertEquals(person.proof?.by === "ecpf" && person.proof.type, "A3");
  const told = (await mailsTo(deps, lia.email)).at(-1)!;
  assertStringIncludes(told.text, "só vale para o que depende do CPF comprovado depois que");
});

Deno.test("attack: somebody else's e-CPF proves nothing, and says what to do", async () => {
  using world = await declared();
  const { deps, session } = world;
  const refused = await present(deps, session, ecpfOf(deps, caio));
  assertEquals(codeOf(refused), "ecpf_other_cpf");
  assertEquals((await current(deps, session)).state.ecpf, undefined);
  const tried = await proveWithPassword(deps, await current(deps, session), right);
  assertEquals(codeOf(tried), "ecpf_missing");
  assertEquals((await personOf(deps, lia)).proof, null);
});

Deno.test("attack: an open session of the account, with the e-CPF, is not enough", async () => {
  using world = await declared();
  const { deps, session } = world;
  must(await present(deps, session, ecpfOf(deps, lia)));
  const open = await current(deps, session);
  for (const password of ["", OTHER_PASSWORD]) {
    const tried = await proveWithPassword(deps, open, { password, address: ADDRESS });
    assertEquals(codeOf(tried), "password_refused");
  }
  assertEquals(codeOf(await proveWithCode(deps, open, "AAAAAAAA")), "ecpf_missing");
  // The e-CPF was shown in that session, not in another one of the account.
  const other = await seedSession(deps, lia);
  assertEquals(codeOf(await proveWithPassword(deps, other, right)), "ecpf_missing");
  assertEquals(codeOf(await sendEcpfCode(deps, other, ADDRESS)), "ecpf_missing");
  assertEquals((await personOf(deps, lia)).proof, null);
});

Deno.test("attack: a recent entry by gov.br below the level is not the credential either", async () => {
  using world = await declared();
  const { deps, session } = world;
  const govbr = { level: "bronze", at: deps.now() } as const;
  const state: LoggedIn = { ...session.state, amr: ["govbr"], govbr };
  const person = await personOf(deps, lia);
  await deps.kv.set(keys.account(person.id), { ...person, password: null, govbr });
  await deps.kv.set(keys.session(session.id), { ...session, state });
  must(await present(deps, session, ecpfOf(deps, lia)));
  const tried = await proveWithPassword(deps, await current(deps, session), right);
  assertEquals(codeOf(tried), "password_refused");
});

Deno.test("the way is open for ten minutes, and no longer than the certificate is good", async () => {
  for (const [life, wait] of [[JOINING_LIFE * 9, JOINING_LIFE], [MINUTE, MINUTE + 1]] as const) {
    using world = await declared();
    const { deps, session } = world;
    must(await present(deps, session, ecpfOf(deps, lia, { life })));
    must(await sendEcpfCode(deps, await current(deps, session), ADDRESS));
    const open = await current(deps, session);
    const code = await codeFor(deps, lia.email);
    deps.advance(wait);
    assertEquals(shownEcpf(deps, open), null);
    assertEquals(codeOf(await proveWithPassword(deps, open, right)), "ecpf_missing");
    assertEquals(codeOf(await proveWithCode(deps, open, code)), "ecpf_missing");
  }
});

Deno.test("attack: an e-CPF displaces neither gov.br nor the e-CPF of another account", async () => {
  using world = await declared();
  const { deps, session } = world;
  const second = await seedSecondAccount(deps, lia, "segunda@ficticia.example");
  const ofSecond: Session<LoggedIn> = must(
    await login(deps, { cpf: second.email!, password: PASSWORD }),
  ).session as Session<LoggedIn>;
  const proved = await prove(deps, session, ecpfOf(deps, lia));
  const late = await present(deps, ofSecond, ecpfOf(deps, lia));
  assertEquals(codeOf(late), "ecpf_proved_elsewhere");
  const holder = await personOf(deps, lia);
  assertEquals((await deps.kv.get(keys.provenAccount(lia.cpf))).value, holder.id);
  assert(await readSession(deps, await sessionToken(deps, proved)));

  await enterByGovbr(deps, { ...lia, email: "por.govbr@ficticia.example" });
  assertEquals(codeOf(await present(deps, ofSecond, ecpfOf(deps, lia))), "ecpf_proved_by_govbr");
  // Also where the level that is set has been raised since: it is gov.br's all the same.
  const raised = {
    ...deps,
    config: { ...deps.config, govbr: { ...GOVBR, level: "gold" as const } },
  };
  assertEquals(codeOf(await present(raised, ofSecond, ecpfOf(deps, lia))), "ecpf_proved_by_govbr");
});

Deno.test("an account that gov.br has proved needs no e-CPF; one by e-CPF takes a newer one", async () => {
  using world = await declared();
  const { deps, session } = world;
  const first = await prove(deps, session, ecpfOf(deps, lia));
  await prove(deps, first, ecpfOf(deps, lia, { type: "A3" }));
  const { proof } = await personOf(deps, lia);
  assertEquals(proof?.by === "ecpf" && proof.type, "A3");
  await selfRegister(deps, zeca);
  await seedProof(deps, zeca);
  const refused = await present(deps, await seedSession(deps, zeca), ecpfOf(deps, zeca));
  assertEquals(codeOf(refused), "ecpf_not_needed");
});

Deno.test("the new session opens what the old one opened: a recovered password stays limited", async () => {
  using world = await declared();
  const { deps, session } = world;
  const mailboxes = ["rh@ficticia.example"];
  const person = await personOf(deps, lia);
  const password = { ...person.password!, mailboxes };
  await deps.kv.set(keys.account(person.id), { ...person, password });
  await deps.kv.set(keys.session(session.id), {
    ...session,
    state: { ...session.state, mailboxes },
  });
  const after = await prove(deps, session, ecpfOf(deps, lia));
  assertEquals(after.state.mailboxes, mailboxes);
  assertEquals((await personOf(deps, lia)).password?.mailboxes, mailboxes);
});

Deno.test("a representative goes on as one, whatever way the account spells the name", async () => {
  using deps = await seedRegistries();
  const session = await seedRepresentative(deps);
  const person = await personOf(deps, rosa);
  await deps.kv.set(keys.account(person.id), { ...person, name: "Rosa M. de Imaginária" });
  const after = await prove(deps, session, ecpfOf(deps, rosa));
  assertEquals([after.state.operadora, after.state.certificate?.cnpj], [ALFA, ALFA]);
  const caller = await loadCaller(deps, after);
  assert(caller?.isRepresentative && bearsName(caller.person, rosa.name));
});

Deno.test("tries are counted before a certificate is looked at", async () => {
  using world = await declared();
  const { deps, session } = world;
  for (let i = 0; i < 10; i++) await present(deps, session, ecpfOf(deps, caio));
  assertEquals(codeOf(await present(deps, session, ecpfOf(deps, lia))), "too_many_attempts");
  deps.advance(15 * MINUTE);
  const later = await current(deps, session);
  assertEquals(codeOf(await present(deps, later, ecpfOf(deps, lia))), "ok");
  for (let i = 0; i < 5; i++) must(await sendEcpfCode(deps, await current(deps, session), ADDRESS));
  const sixth = await sendEcpfCode(deps, await current(deps, session), ADDRESS);
  assertEquals(codeOf(sixth), "too_many_attempts");
});
