import type { CallbackData } from "@/bot/callback_data.ts";
import type { COMMANDS } from "@/bot/commands.ts";

/**
 * The most round trips to the store, one after the other, that each page, form, tap and command may
 * wait for. Every HTTP test and every test of the bot is held to it (`check_trips.ts`,
 * `check_chat_trips.ts`), so a change that adds one is seen. A person far from the store waits 70 to
 * 190 ms for each.
 *
 * To write the figures anew after a change:
 *
 *     MEASURED_TRIPS=/tmp/trips.tsv deno test -A --no-check tests/http bot
 *     deno run -A tests/support/print_trips.ts /tmp/trips.tsv
 */
export type Budgets = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** The row for addresses that no page has, and for methods that a page does not take. */
export const NOTHING_THERE = "(nothing there)";

/**
 * By route. A row is named by the method and, where they make a difference, in this order:
 *
 * - what is asked: the names in the query (`?busca`), or the action of the form (`aprovar`);
 * - the caller: `as visitor` (nobody, of whom nothing is stored), `as representative`;
 * - `refused`: an answer to a form that is an error, which often shows the page again.
 *
 * A request belongs to the most special row that fits. Not counted: the note of when a session was last
 * used (two trips, at most once a minute), the current editions of the registries (one, once a process)
 * and the outbox, which works after the answer.
 */
export const BUDGETS: Budgets = {
  [NOTHING_THERE]: { GET: 2, POST: 2 },
  "/": { GET: 3, "GET as visitor": 0 },
  "/.well-known/jwks.json": { GET: 3 },
  "/acessar/[sistema]": { GET: 5 },
  "/acessar/[sistema]/[cnes]": { GET: 4 },
  "/administracao": { GET: 5 },
  "/administracao/[cnes]": { GET: 6, "GET ?busca": 7, POST: 4 },
  "/administracao/[cnes]/computadores": {
    GET: 5,
    POST: 4,
    "POST retirar": 8,
  },
  "/administracao/[cnes]/decididos": { GET: 6 },
  "/administracao/[cnes]/pessoas/[id]": {
    GET: 6,
    POST: 4,
    "POST desativar": 11,
    "POST desativar refused": 11,
    "POST perfil": 9,
    "POST perfil refused": 10,
    "POST retirar": 9,
  },
  "/api/computador": { POST: 2, "POST refused": 2 },
  "/api/computador/esquecer": { POST: 4 },
  "/api/computador/prova": { POST: 8, "POST refused": 4 },
  "/api/handoff": { POST: 12, "POST refused": 6 },
  "/api/handoff/redeem": { POST: 9, "POST refused": 6 },
  "/api/telegram": { POST: 2 },
  "/cadastro": { GET: 2, "GET as visitor": 0, POST: 11, "POST refused": 0 },
  "/cadastro/codigo": { GET: 2, POST: 6 },
  "/cadastro/senha": { GET: 2, POST: 8 },
  "/cadastro/termos": { GET: 2, POST: 3, "POST refused": 2 },
  "/caminho": { GET: 7, "GET as visitor": 0 },
  "/certificado": { GET: 2, "GET as visitor": 0, POST: 6, "POST refused": 3 },
  "/certificado/cpf": { POST: 10, "POST refused": 10 },
  "/certificado/desafio": { GET: 2, "GET as visitor": 0 },
  "/certificado/diagnostico": { GET: 2, "GET as visitor": 0, POST: 4, "POST refused": 2 },
  "/certificado/navegador": { POST: 4, "POST refused": 0 },
  "/certificado/registro": { GET: 2, POST: 2 },
  "/certificado/registro/codigo": { GET: 2, POST: 2 },
  "/certificado/registro/divergencia": { GET: 2, POST: 2 },
  "/certificado/senha": { GET: 2, POST: 2 },
  "/conta": { GET: 4, POST: 6, "POST sair-de-todas": 7 },
  "/conta/cns": { GET: 2, POST: 11, "POST refused": 2, "POST consultar": 5 },
  "/conta/cpf": { GET: 2 },
  "/conta/cpf/confirmar": { GET: 2, POST: 18, "POST refused": 10, "POST enviar": 9 },
  "/conta/email": { GET: 3, POST: 18, "POST refused": 10, "POST confirmar": 11 },
  "/conta/senha": { GET: 2, POST: 19, "POST refused": 12 },
  "/conta/telegram": { GET: 3, POST: 2 },
  "/convite": { GET: 2, POST: 4, "POST recusar": 7 },
  "/convite/cadastro": { GET: 2, POST: 12, "POST refused": 9 },
  "/convite/confirmar": {
    GET: 2,
    POST: 11,
    "POST refused": 7,
    "POST corrigir": 3,
    "POST reenviar": 6,
  },
  "/convites": { GET: 5, POST: 12, "POST refused": 9 },
  "/convites/[id]": {
    GET: 5,
    POST: 2,
    "POST aceitar": 11,
    "POST aceitar refused": 8,
    "POST recusar": 9,
  },
  "/desfazer-email": { GET: 2, "GET as visitor": 0, POST: 7, "POST refused": 2 },
  "/entrar": { GET: 2, "GET as visitor": 0, POST: 15, "POST refused": 9 },
  "/entrar/codigo": { GET: 3, POST: 14, "POST refused": 4 },
  "/entrar/conta": { GET: 6, POST: 13, "POST refused": 6 },
  "/estabelecimentos": { GET: 4, POST: 7, "POST refused": 5 },
  "/govbr": { GET: 2, "GET as visitor": 0 },
  "/govbr/email": { GET: 3, POST: 9, "POST refused": 1 },
  "/govbr/juntar": { GET: 5, "POST outra": 3, POST: 20, "POST refused": 12 },
  "/govbr/juntar/codigo": { GET: 2, POST: 2 },
  "/govbr/retorno": {
    GET: 2,
    "GET ?code&iss&state": 15,
    "GET ?error&error_description&iss&state": 3,
  },
  "/operadoras": { GET: 4, POST: 6, "POST refused": 4 },
  "/painel": { GET: 5 },
  "/pedidos": {
    GET: 8,
    "GET as representative": 9,
    POST: 2,
    "POST aprovar": 8,
    "POST aprovar as representative": 10,
    "POST aprovar refused": 13,
    "POST estabelecimento": 8,
    "POST estabelecimento refused": 11,
    "POST reprovar": 8,
    "POST reprovar refused": 11,
  },
  "/primeiro-acesso": { GET: 2, POST: 3 },
  "/primeiro-acesso/cadastro": { GET: 2, POST: 10 },
  "/primeiro-acesso/confirmar": { GET: 2, POST: 14, "POST corrigir": 3 },
  "/primeiro-acesso/conta": { GET: 2, POST: 15, "POST refused": 8 },
  "/primeiro-acesso/outro-nome": { GET: 2 },
  "/primeiro-acesso/termos": { GET: 2, POST: 3 },
  "/recuperar-senha": { GET: 2, "GET as visitor": 0, POST: 9, "POST refused": 0 },
  "/recuperar-senha/codigo": { GET: 2, POST: 14, "POST refused": 5 },
  "/sair": { POST: 3 },
  "/saude": { GET: 2 },
  "/saude/pronto": { GET: 2 },
  "/saude/vivo": { GET: 0 },
  "/solicitar": { GET: 5, POST: 3, "POST refused": 5 },
  "/solicitar/[cnes]": {
    // The last three where the CNES names the person as director.
    GET: 7,
    POST: 2,
    "POST cancelar": 6,
    "POST cancelar refused": 5,
    "POST computador": 15,
    "POST computador refused": 19,
    "POST perfil": 14,
    "POST perfil refused": 18,
    "POST retirar": 7,
  },
  "/termos": { GET: 2, POST: 2 },
  "/termos-de-uso": { GET: 2, "GET as visitor": 0 },
  "/usuarios": { GET: 4, "GET ?busca": 5, POST: 3, "POST renovar-vencidos": 14 },
  "/usuarios/[id]": {
    GET: 5,
    POST: 3,
    "POST desativar": 9,
    "POST reativar": 7,
  },
  "/usuarios/importar": { GET: 2, POST: 3, "POST refused": 2, "POST confirmar": 7 },
  "/usuarios/convites/[id]": { GET: 3, POST: 4, "POST cancelar": 7, "POST renovar": 12 },
  "/usuarios/novo": { GET: 2, POST: 7 },
};

