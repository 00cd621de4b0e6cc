import { manyPerson, type TestPerson } from "@/tests/fixtures/mod.ts";
import { isCard } from "../bot/drive.ts";
import { type Answer, browse } from "./browser.ts";
import type { Place, Visitor, World } from "./world.ts";

/** What people have tried, and what the portal has told them was done. */
export class Ledger {
  /** Requests that were acknowledged. */
  readonly asked: { cpf: string; cnes: string }[] = [];
  /** Decisions that were acknowledged to who made them on the site. */
  readonly decided: { id: string; outcome: "aprovada" | "reprovada" }[] = [];
  /** Requests that were tapped on in a chat. */
  readonly tapped = new Set<string>();
  /** People whom the representative wanted to register; whether that was acknowledged. */
  readonly registered = new Map<string, { person: TestPerson; acknowledged: boolean }>();

  get acknowledged(): number {
    const users = [...this.registered.values()].filter(({ acknowledged }) => acknowledged).length;
    return this.asked.length + this.decided.length + users;
  }
}

/** How long a person looks for the card of a request in the chat (ms). */
const LOOK = 400;
const PAUSE = 20;
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** People who use the portal until they are told to end; when it is away they try again. */
export class Load {
  readonly ledger = new Ledger();
  readonly #world: World;
  readonly #working: Promise<void>[];
  #ended = false;
  #users = 0;

  constructor(world: World) {
    this.#world = world;
    const share = world.requesters.length / world.places.length;
    this.#working = world.places.map((place, i) => this.#work(place, Math.floor(i * share)));
    this.#working.push(this.#register(), this.#register());
  }

  /** Resolves when each has finished what they were at; the portal has to be up. */
  async end(): Promise<void> {
    this.#ended = true;
    await Promise.all(this.#working);
  }

  /** At one establishment each person asks once, and two decide. */
  async #work(place: Place, from: number): Promise<void> {
    const { requesters } = this.#world;
    for (let i = 0; i < requesters.length && !this.#ended; i++) {
      const requester = requesters[(from + i) % requesters.length]!;
      await this.#ask(place, requester);
      while (!await this.#decide(place, requester, i % 3 === 0 ? "reprovar" : "aprovar"));
    }
  }

  async #ask({ cnes }: Place, { cookie, person }: Visitor): Promise<void> {
    const form = { acao: "perfil", perfil: "OPERADOR" };
    const { status } = await this.#insist(`/solicitar/${cnes}`, cookie, form);
    // 422: a request that was not acknowledged has been made all the same.
    if (status === 303) this.ledger.asked.push({ cpf: person.cpf, cnes });
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
      const { status } = await this.#insist("/pedidos", onSite.cookie, form);
      const outcome = decision === "aprovar" ? "aprovada" : "reprovada";
      if (status === 303) this.ledger.decided.push({ id, outcome });
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
      const person = manyPerson(this.#users++);
      this.ledger.registered.set(person.cpf, { person, acknowledged: false });
      const form = { cpf: person.cpf, nome: person.name, email: person.email, sistema: "sib" };
      const { status } = await this.#insist("/usuarios/novo", cookie, form);
      if (status === 303) this.ledger.registered.get(person.cpf)!.acknowledged = true;
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
