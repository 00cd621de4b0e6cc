import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Deps } from "../../deps.ts";
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

/** Lia is in, Caio was registered and has not come yet, Zeca is deactivated. */
async function peopled(): Promise<World> {
  const deps = await seedRegistries();
  await seedRepresentative(deps);
  await seedUser(deps, lia);
  must(await addUser(deps, caio));
  await seedUser(deps, zeca);
  await deactivate(deps, zeca);
  return deps;
}

const warnings = async (deps: Deps, address: string) =>
  (await mailsTo(deps, address)).filter(({ subject }) => subject.startsWith("Alguém tentou"));

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

Deno.test("a known CPF: its person is told how to enter, the typed address gets nothing", async (t) => {
  using deps = await peopled();
  const cases = [
    { person: lia, says: /\/recuperar-senha/ },
    { person: caio, says: /senha provisória/ },
    { person: zeca, says: /desativado/ },
  ];
  for (const { person, says } of cases) {
    await t.step(person.name, async () => {
      const form = declaredBy(person, { email: stranger });
      const browser = must(await declare(deps, await anonymous(deps), form));
      assertEquals(onboardingIn(browser, "self_registration")?.step, "codigo");
      assertEquals(await mailsTo(deps, stranger), []);
      const [told, ...more] = await warnings(deps, person.email);
      assertMatch(told!.text, says);
      assert(!told!.text.includes(person.cpf));
      assertEquals(more, []);
      for (const left of [4, 3, 2, 1]) {
        const refused = await confirmSelfRegistration(deps, browser, "ABCDEFGH");
        assertEquals(refused, { ok: false, code: "code_wrong", detail: { restam: left } });
      }
      assertEquals(
        codeOf(await confirmSelfRegistration(deps, browser, "ABCDEFGH")),
        "code_exhausted",
      );
    });
  }
});

Deno.test("a known e-mail: its owner is told, and no code goes there", async () => {
  using deps = await peopled();
  const browser = await anonymous(deps);
  const before = (await mailsTo(deps, lia.email)).length;
  must(await declare(deps, browser, declaredBy(nair, { email: lia.email.toUpperCase() })));
  const [told] = await warnings(deps, lia.email);
  assertMatch(told!.text, /cada e-mail pertence a uma pessoa/);
  for (const secret of [nair.cpf, nair.name]) assert(!told!.text.includes(secret));
  assertEquals((await mailsTo(deps, lia.email)).length, before + 1);
});

Deno.test("the same work is done whatever is known", async () => {
  using deps = await peopled();
  const free = await operations(deps, declaredBy(nair));
  const forms = [
    declaredBy(lia, { email: stranger }),
    declaredBy(lia),
    declaredBy(caio, { email: stranger }),
    declaredBy(zeca, { email: stranger }),
    declaredBy(nair, { email: lia.email }),
  ];
  for (const form of forms) assertEquals(await operations(deps, form), free);
  assertEquals(free.filter((call) => call === "commit").length, 6);
  assert(free.filter((call) => call === "set").length > 6);
});

Deno.test("the same work is done when a warning is one too many", async () => {
  using deps = await peopled();
  const fourth = async (person: typeof lia) => {
    let calls: string[] = [];
    for (let i = 0; i < 4; i++) {
      calls = await operations(deps, declaredBy(person, { email: `${i}${person.email}` }));
    }
    return calls;
  };
  assertEquals(await fourth(lia), await fourth(nair));
  assertEquals((await warnings(deps, lia.email)).length, 3);
});

/** The calls of the store in their order, with how many writes each commit makes. */
async function operations(
  deps: World,
  form: Parameters<typeof declare>[2],
): Promise<string[]> {
  const session = await anonymous(deps);
  const calls: string[] = [];
  const watch = <T extends object>(target: T): T =>
    new Proxy(target, {
      get(target, name) {
        const value = Reflect.get(target, name, target);
        if (typeof value !== "function") return value;
        return (...args: unknown[]) => {
          calls.push(String(name));
          const answer = value.apply(target, args);
          return answer === target || name === "atomic" ? watch(answer) : answer;
        };
      },
    });
  const watched = { kv: watch(deps.kv), config: deps.config, now: deps.now };
  must(await declare(watched, session, form));
  return calls;
}

Deno.test("counted per CPF and per e-mail at one address: strangers elsewhere lock nobody out", async () => {
  using deps = await peopled();
  const outcome = async (form: Parameters<typeof declare>[2], address: string) =>
    codeOf(await declare(deps, await anonymous(deps), form, address));
  const form = declaredBy(nair);
  for (let i = 0; i < 5; i++) assertEquals(await outcome(form, "192.0.2.1"), "ok");
  assertEquals(await outcome(form, "192.0.2.1"), "too_many_attempts");
  assertEquals(await outcome({ ...form, email: stranger }, "192.0.2.1"), "too_many_attempts");
  assertEquals(await outcome({ ...form, cpf: caio.cpf }, "192.0.2.1"), "too_many_attempts");
  assertEquals(await outcome(declaredBy(caio), "192.0.2.1"), "ok");
  assertEquals(await outcome(form, "192.0.2.2"), "ok");
  deps.advance(60 * MINUTE);
  assertEquals(await outcome(form, "192.0.2.1"), "ok");
});

Deno.test("nobody's mailbox is filled: three warnings a day, from wherever they come", async () => {
  using deps = await peopled();
  for (let i = 0; i < 8; i++) {
    const form = declaredBy(lia, { email: `outro${i}@ficticia.example` });
    must(await declare(deps, await anonymous(deps), form, `192.0.2.${i}`));
    const other = declaredBy(nair, { email: lia.email });
    must(await declare(deps, await anonymous(deps), other, `198.51.100.${i}`));
  }
  assertEquals((await warnings(deps, lia.email)).length, 6);
  deps.advance(23 * 60 * MINUTE + 1);
  must(await declare(deps, await anonymous(deps), declaredBy(lia, { email: stranger })));
  assertEquals((await warnings(deps, lia.email)).length, 6);
  deps.advance(60 * MINUTE);
  must(await declare(deps, await anonymous(deps), declaredBy(lia, { email: stranger })));
  assertEquals((await warnings(deps, lia.email)).length, 7);
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
