/** What a target system is told of two accounts with one CPF, and of how a session was begun. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { decodeJwt } from "jose";
import { ONE_FACTOR } from "@/core/config/mod.ts";
import { type Handoff, signProof } from "@/core/handoff/proof.ts";
import {
  approve,
  ask,
  caio,
  CNES,
  GOVBR,
  lia,
  makeComputer,
  must,
  PASSWORD,
  personOf,
  seedComputer,
  seedProof,
  selfRegister,
  signWith,
} from "@/tests/fixtures/mod.ts";
import { Client } from "../support/client.ts";
import { startVisit, type Visit } from "../support/visit.ts";

const SECOND = { ...lia, email: "segunda@ficticia.example" };

/** Lia with two accounts, of which gov.br has proved one; both are let into the establishment. */
async function twoAccounts() {
  const visit = await startVisit();
  const { deps } = visit;
  Object.assign(deps.config, { govbr: GOVBR });
  await seedProof(deps, lia);
  await selfRegister(deps, SECOND);
  must(await approve(deps, must(await ask(deps, SECOND)).id, caio));
  return visit;
}

/** Signs in with the password at a computer of its own, and asks for CadSUS Web. */
async function leave({ deps }: Visit, person: typeof lia) {
  const client = new Client(deps, (request) => fetch(request, { redirect: "manual" }));
  const entered = await client.post("/entrar", { login: person.email, senha: PASSWORD });
  assertEquals(entered.status, 303);
  const computer = await makeComputer();
  await seedComputer(deps, person, computer.thumbprint, caio);
  const signed = async (purpose: string) => {
    const asked = await client.postJson("/api/computador", { purpose });
    return { purpose, ...await signWith(computer, JSON.parse(asked.text)) };
  };
  assertEquals((await client.postJson("/api/computador/prova", await signed("login"))).status, 200);
  const to = { system: "cadsus-web", cnes: CNES, ...await signed("handoff") };
  const { status, text } = await client.postJson("/api/handoff", to);
  assertEquals(status, 200, text);
  const handoff: Handoff = JSON.parse(text);
  return { token: handoff.token, proof: await signProof(computer, handoff) };
}

/** What the target system shows to whom it has let in. */
async function welcome({ deps, cadsus }: Visit, form: Record<string, string>): Promise<string> {
  const response = await fetch(cadsus.system.address, {
    method: "POST",
    body: new URLSearchParams(form),
    headers: { origin: deps.config.origin },
    redirect: "manual",
  });
  await response.body?.cancel();
  const cookie = response.headers.get("set-cookie")!.split(";")[0]!;
  return await (await fetch(cadsus.origin, { headers: { cookie } })).text();
}

Deno.test("attack: two accounts of one CPF are two people to a target, and one of them has proved it", async () => {
  await using visit = await twoAccounts();
  const [mine, other] = [await personOf(visit.deps, lia), await personOf(visit.deps, SECOND)];
  const [first, second] = [await leave(visit, lia), await leave(visit, SECOND)];
  const said = [decodeJwt(first.token), decodeJwt(second.token)] as const;
  assertEquals(said.map(({ sub }) => sub), [mine.id, other.id]);
  assertEquals([said[0].cpf, said[0].cpf_proof], [lia.cpf, "govbr:silver"]);
  assertEquals("cpf_informed" in said[0], false);
  // A target that knows of no proofs finds no `cpf` where none is proved.
  assertEquals("cpf" in said[1] || "cpf_proof" in said[1], false);
  assertEquals([said[1].cpf_informed, said[1].cpf_informed_by], [lia.cpf, "declarado"]);
  // Both are let in, each as what they are.
  const pages = [await welcome(visit, first), await welcome(visit, second)] as const;
  assertStringIncludes(pages[0], `${lia.cpf}, por govbr:silver`);
  assertStringIncludes(pages[0], mine.id);
  assertStringIncludes(pages[1], `${lia.cpf}, por declarado`);
  assertStringIncludes(pages[1], other.id);
});

Deno.test("attack: a session by password says so, though gov.br has proved the account's CPF", async () => {
  await using visit = await twoAccounts();
  const form = await leave(visit, lia);
  const { amr, acr, cpf_proof: proof, ...said } = decodeJwt(form.token);
  assertEquals({ amr, acr, proof }, { amr: ["pwd"], acr: ONE_FACTOR, proof: "govbr:silver" });
  assertEquals("identified_by" in said, false);
  const page = await welcome(visit, form);
  assertStringIncludes(page, "<dd>pwd</dd>");
});
