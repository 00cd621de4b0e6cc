import { mail } from "../account/mails.ts";
import { PROVISIONAL_LIFE } from "../account/person.ts";
import { formatCpf } from "../registry/numbers.ts";
import type { AccessRequest } from "../store/records/access.ts";
import type { MailMessage } from "../store/records/outbox.ts";
import { whatIsAsked } from "./requests/describe.ts";

export function provisionalPasswordMail(
  to: string,
  person: { name: string; cpf: string; password: string },
  { operadora, origin }: { operadora: string; origin: string },
): MailMessage {
  return mail(
    to,
    "Seu acesso ao portal das operadoras",
    `Olá, ${person.name}.\n\n${operadora} cadastrou você no Habilita.\n\n` +
      `    Endereço: ${origin}/entrar\n    CPF: ${formatCpf(person.cpf)}\n` +
      `    Senha provisória: ${person.password}\n\n` +
      `A senha provisória vale por ${PROVISIONAL_LIFE / 3_600_000} horas e só até o fim do ` +
      "primeiro acesso, em que você escolhe a sua própria senha.",
  );
}

export function addedToOperadoraMail(
  to: string,
  name: string,
  { operadora, origin }: { operadora: string; origin: string },
): MailMessage {
  return mail(
    to,
    `Você agora tem acesso a ${operadora}`,
    `Olá, ${name}.\n\n${operadora} cadastrou você no Habilita. Continue entrando ` +
      `como você já entra, com a sua senha ou com gov.br:\n\n    ${origin}/entrar`,
  );
}

export function madeAdministratorMail(
  to: string,
  name: string,
  { establishment, origin }: { establishment: string; origin: string },
): MailMessage {
  return mail(
    to,
    "Você é ADMINISTRADOR de um estabelecimento",
    `Olá, ${name}.\n\nVocê passou a ser ADMINISTRADOR de ${establishment}: decide os pedidos de ` +
      `acesso a esse estabelecimento, no portal ou pelo Telegram.\n\n    ${origin}/conta/telegram`,
  );
}

export function requestReceivedMail(
  to: string,
  name: string,
  { establishment, origin }: { establishment: string; origin: string },
): MailMessage {
  return mail(
    to,
    "Novo pedido de acesso para analisar",
    `Olá, ${name}.\n\nHá um pedido de acesso a ${establishment} esperando a sua decisão:\n\n` +
      `    ${origin}/pedidos`,
  );
}

export function decidedMail(
  to: string,
  name: string,
  request: AccessRequest,
  { establishment, origin }: { establishment: string; origin: string },
): MailMessage {
  const asked = `${whatIsAsked(request)} em ${establishment}`;
  const what = request.step === "computador" ? "computador" : "acesso";
  return request.state === "aprovada"
    ? mail(
      to,
      `Seu pedido de ${what} foi aprovado`,
      `Olá, ${name}.\n\nVocê pediu ${asked} e o pedido foi aprovado. Veja o próximo passo em ` +
        `${origin}/solicitar/${request.cnes}`,
    )
    : mail(
      to,
      `Seu pedido de ${what} foi reprovado`,
      `Olá, ${name}.\n\nVocê pediu ${asked} e o pedido foi reprovado.\n\n` +
        `    Motivo: ${request.reason}\n\nVocê pode fazer um novo pedido em ` +
        `${origin}/solicitar/${request.cnes}`,
    );
}
