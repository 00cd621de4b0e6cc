import { whatIsAsked } from "../core/access/requests/describe.ts";
import { listRequestsOf } from "../core/access/requests/request.ts";
import { listOperadorasOfUser } from "../core/account/operadoras.ts";
import { getPerson } from "../core/account/person.ts";
import type { Deps } from "../core/deps.ts";
import { maskEmail } from "../core/registry/numbers.ts";
import { getOperadora } from "../core/registry/operadora.ts";
import type { AccessRequest } from "../core/store/records/access.ts";
import type { Person } from "../core/store/records/account.ts";
import { type Html, html } from "./html.ts";
import { formatTime } from "./time.ts";

/** What helps to know whether the one who asks is who they say. */
export interface Details {
  person: Person | null;
  /** Names of the companies that registered the person. */
  operadoras: string[];
  /** The person's earlier requests at the same establishment, newest first. */
  earlier: AccessRequest[];
}

const NAMED = 3;
/** Requests of the person among which earlier ones are looked for. */
const LOOKED_AT = 50;

export async function loadDetails(deps: Deps, request: AccessRequest): Promise<Details> {
  const [person, cnpjs, requests] = await Promise.all([
    getPerson(deps, request.cpf),
    listOperadorasOfUser(deps, request.cpf),
    listRequestsOf(deps, request.cpf, LOOKED_AT),
  ]);
  const found = await Promise.all(cnpjs.slice(0, NAMED).map((cnpj) => getOperadora(deps, cnpj)));
  return {
    person,
    operadoras: found.flatMap((operadora) => operadora ? [operadora.razaoSocial] : []),
    earlier: requests.filter(({ id, cnes, step }) =>
      cnes === request.cnes && id !== request.id && step !== "estabelecimento"
    )
      .slice(0, NAMED),
  };
}

/** The e-mail is masked: the administrator shall recognise it, not learn it. */
export function detailLines({ person, operadoras, earlier }: Details): Html[] {
  const email = person?.email && maskEmail(person.email);
  return [
    html`<b>Detalhes</b>`,
    person ? html`No portal desde ${formatTime(person.createdAt)}` : html`Pessoa não encontrada`,
    email ? html`E-mail confirmado: ${email}` : html`E-mail ainda não confirmado`,
    operadoras.length > 0
      ? html`Cadastrada por: ${operadoras.join("; ")}`
      : html`Nenhuma operadora cadastrou esta pessoa`,
    ...earlier.map((one) =>
      html`Pedido anterior aqui: ${whatIsAsked(one)}, ${one.state}, de ${formatTime(one.createdAt)}`
    ),
    ...(earlier.length === 0 ? [html`Primeiro pedido a este CNES`] : []),
  ];
}
