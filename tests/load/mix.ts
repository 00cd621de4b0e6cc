import { manyPerson } from "@/tests/fixtures/mod.ts";
import { syntheticCpf } from "@/tools/sample/people.ts";
import type { World } from "../kill/world.ts";

/** One kind of visit: its share of a hundred, and what is asked. */
interface Kind {
  name: string;
  share: number;
  path: (n: number) => string;
  cookie?: (n: number) => string;
  form?: (n: number) => Record<string, string>;
  /** What the portal answers. */
  expected: number;
}

/** What people do on the portal, mixed as they do it; each visit comes from another address. */
export class Mix {
  readonly #origin: string;
  readonly #kinds: readonly Kind[];
  count = 0;
  /** Milliseconds of each visit, by kind. */
  readonly times = new Map<string, number[]>();
  /** What went wrong, and how often. */
  readonly errors = new Map<string, number>();

  constructor({ origin, places, representative }: World) {
    this.#origin = origin;
    const represents = () => representative.cookie;
    const place = (n: number) => places[n % places.length]!;
    const administers = (n: number) => place(n).onSite.cookie;
    this.#kinds = [
      { name: "home page", share: 30, path: () => "/", expected: 200 },
      { name: "sign-in page", share: 15, path: () => "/entrar", expected: 200 },
      { name: "style sheet", share: 15, path: () => "/app.css", expected: 200 },
      { name: "panel", share: 15, path: () => "/painel", cookie: represents, expected: 200 },
      { name: "users", share: 10, path: () => "/usuarios", cookie: represents, expected: 200 },
      {
        ...{ name: "an establishment", share: 7, cookie: administers, expected: 200 },
        path: (n) => `/administracao/${place(n).cnes}`,
      },
      {
        ...{ name: "registering a person", share: 5, cookie: represents, expected: 303 },
        path: () => "/usuarios/novo",
        form: (n) => {
          const { cpf, name, email } = manyPerson(500_000 + n);
          return { cpf, nome: name, email, sistema: "sib" };
        },
      },
      {
        ...{ name: "a wrong password", share: 3, path: () => "/entrar", expected: 422 },
        form: (n) => ({ login: syntheticCpf(1_000 + n), senha: "Errada#Aqui9" }),
      },
    ];
  }

  /** Forgets what was seen so far, the errors not. */
  reset(): void {
    this.times.clear();
  }

  /** The next visit, to its end. */
  async visit(): Promise<void> {
    const n = this.count++;
    // Spread, so that each kind comes evenly: 37 and 100 have no common divisor.
    let left = n * 37 % 100;
    const kind = this.#kinds.find(({ share }) => (left -= share) < 0)!;
    const began = performance.now();
    const problem = await this.#ask(kind, n);
    if (problem) {
      const error = `${kind.name}: ${problem}`;
      this.errors.set(error, (this.errors.get(error) ?? 0) + 1);
    }
    if (!this.times.has(kind.name)) this.times.set(kind.name, []);
    this.times.get(kind.name)!.push(performance.now() - began);
  }

  async #ask({ path, cookie, form, expected }: Kind, n: number): Promise<string | null> {
    const headers = new Headers({
      origin: this.#origin,
      "x-forwarded-for": `10.${n >> 16 & 255}.${n >> 8 & 255}.${n & 255}`,
    });
    if (cookie) headers.set("cookie", cookie(n));
    const post = form && { method: "POST", body: new URLSearchParams(form(n)) };
    try {
      const response = await fetch(this.#origin + path(n), {
        ...post,
        headers,
        redirect: "manual",
      });
      await response.body?.cancel();
      return response.status === expected ? null : `${response.status}`;
    } catch (error) {
      return error instanceof Error ? error.message.slice(0, 100) : String(error);
    }
  }
}
