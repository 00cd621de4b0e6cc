import { assertEquals } from "@std/assert";
import { describeIdentification, identification } from "../../account/identification.ts";
import {
  addUser,
  ALFA,
  codeOf,
  idOf,
  lia,
  mailsTo,
  must,
  operadoraOf,
  personOf,
  rosa,
  seedRegistries,
  seedRepresentative,
  selfRegister,
} from "@/tests/fixtures/mod.ts";
import { takeOver } from "../../account/take_over.ts";
import { keys } from "../../store/keys.ts";
import { transact } from "../../store/transact.ts";
import { changeContactEmail, renewProvisionalPassword } from "./provisional_password.ts";
import { importUsers, previewImport } from "./import_users.ts";
import { isActiveUserOf } from "./user_of_operadora.ts";
import { listGrants } from "./grants.ts";

const STRANGER = "intruso@ficticia.example";

Deno.test("an operadora's systems do not go to a stranger who declared the CPF", async () => {
  using deps = await seedRegistries();
  await seedRepresentative(deps);
  await selfRegister(deps, lia, { email: STRANGER });
  const before = await personOf(deps, lia);
  assertEquals(codeOf(await addUser(deps, lia)), "user_declared");
  assertEquals(await personOf(deps, lia), before);
  assertEquals(await isActiveUserOf(deps, ALFA, await idOf(deps, lia)), false);
  assertEquals(await listGrants(deps, ALFA, await idOf(deps, lia)), []);
  const [actor, alfa] = await Promise.all([personOf(deps, rosa), operadoraOf(deps, ALFA)]);
  const text = `CPF;Nome;E-mail\n${lia.cpf};${lia.name};${lia.email}\n`;
  for (
    const lines of [
      must(await previewImport(deps, alfa, text)),
      must(await importUsers(deps, actor, alfa, text)),
    ]
  ) {
    const found = lines.map(({ outcome, problem }) => [outcome, problem?.code]);
    assertEquals(found, [["erro", "user_declared"]]);
  }
});

Deno.test("the address that the operadora knows is the one confirmed: the operadora answers for it", async () => {
  using deps = await seedRegistries();
  await seedRepresentative(deps);
  await selfRegister(deps, lia);
  const { person, known } = must(await addUser(deps, lia));
  assertEquals([known, identification(person).kind], [true, "operadora"]);
  const stored = await personOf(deps, lia);
  assertEquals(describeIdentification(stored), "cadastrada por uma operadora");
  assertEquals(await isActiveUserOf(deps, ALFA, await idOf(deps, lia)), true);
  assertEquals((await mailsTo(deps, lia.email)).at(-1)?.text.includes("Senha provisória"), false);
});

Deno.test("what gov.br has proven is nobody else's, whatever the address", async () => {
  using deps = await seedRegistries();
  await seedRepresentative(deps);
  await selfRegister(deps, lia, { email: STRANGER });
  const stored = await personOf(deps, lia);
  const proven = { ...stored, govbr: { level: "gold" as const, at: deps.now() } };
  await deps.kv.set(keys.account(await idOf(deps, lia)), proven);
  assertEquals(must(await addUser(deps, lia)).known, true);
});

Deno.test("who proved the CPF and has not finished yet is no operadora's to lead to an address", async () => {
  using deps = await seedRegistries();
  await seedRepresentative(deps);
  await selfRegister(deps, lia, { email: STRANGER });
  const holder = { name: lia.name, email: null, level: "gold" as const };
  const declared = await personOf(deps, lia);
  await transact(deps.kv, (tx) => takeOver(deps, tx, declared, holder));
  const taken = await personOf(deps, lia);
  must(await addUser(deps, lia));
  assertEquals(await personOf(deps, lia), taken);
  const [actor, alfa] = await Promise.all([personOf(deps, rosa), operadoraOf(deps, ALFA)]);
  for (const act of [changeContactEmail, renewProvisionalPassword]) {
    assertEquals(codeOf(await act(deps, actor, alfa, taken, lia.email)), "first_access_done");
  }
  assertEquals(await mailsTo(deps, lia.email), []);
  assertEquals(await isActiveUserOf(deps, ALFA, await idOf(deps, lia)), true);
});

Deno.test("such a person is told at the address that gov.br has verified, without a password", async () => {
  using deps = await seedRegistries();
  await seedRepresentative(deps);
  await selfRegister(deps, lia, { email: STRANGER });
  const holder = { name: lia.name, email: lia.email, level: "gold" as const };
  const declared = await personOf(deps, lia);
  await transact(deps.kv, (tx) => takeOver(deps, tx, declared, holder));
  must(await addUser(deps, lia));
  const [mail, ...others] = await mailsTo(deps, lia.email);
  assertEquals(others, []);
  assertEquals(mail?.subject.startsWith("Você agora tem acesso a"), true);
});