/** A tap: to the answer of the button, and to the first message sent or changed in its chat. */
interface Tap {
  answer: number;
  message: number;
}

const TAPS: Readonly<Record<CallbackData["action"] | "unknown", Tap>> = {
  approve: { answer: 2, message: 17 },
  ask: { answer: 2, message: 16 },
  reject: { answer: 2, message: 16 },
  reason: { answer: 2, message: 17 },
  write: { answer: 2, message: 16 },
  back: { answer: 2, message: 16 },
  details: { answer: 2, message: 16 },
  list: { answer: 2, message: 9 },
  unlink: { answer: 2, message: 9 },
  unknown: { answer: 2, message: 2 },
};

/** To the first message that answers what a person wrote. */
const WRITTEN: Readonly<
  Record<`/${keyof typeof COMMANDS | "start"}` | "reply" | "text" | "in a group", number>
> = {
  "/start": 8,
  "/pendentes": 10,
  "/historico": 9,
  "/cnes": 8,
  "/pausar": 14,
  "/retomar": 13,
  "/desligar": 4,
  "/ajuda": 2,
  reply: 18,
  text: 2,
  "in a group": 2,
};

/**
 * By what comes in. An answer that goes through the outbox is counted until it is sent. A tap that is
 * refused takes as long as one that decides: the refusal comes as a message, too.
 */
export const CHAT_BUDGETS: Budgets = Object.fromEntries([
  ...Object.entries(TAPS).map(([action, { answer, message }]) =>
    [`tap ${action}`, { answer, message }] as const
  ),
  ...Object.entries(WRITTEN).map(([what, message]) => [what, { message }] as const),
]);
