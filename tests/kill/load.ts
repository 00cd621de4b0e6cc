import type { AccountId } from "@/core/store/records/account.ts";
import { manyPerson, type TestPerson } from "@/tests/fixtures/mod.ts";
import { isCard } from "../bot/drive.ts";
import { type Answer, browse } from "./browser.ts";
import type { Place, Visitor, World } from "./world.ts";

/** What people have tried, and what the portal has told them was done. */
export class Ledger {
  /** Requests that were acknowledged. */
  readonly asked: { account: AccountId; cnes: string }[] = [];
  /** Decisions that were acknowledged to who made them on the site. */
  readonly decided: { id: string; outcome: "aprovada" | "reprovada" }[] = [];
  /** Requests that were tapped on in a chat. */
  readonly tapped = new Set<string>();
  /** People whom the representative wanted to register; whether that was acknowledged. */
  readonly registered = new Map<string, { person: TestPerson; acknowledged: boolean }>();
  /** How many of these were acknowledged. */
  users = 0;

  get acknowledged(): number {
    return this.asked.length + this.decided.length + this.users;
  }
}

/** How long a person looks for the card of a request in the chat (ms). */
const LOOK = 400;
const PAUSE = 20;
/** How long a portal under load may take (ms). */
const PATIENCE = 10_000;
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** People who use the portal until they are told to end; when it is away they try again. */
export class Load {
  readonly ledger = new Ledger();
  readonly #world: World;
  readonly #working: Promise<void>[];
  #ended = false;
  /** Not one of those who are there. */
  #next = 100_000;

  constructor(world: World) {
    this.#world = world;
    this.#working = world.places.map((place) => this.#work(place));
    this.#working.push(this.#register(), this.#register());
  }

  /** Resolves when so many more changes have been acknowledged, or after ten seconds. */
  async acknowledges(more: number): Promise<void> {
    const wanted = this.ledger.acknowledged + more;
    for (const end = Date.now() + PATIENCE; Date.now() < end; await pause(5)) {
      if (this.ledger.acknowledged >= wanted) return;
    }
  }

  /** Resolves when each has finished what they were at; the portal has to be up. */
  async end(): Promise<void> {
    this.#ended = true;
    await Promise.all(this.#working);
  }

  /** At one establishment each person asks once, and two decide. */
  async #work(place: Place): Promise<void> {
    for (const [i, requester] of place.requesters.entries()) {
      if (this.#ended) return;
      await this.#ask(place, requester);
      while (!await this.#decide(place, requester, i % 3 === 0 ? "reprovar" : "aprovar"));
    }
  }

  async #ask({ cnes }: Place, { cookie, person }: Visitor): Promise<void> {
    const form = { acao: "perfil", perfil: "OPERADOR" };
    const { location } = await this.#insist(`/solicitar/${cnes}`, cookie, form);
    // 422 without one: a request that was not acknowledged has been made all the same.
    if (location.endsWith("?aviso=pedido")) this.ledger.asked.push({ account: person.id, cnes });
  }

  /** Both decide at once, in the chat and on the site. @returns whether nothing waits any more */
  async #decide(
    { cnes, inChat, onSite }: Place,
    { person }: Visitor,
    decision: "aprovar" | "reprovar",
  ): Promise<boolean> {
    const page = await this.#insist(`/pedidos?fila=${cnes}`, onSite.cookie);
    const waiting = [...page.text.matchAll(/name="pedido" value="(\w{26})"/g)].map(([, id]) => id!);
    const card = await this.#look(inChat.chatId, person);
    for (const id of new Set(waiting)) {
      if (card !== null) {
        this.#world.telegram.tap(inChat.chatId, card, `a:${id}`, { unchecked: true });
        this.ledger.tapped.add(id);
      }
      const reason: Record<string, string> = decision === "reprovar"
        ? { motivo: "outro", texto: "Setor errado" }
        : {};
      const form = { pedido: id, decisao: decision, ...reason };
      const { location } = await this.#insist("/pedidos", onSite.cookie, form);
      const outcome = decision === "aprovar" ? "aprovada" : "reprovada";
      if (location.endsWith(`decidido=${id}`)) this.ledger.decided.push({ id, outcome });
    }
    return waiting.length === 0;
  }

  /** The message that shows a person's request; null when it does not come soon. */
  async #look(chatId: number, person: Visitor["person"]): Promise<number | null> {
    for (const end = Date.now() + LOOK; Date.now() < end; await pause(PAUSE)) {
      const messages = this.#world.telegram.messages(chatId);
      const card = messages.findLast(({ text }) => isCard(text, person));
      if (card) return card.message_id;
    }
    return null;
  }

  async #register(): Promise<void> {
    const { cookie } = this.#world.representative;
    while (!this.#ended) {
      const person = manyPerson(this.#next++);
      this.ledger.registered.set(person.cpf, { person, acknowledged: false });
      const form = { cpf: person.cpf, nome: person.name, email: person.email, sistema: "sib" };
      const { location } = await this.#insist("/usuarios/novo", cookie, form);
      if (location.includes("aviso=convidado")) {
        this.ledger.registered.get(person.cpf)!.acknowledged = true;
        this.ledger.users++;
      }
      await pause(PAUSE);
    }
  }

  /** Until the portal answers: a person who was told nothing tries again. */
  async #insist(path: string, cookie: string, form?: Record<string, string>): Promise<Answer> {
    for (;;) {
      const answer = await browse(this.#world.origin, path, cookie, form);
      if (answer) return answer;
      await pause(PAUSE);
    }
  }
}
