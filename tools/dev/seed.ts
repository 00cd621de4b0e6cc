import { accountForCpf, createAccount, newPassword } from "@/core/account/account.ts";
import { hashPassword } from "@/core/account/password.ts";
import { setMembership } from "@/core/access/membership.ts";
import { tieByInvitation } from "@/core/access/invitations/accept.ts";
import { INVITATION_LIFE } from "@/core/access/invitations/invitation.ts";
import { inviteUser } from "@/core/access/invitations/invite.ts";
import type { Deps } from "@/core/deps.ts";
import { importCadop } from "@/core/registry/cadop_import.ts";
import { importCnes } from "@/core/registry/cnes_import.ts";
import { currentEdition, getOperadora } from "@/core/registry/operadora.ts";
import { transact } from "@/core/store/transact.ts";
import { newId } from "@/core/ids.ts";
import { operadoras } from "@/tools/sample/operadoras.ts";
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
  for (const { person, systems } of READY) await putReady(deps, person, systems);
  await inviteOne(deps);
}

/** One invitation waits, with its mail. */
async function inviteOne(deps: Deps): Promise<void> {
  const { cpf, nome: name, email } = people.heitor;
  const [actor, operadora] = await Promise.all([
    accountForCpf(deps, people.davi.cpf),
    getOperadora(deps, operadoras.alvorada.cnpj),
  ]);
  const form = { cpf, name, email, systems: ["sib"] };
  const invited = await inviteUser(deps, actor!, operadora!, form);
  if (!invited.ok) throw new Error(`the sample invitation was refused: ${invited.code}`);
}

function streamOf(text: string): ReadableStream<Uint8Array> {
  return new Blob([text]).stream();
}

async function putReady(
  deps: Deps,
  { cpf, nome, email }: SamplePerson,
  systems: readonly string[],
): Promise<void> {
  const now = deps.now();
  const password = newPassword(await hashPassword(deps, cpf, DEMO_PASSWORD));
  const employers = Object.keys(sampleUsers)
    .filter((cnpj) => sampleUsers[cnpj]!.some((user) => user.cpf === cpf));
  await transact(deps.kv, async (tx) => {
    const person = createAccount(deps, tx, {
      ...{ cpf, name: nome, email, password, origin: "convite" },
    });
    const { id } = person;
    for (const operadora of employers) {
      await tieByInvitation(deps, tx, person, {
        ...{ id: newId(now), operadora, cpf, name: nome, email, systems, by: id },
        ...{ createdAt: now, expiresAt: now + INVITATION_LIFE, state: "enviado" },
        ...{ password: null, account: null, endedAt: null },
      }, { by: "password", under: 0 });
    }
    const directed = sampleEstablishments.find((one) => one.directorCpf === cpf);
    if (directed) {
      const { cnes } = directed;
      setMembership(tx, {
        ...{ cnes, account: id, profile: "ADMINISTRADOR", since: now, by: "cnes" },
        ...{ mailbox: email, origin: { kind: "row", operadora: employers[0] ?? null } },
      });
    }
  });
}
