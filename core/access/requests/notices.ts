import { reachableEmail } from "../../notify/notify.ts";
import { getPerson } from "../../account/person.ts";
import { getBinding, stillRepresents } from "../../account/binding.ts";
import { getTelegramLink } from "../../account/telegram/link.ts";
import type { Deps } from "../../deps.ts";
import type { Establishment } from "../../registry/establishment.ts";
import type { AccessRequest } from "../../store/records/access.ts";
import type { Person } from "../../store/records/account.ts";
import type { MailMessage, Message } from "../../store/records/outbox.ts";
import { requestReceivedMail } from "../mails.ts";
import { listRecipients } from "./pause.ts";

/** The people who can decide a request and are to be told of it. */
export interface Recipients {
  /** Those who administer the establishment, but never who asks. */
  administrators: Person[];
  /** The legal representative, when nobody else decides. */
  representative: Person | null;
}

export async function recipientsOf(deps: Deps, request: AccessRequest): Promise<Recipients> {
  const { to, cnes, cpf, operadora } = request;
  const administrators = to.includes("administradores")
    ? (await listRecipients(deps, cnes)).filter((person) => person.cpf !== cpf)
    : [];
  const alone = to.includes("representante") && administrators.length === 0;
  const representative = alone && operadora ? await getRepresentative(deps, operadora) : null;
  return { administrators, representative };
}

/** The legal representative of an operadora, as long as CADOP names them. */
export async function getRepresentative(deps: Deps, cnpj: string): Promise<Person | null> {
  const { representative, operadora } = await getBinding(deps, cnpj);
  if (!stillRepresents(representative, operadora)) return null;
  const person = await getPerson(deps, representative.cpf);
  return person?.active ? person : null;
}

/** What tells of a new request: in the chat, or by e-mail. */
export async function noticesFor(
  deps: Deps,
  establishment: Establishment,
  request: AccessRequest,
): Promise<Message[]> {
  const { administrators, representative } = await recipientsOf(deps, request);
  const place = { establishment: establishment.nome, origin: deps.config.origin };
  return await noticesTo(deps, { administrators, representative }, {
    chat: (chatId) => ({ channel: "chat", chatId, what: "request_created", requestId: request.id }),
    mail: (to, name) => requestReceivedMail(to, name, place),
  });
}

/** One message for each person: in their chat, unless they have none or have blocked the bot. */
export async function noticesTo(
  deps: Deps,
  { administrators, representative }: Recipients,
  words: {
    chat: (chatId: number) => Message;
    mail: (to: string, name: string) => MailMessage;
  },
): Promise<Message[]> {
  const mailTo = (person: Person) => {
    const to = reachableEmail(person);
    return to ? words.mail(to, person.name) : null;
  };
  const notices = await Promise.all(administrators.map(async (person) => {
    const link = await getTelegramLink(deps, person.cpf);
    return link && !link.blockedSince ? words.chat(link.chatId) : mailTo(person);
  }));
  return [...notices, representative && mailTo(representative)].filter((one) => one !== null);
}
