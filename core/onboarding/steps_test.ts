import { assert, assertEquals, assertRejects } from "@std/assert";
import { keys } from "../store/keys.ts";
import type { Onboarding } from "../store/records/session.ts";
import { codeOf, MINUTE, representativeAt, rosa, seedRegistries } from "@/tests/fixtures/mod.ts";
import { advance, atStep, pageOf, STEPS } from "./steps.ts";

const root = new URL("../../", import.meta.url);

Deno.test("each step has a page of its own, that is there, and is reached from the first one", async () => {
  const pages: string[] = [];
  for (const steps of Object.values(STEPS)) {
    const [first, ...others] = Object.keys(steps);
    const next = Object.values(steps).flatMap((step): readonly string[] => step.next);
    assert(first && others.every((name) => next.includes(name)));
    pages.push(...Object.values(steps).map(({ page }) => page));
  }
  assertEquals(new Set(pages).size, pages.length);
  for (const page of pages) {
    const files = [`routes${page}.tsx`, `routes${page}/index.tsx`];
    const there = await Promise.all(
      files.map((file) => Deno.stat(new URL(file, root)).then(() => true, () => false)),
    );
    assert(there.includes(true), page);
  }
});

Deno.test("a person who came with gov.br has another page for the e-mail, which asks no password", () => {
  const firstAccess: Onboarding = {
    flow: "first_access",
    role: "usuario",
    step: "cadastro",
    name: rosa.name,
    cpf: rosa.cpf,
    termsVersion: null,
    draft: null,
  };
  assertEquals(pageOf(firstAccess), "/primeiro-acesso/cadastro");
  const govbr = { email: null, level: "gold", replaces: null } as const;
  assertEquals(pageOf({ ...firstAccess, govbr }), "/govbr/email");
  assertEquals(pageOf({ ...firstAccess, govbr, step: "termos" }), "/primeiro-acesso/termos");
});

Deno.test("a step that does not follow in the table is a fault, and nothing is written", async () => {
  using deps = await seedRegistries();
  const session = await representativeAt(deps, "usuario");
  await assertRejects(
    () => advance(deps, session, "first_access", "usuario", () => ({ step: "confirmar" })),
    Error,
    "confirmar does not follow usuario",
  );
  const stored = (await deps.kv.get<typeof session>(keys.session(session.id))).value;
  assertEquals(stored?.state.onboarding?.step, "usuario");
});

Deno.test("what is refused says whether an onboarding is missing, elsewhere or over", async () => {
  using deps = await seedRegistries();
  const session = await representativeAt(deps, "termos");
  assertEquals(codeOf(atStep(deps, session, "first_access", "termos")), "ok");
  assertEquals(codeOf(atStep(deps, session, "first_access", "cadastro")), "step_out_of_order");
  assertEquals(
    codeOf(atStep(deps, session, "certificate_registration", "cnpj")),
    "step_out_of_order",
  );
  for (const one of [session, null]) {
    const refused = atStep(deps, one, "self_registration", "termos");
    assertEquals(codeOf(refused), "self_registration_missing");
  }
  assertEquals(codeOf(atStep(deps, null, "first_access", "termos")), "session_ended");
  deps.advance(366 * 24 * 60 * MINUTE);
  const late = atStep(deps, session, "first_access", "termos");
  assertEquals(codeOf(late), "certificate_expired_meanwhile");
});
