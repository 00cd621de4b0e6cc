import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Portal } from "../../portal.ts";
import { keys } from "../../store/keys.ts";
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
  mailsTo,
  messages,
  MINUTE,
  must,
  nair,
  visit,
  world,
  zeca,
} from "../../testing_world.ts";
import { transact } from "../../store/transact.ts";
import { resendSelfRegistrationCode } from "./begin.ts";
import { confirmSelfRegistration } from "./finish.ts";
import { parseReturnPath } from "./return_path.ts";
import { begin, declaredBy } from "./world_testing.ts";

type World = Awaited<ReturnType<typeof world>>;

const stranger = "estranho@ficticia.example";

/** Lia is in, Caio was registered and has not come yet, Zeca is deactivated. */
async function peopled(): Promise<World> {
  const portal = await world();
  await enterRepresentative(portal);
  await enterUser(portal, lia);
  must(await addUser(portal, caio));
  await enterUser(portal, zeca);
  await deactivate(portal, zeca);
  return portal;
}

const warnings = async (portal: Portal, address: string) =>
  (await mailsTo(portal, address)).filter(({ subject }) => subject.startsWith("Alguém tentou"));

Deno.test("a code goes to the typed address of somebody new", async () => {
  using portal = await peopled();
  const browser = await visit(portal);
  must(await begin(portal, browser, declaredBy(nair)));
  assertMatch(await codeFor(portal, nair.email), /^\S{8}$/);
});

Deno.test("what is wrong with what was typed is said before anything is done", async () => {
  using portal = await peopled();
  const browser = await visit(portal);
  const before = (await messages(portal)).length;
  const wrong: [string, Parameters<typeof declaredBy>[1]][] = [
    ["cpf_invalid", { cpf: "111.111.111-11" }],
    ["cns_invalid", { cns: "29900000001000" }],
    ["cns_invalid", { cns: "299000000010001" }],
    ["cns_invalid", { cns: "" }],
    ["name_invalid", { name: "Nair" }],
    ["email_invalid", { email: "nair@" }],
  ];
  for (const [code, change] of wrong) {
    assertEquals(codeOf(await begin(portal, browser, declaredBy(nair, change))), code);
  }
  assertEquals((await messages(portal)).length, before);
});

Deno.test("a known CPF: its person is told how to enter, the typed address gets nothing", async (t) => {
  using portal = await peopled();
  const cases = [
    { person: lia, says: /\/recuperar-senha/ },
    { person: caio, says: /senha provisória/ },
    { person: zeca, says: /desativado/ },
  ];
  for (const { person, says } of cases) {
    await t.step(person.name, async () => {
      const browser = await visit(portal);
      const form = declaredBy(person, { email: stranger });
      assertEquals(await begin(portal, browser, form), { ok: true, data: null });
      assertEquals(await mailsTo(portal, stranger), []);
      const [told, ...more] = await warnings(portal, person.email);
      assertMatch(told!.text, says);
      assert(!told!.text.includes(person.cpf));
      assertEquals(more, []);
      for (const left of [4, 3, 2, 1]) {
        const refused = await confirmSelfRegistration(portal, browser, "ABCDEFGH");
        assertEquals(refused, { ok: false, code: "code_wrong", detail: { restam: left } });
      }
      assertEquals(
        codeOf(await confirmSelfRegistration(portal, browser, "ABCDEFGH")),
        "code_exhausted",
      );
    });
  }
});

Deno.test("a known e-mail: its owner is told, and no code goes there", async () => {
  using portal = await peopled();
  const browser = await visit(portal);
  const before = (await mailsTo(portal, lia.email)).length;
  must(await begin(portal, browser, declaredBy(nair, { email: lia.email.toUpperCase() })));
  const [told] = await warnings(portal, lia.email);
  assertMatch(told!.text, /cada e-mail pertence a uma pessoa/);
  for (const secret of [nair.cpf, nair.name]) assert(!told!.text.includes(secret));
  assertEquals((await mailsTo(portal, lia.email)).length, before + 1);
});

Deno.test("the same work is done whatever is known", async () => {
  using portal = await peopled();
  const free = await operations(portal, declaredBy(nair));
  const forms = [
    declaredBy(lia, { email: stranger }),
    declaredBy(lia),
    declaredBy(caio, { email: stranger }),
    declaredBy(zeca, { email: stranger }),
    declaredBy(nair, { email: lia.email }),
  ];
  for (const form of forms) assertEquals(await operations(portal, form), free);
  assertEquals(free.filter((call) => call === "commit").length, 6);
  assert(free.filter((call) => call === "set").length > 6);
});

