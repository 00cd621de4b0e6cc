import { assertEquals } from "@std/assert";
import { describeIdentification, identification } from "../../account/identification.ts";
import { selfRegister } from "../../account/self_registration/world_testing.ts";
import {
  addUser,
  ALFA,
  codeOf,
  enterRepresentative,
  lia,
  mailsTo,
  must,
  operadoraOf,
  personOf,
  rosa,
  world,
} from "../../testing_world.ts";
import { importUsers, previewImport } from "./import_users.ts";
import { isActiveUserOf, listGrants } from "./user.ts";

const STRANGER = "intruso@ficticia.example";

Deno.test("an operadora's systems do not go to a stranger who declared the CPF", async () => {
  using portal = await world();
  await enterRepresentative(portal);
  await selfRegister(portal, lia, { email: STRANGER });
  const before = await personOf(portal, lia);
  assertEquals(codeOf(await addUser(portal, lia)), "user_declared");
  assertEquals(await personOf(portal, lia), before);
  assertEquals(await isActiveUserOf(portal, ALFA, lia.cpf), false);
  assertEquals(await listGrants(portal, ALFA, lia.cpf), []);
  const [actor, alfa] = await Promise.all([personOf(portal, rosa), operadoraOf(portal, ALFA)]);
  const text = `CPF;Nome;E-mail\n${lia.cpf};${lia.name};${lia.email}\n`;
  for (
    const lines of [
      must(await previewImport(portal, alfa, text)),
      must(await importUsers(portal, actor, alfa, text)),
    ]
  ) {
    const found = lines.map(({ outcome, problem }) => [outcome, problem?.code]);
    assertEquals(found, [["erro", "user_declared"]]);
  }
});

Deno.test("the address that the operadora knows is the one confirmed: the operadora answers for it", async () => {
  using portal = await world();
  await enterRepresentative(portal);
  await selfRegister(portal, lia);
  const { person, known } = must(await addUser(portal, lia));
  assertEquals([known, identification(person).kind], [true, "operadora"]);
  const stored = await personOf(portal, lia);
  assertEquals(describeIdentification(stored), "cadastrada por uma operadora");
  assertEquals(await isActiveUserOf(portal, ALFA, lia.cpf), true);
  assertEquals((await mailsTo(portal, lia.email)).at(-1)?.text.includes("Senha provisória"), false);
});

Deno.test("what gov.br has proven is nobody else's, whatever the address", async () => {
  using portal = await world();
  await enterRepresentative(portal);
  await selfRegister(portal, lia, { email: STRANGER });
  const stored = await personOf(portal, lia);
  const proven = { ...stored, govbr: { level: "gold" as const, at: portal.now() } };
  await portal.kv.set(["person", lia.cpf], proven);
  assertEquals(must(await addUser(portal, lia)).known, true);
});
