import { getSetCookies } from "@std/http";
import { SESSION_COOKIE, sessionToken } from "@/core/account/session.ts";
import type { Deps } from "@/core/deps.ts";
import type { Session } from "@/core/store/records/session.ts";
import { seedSession, type TestPerson } from "@/tests/fixtures/mod.ts";
import type { Handle } from "./check_trips.ts";

/** A browser without JavaScript, as far as a test of answers needs one: it keeps its cookie. */
export class Client {
  #cookie: string | null = null;

  constructor(readonly deps: Deps, readonly handle: Handle) {}

  /** Puts a session of core into the browser. */
  async enter(session: Session): Promise<this> {
    this.#cookie = await sessionToken(this.deps, session);
    return this;
  }

  /** Does it keep a session or a visit? */
  get hasCookie(): boolean {
    return this.#cookie !== null;
  }

  get = (path: string) => this.#send(path, {});

  head = (path: string) => this.#send(path, { method: "HEAD" });

  post(path: string, fields: Record<string, string> | FormData = {}) {
    const body = fields instanceof FormData ? fields : new URLSearchParams(fields);
    return this.#send(path, { method: "POST", body });
  }

  /** Posts the search of a list of people, and goes on to its results. */
  async search(path: string, query: string) {
    const { location } = await this.post(path, { busca: query });
    if (location === null) throw new Error(`${path} leads to no results`);
    return await this.get(location);
  }

  /** As a script of a page does. */
  postJson(path: string, value: unknown, type = "application/json") {
    const headers = { "content-type": type };
    return this.#send(path, { method: "POST", body: JSON.stringify(value), headers });
  }

  /** @returns `location`: where the answer leads on, or null */
  async #send(path: string, init: RequestInit) {
    const headers = new Headers(init.headers);
    if (this.#cookie) headers.set("cookie", `${SESSION_COOKIE}=${this.#cookie}`);
    const address = new URL(path, this.deps.config.origin);
    const response = await this.handle(new Request(address, { ...init, headers }));
    for (const { name, value } of getSetCookies(response.headers)) {
      if (name === SESSION_COOKIE) this.#cookie = value || null;
    }
    const location = response.headers.get("location");
    return { status: response.status, location, text: await response.text() };
  }
}

type Powers = Parameters<typeof seedSession>[2];

/** The browser of a person who is in (see `seedSession`). */
export async function clientOf(deps: Deps, handle: Handle, ...of: [TestPerson, Powers?]) {
  return await new Client(deps, handle).enter(await seedSession(deps, ...of));
}