Deno.test("the same work is done when a warning is one too many", async () => {
  using portal = await peopled();
  const fourth = async (person: typeof lia) => {
    let calls: string[] = [];
    for (let i = 0; i < 4; i++) {
      calls = await operations(portal, declaredBy(person, { email: `${i}${person.email}` }));
    }
    return calls;
  };
  assertEquals(await fourth(lia), await fourth(nair));
  assertEquals((await warnings(portal, lia.email)).length, 3);
});

/** The calls of the store in their order, with how many writes each commit makes. */
async function operations(
  portal: World,
  form: Parameters<typeof begin>[2],
): Promise<string[]> {
  const session = await visit(portal);
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
  const watched = { kv: watch(portal.kv), config: portal.config, now: portal.now };
  must(await begin(watched, session, form));
  return calls;
}

Deno.test("counted per CPF and per e-mail at one address: strangers elsewhere lock nobody out", async () => {
  using portal = await peopled();
  const outcome = async (form: Parameters<typeof begin>[2], address: string) =>
    codeOf(await begin(portal, await visit(portal), form, address));
  const form = declaredBy(nair);
  for (let i = 0; i < 5; i++) assertEquals(await outcome(form, "192.0.2.1"), "ok");
  assertEquals(await outcome(form, "192.0.2.1"), "too_many_attempts");
  assertEquals(await outcome({ ...form, email: stranger }, "192.0.2.1"), "too_many_attempts");
  assertEquals(await outcome({ ...form, cpf: caio.cpf }, "192.0.2.1"), "too_many_attempts");
  assertEquals(await outcome(declaredBy(caio), "192.0.2.1"), "ok");
  assertEquals(await outcome(form, "192.0.2.2"), "ok");
  portal.advance(60 * MINUTE);
  assertEquals(await outcome(form, "192.0.2.1"), "ok");
});

Deno.test("nobody's mailbox is filled: three warnings a day, from wherever they come", async () => {
  using portal = await peopled();
  for (let i = 0; i < 8; i++) {
    const form = declaredBy(lia, { email: `outro${i}@ficticia.example` });
    must(await begin(portal, await visit(portal), form, `192.0.2.${i}`));
    const other = declaredBy(nair, { email: lia.email });
    must(await begin(portal, await visit(portal), other, `198.51.100.${i}`));
  }
  assertEquals((await warnings(portal, lia.email)).length, 6);
  portal.advance(24 * 60 * MINUTE);
  must(await begin(portal, await visit(portal), declaredBy(lia, { email: stranger })));
  assertEquals((await warnings(portal, lia.email)).length, 7);
});

Deno.test("another code ends the one before, and is for the same data", async () => {
  using portal = await peopled();
  const browser = await visit(portal);
  must(await begin(portal, browser, declaredBy(nair)));
  const first = await codeFor(portal, nair.email);
  portal.advance(10 * MINUTE);
  assertEquals(codeOf(await confirmSelfRegistration(portal, browser, first)), "code_expired");
  must(await resendSelfRegistrationCode(portal, browser, "192.0.2.9"));
  assertEquals(codeOf(await confirmSelfRegistration(portal, browser, first)), "code_wrong");
  must(await confirmSelfRegistration(portal, browser, await codeFor(portal, nair.email)));
  const resent = await resendSelfRegistrationCode(portal, browser, "192.0.2.9");
  assertEquals(codeOf(resent), "step_out_of_order");
});

Deno.test("a session that ended, or is none, begins nothing", async () => {
  using portal = await peopled();
  const browser = await visit(portal);
  await transact(portal.kv, (tx) => tx.delete(keys.session(browser.id)));
  assertEquals(codeOf(await begin(portal, browser, declaredBy(nair))), "session_ended");
  const resent = await resendSelfRegistrationCode(portal, null, "192.0.2.9");
  assertEquals(codeOf(resent), "self_registration_missing");
});

Deno.test("the audit log tells of it without the CPF or the addresses", async () => {
  using portal = await peopled();
  must(await begin(portal, await visit(portal), declaredBy(nair)));
  must(await begin(portal, await visit(portal), declaredBy(lia, { email: stranger })));
  const asked = (await auditRecords(portal)).filter(({ event }) =>
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
