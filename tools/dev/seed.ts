import { newAccountId, newPassword, UNPROVEN } from "@/core/account/account.ts";
import { hashPassword } from "@/core/account/password.ts";
import { setMembership } from "@/core/access/membership.ts";
import { putTie } from "@/core/access/users/user_of_operadora.ts";
import type { Deps } from "@/core/deps.ts";
import { importCadop } from "@/core/registry/cadop_import.ts";
import { importCnes } from "@/core/registry/cnes_import.ts";
import { currentEdition } from "@/core/registry/operadora.ts";
import { keys } from "@/core/store/keys.ts";
import type { Account } from "@/core/store/records/account.ts";
import { transact } from "@/core/store/transact.ts";
import { people, type SamplePerson } from "@/tools/sample/people.ts";
import {
  sampleCadopCsv,
  sampleCnesCsv,
  sampleEstablishments,
  sampleUsers,
} from "@/tools/sample/world.ts";

/** Password of the people who are in the portal from the start. */
export const DEMO_PASSWORD = "Mundo#Demo26";

/** People of the simulated Telegram; the numbers stay the same over restarts. */
export const TELEGRAM_USERS = [
  { id: 2001, first_name: "Davi", username: "davi_exemplo" },
  { id: 2002, first_name: "Gabriela", username: "gabriela_exemplo" },
  { id: 2003, first_name: "Curioso", username: "curioso_exemplo" },
];

/** Who has had their first access already, with the systems they were granted everywhere. */
const READY: readonly { person: SamplePerson; systems: readonly string[] }[] = [
  { person: people.davi, systems: ["sib", "cadsus-web"] },
  { person: people.elisa, systems: ["sib", "tiss"] },
];

/**
 * Fills an empty store with the sample world: CADOP and CNES through the real imports, two
 * people ready to log in. Davi is ADMINISTRADOR of the first establishment. A store that has an
 * edition of CADOP is left alone.
 */
export async function seed(deps: Deps): Promise<void> {
  if (await currentEdition(deps)) return;
  const imported = await importCadop(deps, streamOf(sampleCadopCsv()));
  if (!imported.ok) throw new Error(`the sample CADOP was refused: ${imported.code}`);
  const { establishments, municipios } = sampleCnesCsv();
  const files = {
    establishments: () => Promise.resolve(streamOf(establishments)),
    municipios: () => Promise.resolve(streamOf(municipios)),
  };
  const cnes = await importCnes(deps, files);
  if (!cnes.ok) throw new Error(`the sample CNES was refused: ${cnes.code}`);
  const passwordHash = await hashPassword(DEMO_PASSWORD);
  for (const { person, systems } of READY) await putReady(deps, person, passwordHash, systems);
}

function streamOf(text: string): ReadableStream<Uint8Array> {
  return new Blob([text]).stream();
}

async function putReady(
  deps: Deps,
  { cpf, nome, email }: SamplePerson,
  passwordHash: string,
  systems: readonly string[],
): Promise<void> {
  const now = deps.now();
  const person: Account = {
    id: newAccountId(now),
    cpf,
    name: nome,
    email,
    contactEmail: email,
    ...UNPROVEN,
    password: newPassword(passwordHash),
    provisional: null,
    active: true,
    createdAt: now,
  };
  const employers = Object.keys(sampleUsers)
    .filter((cnpj) => sampleUsers[cnpj]!.some((user) => user.cpf === cpf));
  await transact(deps.kv, (tx) => {
    const { id } = person;
    tx.set(keys.account(id), person);
    tx.set(keys.accountByCpf(cpf), id);
    tx.set(keys.accountsOfCpf(cpf, id), now);
    tx.set(keys.accountByEmail(email), id);
    for (const cnpj of employers) {
      putTie(tx, cnpj, person, { by: id, since: now });
      for (const system of systems) tx.set(keys.grant(cnpj, id, system), now);
    }
    const directed = sampleEstablishments.find((one) => one.directorCpf === cpf);
    if (directed) {
      const { cnes } = directed;
      setMembership(tx, { cnes, account: id, profile: "ADMINISTRADOR", since: now, by: "cnes" });
    }
  });
}
