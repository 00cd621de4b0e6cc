import { approversNow, type EstablishmentAccess } from "@/core/access/establishment_access.ts";
import { whatIsAsked } from "@/core/access/requests/describe.ts";
import type { StepView } from "@/core/access/access_status.ts";
import type { AccessRequest, ApproverRole } from "@/core/store/records/access.ts";
import { formatMoment } from "./dates.ts";

/** What happens next at a place, and who has to do it. */
interface NextAct {
  /** Whose turn it is, to go after "Agora é com". */
  turn: string | null;
  text: string;
}

const YOURS = "você";

export function nextAct(place: EstablishmentAccess): NextAct {
  const { establishment, status: { steps, membership, next } } = place;
  if (!establishment) {
    return {
      turn: null,
      text: "O CNES não tem mais este estabelecimento. Confira o número em cnes.saude.gov.br.",
    };
  }
  if (!establishment.active) {
    return {
      turn: null,
      text: "Este estabelecimento está desativado no CNES. Enquanto estiver assim, nada pode ser " +
        "pedido nem aberto. Quem responde por ele pode reativá-lo em cnes.saude.gov.br.",
    };
  }
  const waiting = [steps.perfil, steps.computador].find(({ state }) => state === "pendente");
  if (waiting?.request) return waits(place, waiting.request);
  if (next === null) return { turn: YOURS, text: "Está tudo aprovado neste computador." };
  if (next === "computador") return forComputer(place);

  const ended = membership?.ended;
  const { request } = steps.perfil;
  if (ended && (request?.createdAt ?? 0) <= ended.at) {
    return {
      turn: YOURS,
      text: `Seu acesso foi desativado em ${formatMoment(ended.at)}. ` +
        `Motivo: ${sentence(ended.reason)} Para voltar, peça de novo os três passos.`,
    };
  }
  const before = whatBecame(steps.perfil);
  const ask = next === "perfil"
    ? "O estabelecimento está aprovado. Peça um perfil."
    : "Peça o estabelecimento e o perfil, juntos.";
  return { turn: YOURS, text: before ? `${before} Você pode pedir de novo.` : ask };
}

function forComputer({ computers, status }: EstablishmentAccess): NextAct {
  const { steps: { computador }, membership } = status;
  const before = whatBecame(computador);
  if (before) return { turn: YOURS, text: `${before} Você pode pedir de novo.` };
  if (computers.length > 0) {
    const names = computers.map(({ label, place }) => `${label} (${place})`).join(", ");
    return {
      turn: YOURS,
      text: `O acesso está aprovado em ${names}. Use esse computador, ou peça também para este.`,
    };
  }
  return {
    turn: YOURS,
    text: `Seu perfil é ${membership?.profile}. Falta o computador: abra esta página no que você ` +
      "vai usar e peça o acesso dele.",
  };
}

/** What became of the last request of a step, when that matters for what comes next. */
function whatBecame({ state, request }: StepView): string | null {
  if (!request) return null;
  const asked = whatIsAsked(request);
  switch (state) {
    case "reprovada":
      return `Você pediu ${asked} e o pedido foi reprovado. Motivo: ${
        sentence(request.reason ?? "")
      }`;
    case "expirada":
      return `Você pediu ${asked} e ninguém decidiu no prazo.`;
    case "cancelada":
      return `Você cancelou o pedido que fez: ${asked}.`;
    default:
      return null;
  }
}

/** What a person typed, fit to be followed by another sentence. */
function sentence(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}

function waits(place: EstablishmentAccess, request: AccessRequest): NextAct {
  const asked = `Você pediu ${whatIsAsked(request)}.`;
  const deciders = approversNow(place, request);
  if (deciders.length === 0) {
    return request.to.includes("representante")
      ? {
        turn: "o representante legal da operadora",
        text: `${asked} Este estabelecimento não está ligado a nenhuma operadora: peça ao ` +
          "representante legal que o ligue. O pedido fica guardado.",
      }
      : {
        turn: "o diretor do estabelecimento",
        text:
          `${asked} Ainda não há administrador aqui. O diretor registrado no CNES precisa ser ` +
          "o primeiro, ou o representante legal indica alguém. O pedido fica guardado e chega ao " +
          "próximo administrador.",
      };
  }
  return { turn: TURNS[deciders.join(" ")]!, text: `${asked} A resposta chega por e-mail.` };
}

const ADMINISTRATOR: ApproverRole = "administradores";
const REPRESENTATIVE: ApproverRole = "representante";

const TURNS: Record<string, string> = {
  [ADMINISTRATOR]: "o administrador do estabelecimento",
  [REPRESENTATIVE]: "o representante legal da operadora",
  [`${ADMINISTRATOR} ${REPRESENTATIVE}`]: "outro administrador ou o representante legal",
};
