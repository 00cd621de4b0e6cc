import { isIdentified } from "../../account/identification.ts";
import { hashPassword, makeProvisionalPassword } from "../../account/password.ts";
import { notify, reachableEmail } from "../../notify/notify.ts";
import {
  newAccountId,
  parseEmail,
  parseName,
  PROVISIONAL_LIFE,
  UNPROVEN,
} from "../../account/account.ts";
import { appendAudit } from "../../audit/append.ts";
import type { Deps } from "../../deps.ts";
import { parseCpf } from "../../registry/numbers.ts";
import { accept, refuse, type Result } from "../../result.ts";
import { transact } from "../../store/transact.ts";
import type { AccountCode } from "../../account/messages.ts";
import { keys } from "../../store/keys.ts";
import type { UserOfOperadora } from "../../store/records/access.ts";
import type { Account, ProvisionalPassword } from "../../store/records/account.ts";
import type { Operadora } from "../../store/records/registry.ts";
import type { AccessCode } from "../messages.ts";
import { isSystem } from "./grants.ts";
import { putTie } from "./user_of_operadora.ts";
import { addedToOperadora, provisionalPassword } from "../../mails/user_mails.ts";

export interface UserForm {
  cpf: string;
  name: string;
  email: string;
  systems: readonly string[];
}

/**
 * The representative registers a person of the operadora (J6). A new person gets a provisional
 * password by e-mail; one who is in the portal keeps name, e-mail and password and is told at the
 * address they already have. Never at the one typed here, or a company could take over the account of
 * another company's employee.
 *
 * @param form as typed; `systems` are ids
 * @returns the person, and whether they were in the portal before; refused as the fields say, for a
 *   user of the operadora, and for a record that may be a stranger's (`mergeExisting`)
 */
export async function registerUser(
  deps: Deps,
  actor: Account,
  operadora: Operadora,
  form: UserForm,
): Promise<Result<{ person: Account; known: boolean }, AccessCode | AccountCode>> {
  const cpf = parseCpf(form.cpf);
  if (!cpf) return refuse("cpf_invalid");
  const name = parseName(form.name);
  if (!name) return refuse("name_invalid");
  const email = parseEmail(form.email);
  if (!email) return refuse("email_invalid");
  const systems = [...new Set(form.systems)];
  if (!systems.every((id) => isSystem(deps.config.systems, id))) return refuse("system_unknown");

  const password = makeProvisionalPassword();
  const hash = await hashPassword(password);
  return await transact(deps.kv, async (tx) => {
    const now = deps.now();
    const account = await tx.get(keys.accountByCpf(cpf));
    const [stored, user] = account
      ? await tx.getMany([keys.account(account), keys.userOfOperadora(operadora.cnpj, account)])
      : [null, null];
    if (user) return refuse<AccessCode>("user_already_registered");
    const known = stored && mergeExisting(stored, email);
    if (stored && !known) return refuse<AccessCode>("user_declared");
    const provisional: ProvisionalPassword = {
      hash,
      expiresAt: now + PROVISIONAL_LIFE,
      companies: [
        ...stored?.provisional?.companies ?? [],
        operadora.razaoSocial,
        operadora.nomeFantasia,
      ],
    };
    const person: Account = known ? canSignIn(known) ? known : { ...known, provisional } : {
      id: newAccountId(now),
      cpf,
      name,
      email: null,
      contactEmail: email,
      ...UNPROVEN,
      password: null,
      provisional,
      active: true,
      createdAt: now,
    };
    tx.set(keys.account(person.id), person);
    if (!known) {
      tx.set(keys.accountByCpf(cpf), person.id);
      tx.set(keys.accountsOfCpf(cpf, person.id), now);
    }
    const elsewhere = known !== null && reachableEmail(known) !== email;
    const tie: UserOfOperadora = { by: actor.id, since: now };
    putTie(tx, operadora.cnpj, person, elsewhere ? { ...tie, otherAddress: true } : tie);
    for (const system of systems) tx.set(keys.grant(operadora.cnpj, person.id, system), now);
    const by = { operadora: operadora.razaoSocial, origin: deps.config.origin };
    const text = canSignIn(person)
      ? addedToOperadora(by)
      : provisionalPassword({ cpf, password, hours: PROVISIONAL_LIFE / 3_600_000 }, by);
    notify(deps, tx, person, text);
    await appendAudit(deps, tx, {
      stream: operadora.cnpj,
      event: "user.registered",
      actor: actor.id,
      subject: person.id,
      detail: { systems: systems.join(" "), known: stored !== null },
    });
    return accept({ person, known: stored !== null });
  });
}

/**
 * Need they be sent no provisional password? Neither a person who has finished the first access, nor
 * the holder of a CPF that a stranger had declared, until they finish theirs: they have proven it by
 * gov.br or certificate, and what was granted to the record is not for those whom an operadora names.
 */
function canSignIn({ email, takenOverAt }: Account): boolean {
  return email !== null || takenOverAt !== undefined;
}

/**
 * A person whom the operadora registers and who is in the portal. A record that only declares its CPF
 * is theirs when the address confirmed there is the one that the operadora knows them by; from then
 * on the operadora answers for it.
 *
 * @returns null when the record may be a stranger's, who would get what is granted here
 */
export function mergeExisting(stored: Account, email: string): Account | null {
  if (!stored.email || isIdentified(stored)) return stored;
  return stored.email === email ? { ...stored, origin: "operadora" } : null;
}
