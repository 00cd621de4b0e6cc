import { UNLIMITED } from "@/tests/fixtures/people.ts";
import { assertEquals } from "@std/assert";
import { newAccountId } from "../account/account.ts";
import { keys } from "../store/keys.ts";
import type { ComputerRecord } from "../store/records/access.ts";
import type { Account } from "../store/records/account.ts";
import {
  ALFA,
  caio,
  CNES,
  deactivate,
  GOVBR,
  idOf,
  lia,
  must,
  personOf,
  REACHED,
  SECOND_CNES,
  seedEstablishment,
  seedMember,
  seedRegistries,
  seedRepresentative,
  seedUser,
  type TestPerson,
  zeca,
} from "@/tests/fixtures/mod.ts";
import { transact } from "../store/transact.ts";
import { createRequest, directorAt } from "./requests/create.ts";
import { endMembership } from "./change_membership.ts";
import { setMembership } from "./membership.ts";
import {
  currentStep,
  getEstablishmentAccess,
  isKnownEstablishment,
  listEstablishmentAccess,
  progressOf,
} from "./establishment_access.ts";
import { putTie } from "./users/user_of_operadora.ts";
import { UNPROVEN } from "@/core/account/account.ts";

async function peopled() {
  const deps = await seedRegistries();
  await seedRepresentative(deps);
  await seedUser(deps, lia);
  await seedMember(deps, caio);
  const at = async (who: TestPerson, cnes = CNES, computer: string | null = null) =>
    await getEstablishmentAccess(deps, { account: await idOf(deps, who), computer }, cnes);
  return { deps, at };
}

Deno.test("a person's places are those they asked for, and nobody else's", async () => {
  const { deps, at } = await peopled();
  using _ = deps;
  const places = async (who: TestPerson) => {
    const subject = { account: await idOf(deps, who), computer: null };
    return (await listEstablishmentAccess(deps, subject)).map(({ cnes }) => cnes);
  };
  assertEquals(await places(lia), []);
  must(
    await createRequest(deps, await personOf(deps, lia), {
      cnes: SECOND_CNES,
      profile: "OPERADOR",
    }, UNLIMITED),
  );
  assertEquals(await places(lia), [SECOND_CNES]);
  assertEquals(await places(caio), [CNES]);
  assertEquals(isKnownEstablishment(await at(lia, "7654321")), false);
});

Deno.test("nobody decides their own: others who administer are counted apart", async () => {
  const { deps, at } = await peopled();
  using _ = deps;
  const counted = async (who: TestPerson, cnes = CNES) => {
    const { administered, administeredByOthers } = await at(who, cnes);
    return [administered, administeredByOthers];
  };
  assertEquals(await counted(lia), [true, true]);
  assertEquals(await counted(caio), [true, false]);
  assertEquals(await counted(lia, SECOND_CNES), [false, false]);
  await deactivate(deps, caio);
  assertEquals(await counted(lia), [false, false]);
});

Deno.test("a computer approved here, elsewhere, and after the end", async () => {
  const { deps, at } = await peopled();
  using _ = deps;
  const [account, by] = [await idOf(deps, lia), await idOf(deps, caio)];
  const record: ComputerRecord = {
    thumbprint: "x",
    cnes: CNES,
    account,
    label: "PAT-1",
    place: "Sala",
    since: 0,
    by,
  };
  await transact(deps.kv, (tx) => {
    setMembership(tx, {
      ...{ cnes: CNES, account, profile: "OPERADOR", since: 0, by },
      ...{ mailbox: lia.email, origin: { kind: "approved", by } },
    });
    tx.set(keys.computer(CNES, account, "x"), record);
  });
  const shown = async (computer: string | null) => {
    const place = await at(lia, CNES, computer);
    return [progressOf(place, "computador"), currentStep(place)];
  };
  assertEquals(await shown("x"), ["aprovada", null]);
  assertEquals(await shown("y"), ["noutro", "computador"]);
  assertEquals(await shown(null), ["noutro", "computador"]);
  must(
    await endMembership(deps, { account: by, standing: UNLIMITED }, {
      cnes: CNES,
      account,
      reason: "Saiu.",
    }),
  );
  // As if it had been approved at the same moment.
  await deps.kv.set(keys.computer(CNES, account, "x"), record);
  assertEquals(await shown("x"), ["nenhum", "estabelecimento"]);
  assertEquals((await at(lia)).computers, []);
});

Deno.test("what a director is told is what they get", async () => {
  const cases: {
    name: string;
    told: "atOnce" | "unproven" | null;
    govbr?: boolean;
    tied?: boolean;
    named?: boolean;
    before?: boolean;
    declared?: boolean;
  }[] = [
    { name: "gov.br", govbr: true, told: "atOnce" },
    { name: "registered by the operadora", tied: true, told: "atOnce" },
    { name: "neither", told: "unproven" },
    { name: "tied, elsewhere declared", tied: true, declared: true, told: "atOnce" },
    { name: "not the director", govbr: true, tied: true, named: false, told: null },
    { name: "was a member", govbr: true, before: true, told: null },
  ];
  for (const { name, told, govbr, tied, named = true, before, declared } of cases) {
    using deps = await seedRegistries({ govbr: GOVBR });
    const [id, by] = [newAccountId(deps.now()), newAccountId(deps.now())];
    const person: Account = {
      id,
      cpf: zeca.cpf,
      name: zeca.name,
      email: null,
      ...UNPROVEN,
      password: null,
      active: true,
      createdAt: 0,
      ...declared && { origin: "declarado" as const },
      ...govbr && { proof: { by: "govbr", level: "silver", at: 0 }, proofNumber: 1 },
    };
    await transact(deps.kv, (tx) => {
      tx.set(keys.account(id), person);
      const named = { cpf: zeca.cpf, name: zeca.name, email: zeca.email, by, since: 0 };
      const tie = { ...named, how: "convite", invitation: null, reached: REACHED } as const;
      if (tied) putTie(tx, ALFA, id, tie, null);
    });
    const directorCpf = named ? zeca.cpf : caio.cpf;
    await seedEstablishment(deps, { directorCpf }, SECOND_CNES);
    if (before) {
      const ended = { at: 1, by, reason: "Saiu." };
      const membership = {
        ...{ cnes: SECOND_CNES, account: id, profile: null, since: 0, by },
        ...{ mailbox: "", origin: { kind: "approved", by } as const },
      };
      await transact(deps.kv, (tx) => setMembership(tx, { ...membership, ended }));
    }
    const asker = { confirmedUnder: person.proofNumber, mailboxes: null };
    const subject = { account: id, computer: null };
    const place = await getEstablishmentAccess(deps, subject, SECOND_CNES);
    assertEquals(await directorAt(deps, person, place, asker), told, name);
    const form = { cnes: SECOND_CNES, profile: "ADMINISTRADOR" };
    const { state } = must(await createRequest(deps, person, form, asker));
    assertEquals(state, told === "atOnce" ? "aprovada" : "pendente", name);
  }
});
