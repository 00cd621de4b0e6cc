import { assert, assertEquals, assertMatch } from "@std/assert";
import { keys } from "../../store/keys.ts";
import {
  addUser,
  anonymous,
  auditRecords,
  caio,
  codeFor,
  codeOf,
  deactivate,
  declare,
  declaredBy,
  lia,
  mailsTo,
  messages,
  MINUTE,
  must,
  nair,
  onboardingIn,
  recordedVisit,
  seedRegistries,
  seedRepresentative,
  seedUser,
  zeca,
} from "@/tests/fixtures/mod.ts";
import { transact } from "../../store/transact.ts";
import { parseReturnPath, resendSelfRegistrationCode } from "./begin.ts";
import { confirmSelfRegistration } from "./finish.ts";

type World = Awaited<ReturnType<typeof seedRegistries>>;

const stranger = "estranho@ficticia.example";

/** Lia is in, Caio was invited and has not come yet, Zeca is deactivated. */
async function peopled(): Promise<World> {
  const deps = await seedRegistries();
  await seedRepresentative(deps);
  await seedUser(deps, lia);
  must(await addUser(deps, caio));
  await seedUser(deps, zeca);
  await deactivate(deps, zeca);
  return deps;
}

Deno.test("a code goes to the typed address of somebody new", async () => {
  using deps = await peopled();
  const browser = await anonymous(deps);
  must(await declare(deps, browser, declaredBy(nair)));
  assertMatch(await codeFor(deps, nair.email), /^\S{8}$/);
});

Deno.test("what is wrong with what was typed is said before anything is done", async () => {
  using deps = await peopled();
  const browser = await anonymous(deps);
  const before = (await messages(deps)).length;
  const wrong: [string, Parameters<typeof declaredBy>[1]][] = [
    ["cpf_invalid", { cpf: "111.111.111-11" }],
    ["cns_invalid", { cns: "29900000001000" }],
    ["cns_invalid", { cns: "299000000010001" }],
    ["cns_invalid", { cns: "" }],
    ["name_invalid", { name: "Nair" }],
    ["email_invalid", { email: "nair@" }],
  ];
  for (const [code, change] of wrong) {
    assertEquals(codeOf(await declare(deps, browser, declaredBy(nair, change))), code);
  }
  assertEquals((await messages(deps)).length, before);
});

Deno.test("whatever is known, the code goes to the typed address and nobody else is told", async (t) => {
  using deps = await peopled();
  for (const person of [lia, caio, zeca]) {
    await t.step(person.name, async () => {
      const email = `${person.cpf}@ficticia.example`;
      const before = (await messages(deps)).length;
      const browser = must(
        await declare(deps, await anonymous(deps), declaredBy(person, { email })),
      );
      assertEquals((await messages(deps)).length, before + 1);
      must(await confirmSelfRegistration(deps, browser, await codeFor(deps, email)));
    });
  }
});

Deno.test("a known e-mail: only who reads the code learns that there is an account", async () => {
  using deps = await peopled();
  deps.advance(1);
  const typed = declaredBy(nair, { email: lia.email.toUpperCase() });
  const browser = must(await declare(deps, await anonymous(deps), typed));
  assertEquals(onboardingIn(browser, "self_registration")?.step, "codigo");
  assertEquals(codeOf(await confirmSelfRegistration(deps, browser, "ABCDEFGH")), "code_wrong");
  const known = await confirmSelfRegistration(deps, browser, await codeFor(deps, lia.email));
  assertEquals(codeOf(known), "self_registration_has_account");
});

Deno.test("200 codes asked for to one mailbox in an hour: five are mailed, and all are answered alike", async () => {
  using deps = await peopled();
  const mails = async () => (await mailsTo(deps, stranger)).length;
  for (let i = 0; i < 30; i++) {
    must(await declare(deps, await anonymous(deps), declaredBy(nair, { email: stranger })));
  }
  assertEquals(await mails(), 5);
  for (let i = 0; i < 170; i++) {
    const network = `198.51.100.${i % 10}`;
    const form = declaredBy(nair, { email: stranger });
    must(await declare(deps, await anonymous(deps), form, network));
  }
  // Of ten more networks the first request.
  assertEquals(await mails(), 8 + 7);
});

Deno.test("a network's requests are counted; strangers elsewhere hold nobody up", async () => {
  using deps = await peopled();
  const outcome = async (address: string | null) =>
    codeOf(await declare(deps, await anonymous(deps), declaredBy(nair), address));
  for (let i = 0; i < 30; i++) assertEquals(await outcome("192.0.2.1"), "ok");
  assertEquals(await outcome("192.0.2.1"), "too_many_attempts");
  assertEquals(await outcome("192.0.2.2"), "ok");
  for (let i = 0; i < 40; i++) assertEquals(await outcome(null), "ok");
  deps.advance(15 * MINUTE);
  assertEquals(await outcome("192.0.2.1"), "ok");
});

Deno.test("another code ends the one before, and is for the same data", async () => {
  using deps = await peopled();
  const browser = must(await declare(deps, await anonymous(deps), declaredBy(nair)));
  const first = await codeFor(deps, nair.email);
  deps.advance(10 * MINUTE);
  assertEquals(codeOf(await confirmSelfRegistration(deps, browser, first)), "code_expired");
  must(await resendSelfRegistrationCode(deps, browser, "192.0.2.9"));
  assertEquals(codeOf(await confirmSelfRegistration(deps, browser, first)), "code_wrong");
  const code = await codeFor(deps, nair.email);
  const confirmed = must(await confirmSelfRegistration(deps, browser, code));
  const resent = await resendSelfRegistrationCode(deps, confirmed, "192.0.2.9");
  assertEquals(codeOf(resent), "step_out_of_order");
});

Deno.test("a session that ended, or is none, begins nothing", async () => {
  using deps = await peopled();
  const browser = await recordedVisit(deps);
  await transact(deps.kv, (tx) => tx.delete(keys.session(browser.id)));
  assertEquals(codeOf(await declare(deps, browser, declaredBy(nair))), "session_ended");
  const resent = await resendSelfRegistrationCode(deps, null, "192.0.2.9");
  assertEquals(codeOf(resent), "self_registration_missing");
});

Deno.test("the audit log tells of it without the CPF or the addresses", async () => {
  using deps = await peopled();
  must(await declare(deps, await anonymous(deps), declaredBy(nair)));
  must(await declare(deps, await anonymous(deps), declaredBy(lia, { email: stranger })));
  const asked = (await auditRecords(deps)).filter(({ event }) =>
    event === "self_registration.asked"
  );
  assertEquals(asked.length, 2);
  const text = JSON.stringify(asked);
  for (const secret of [nair.cpf, nair.email, lia.cpf, lia.email, stranger]) {
    assert(!text.includes(secret), secret);
  }
});

Deno.test("only pages of the portal that send people here are led back to", () => {
  for (const path of ["/solicitar", "/solicitar/9900011", "/caminho"]) {
    assertEquals(parseReturnPath(path), path);
  }
  const wrong = [
    null,
    "",
    "/",
    "//mal.example",
    "/\\mal.example",
    "https://mal.example/solicitar",
    "/solicitar/99",
    "/solicitar?x=1",
    "/caminho\n",
    "/sair",
  ];
  for (const path of wrong) assertEquals(parseReturnPath(path), "/solicitar", String(path));
});
