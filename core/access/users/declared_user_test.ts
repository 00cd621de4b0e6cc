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
import { takeOver } from "../../account/take_over.ts";
import { keys } from "../../store/keys.ts";
import { transact } from "../../store/transact.ts";
import { changeContactEmail } from "./contact_email.ts";
import { importUsers, previewImport } from "./import_users.ts";
import { renewProvisionalPassword } from "./renew_password.ts";
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
  await portal.kv.set(keys.person(lia.cpf), proven);
  assertEquals(must(await addUser(portal, lia)).known, true);
});

Deno.test("who proved the CPF and has not finished yet is no operadora's to lead to an address", async () => {
  using portal = await world();
  await enterRepresentative(portal);
  await selfRegister(portal, lia, { email: STRANGER });
  const holder = { name: lia.name, email: null, level: "gold" as const };
  const declared = await personOf(portal, lia);
  await transact(portal.kv, (tx) => takeOver(portal, tx, declared, holder));
  const taken = await personOf(portal, lia);
  must(await addUser(portal, lia));
  assertEquals(await personOf(portal, lia), taken);
  const [actor, alfa] = await Promise.all([personOf(portal, rosa), operadoraOf(portal, ALFA)]);
  for (const act of [changeContactEmail, renewProvisionalPassword]) {
    assertEquals(codeOf(await act(portal, actor, alfa, taken, lia.email)), "first_access_done");
  }
  assertEquals(await mailsTo(portal, lia.email), []);
  assertEquals(await isActiveUserOf(portal, ALFA, lia.cpf), true);
});

Deno.test("such a person is told at the address that gov.br has verified, without a password", async () => {
  using portal = await world();
  await enterRepresentative(portal);
  await selfRegister(portal, lia, { email: STRANGER });
  const holder = { name: lia.name, email: lia.email, level: "gold" as const };
  const declared = await personOf(portal, lia);
  await transact(portal.kv, (tx) => takeOver(portal, tx, declared, holder));
  must(await addUser(portal, lia));
  const [mail, ...others] = await mailsTo(portal, lia.email);
  assertEquals(others, []);
  assertEquals(mail?.subject.startsWith("Você agora tem acesso a"), true);
});
