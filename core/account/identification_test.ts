import type { Account } from "../store/records/account.ts";
import { assert, assertEquals } from "@std/assert";
import {
  lia,
  personOf,
  rosa,
  seedRegistries,
  seedRepresentative,
  seedUser,
} from "@/tests/fixtures/mod.ts";
import { describeIdentification, identification, isIdentified } from "./identification.ts";
import { newAccountId } from "./account.ts";
import { newPassword, UNPROVEN } from "@/core/account/account.ts";

Deno.test("a representative is known by the certificate, a usuário by what the operadora named", async () => {
  using deps = await seedRegistries();
  await seedRepresentative(deps);
  assertEquals(describeIdentification(await personOf(deps, rosa)), "certificado da empresa");
  await seedUser(deps, lia);
  const person = await personOf(deps, lia);
  assertEquals(identification(person), { kind: "convite" });
  assertEquals(describeIdentification(person), "CPF informado por uma operadora");
});

Deno.test("what was declared is called so until gov.br says who it is", () => {
  const declared: Account = {
    id: newAccountId(0),
    cpf: lia.cpf,
    name: lia.name,
    email: lia.email,
    ...UNPROVEN,
    password: newPassword("x"),
    active: true,
    createdAt: 0,
    origin: "declarado",
  };
  assertEquals(describeIdentification(declared), "CPF e CNS declarados, não conferidos");
  assert(!isIdentified(declared));
  const proven: Account = { ...declared, govbr: { level: "silver", at: 1 } };
  assertEquals(identification(proven), { kind: "govbr", level: "silver" });
  assertEquals(describeIdentification(proven), "conta gov.br nível prata");
  assert(isIdentified(proven));
  assertEquals(
    describeIdentification({ ...proven, takenOverAt: 1 }),
    "conta gov.br nível prata; antes, o CPF era só declarado: confira os acessos já concedidos",
  );
});
