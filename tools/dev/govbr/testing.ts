import type { GovbrLevel } from "@/core/account/govbr/level.ts";

export interface Choice {
  cpf: string;
  level?: GovbrLevel;
  /** Has gov.br verified the e-mail? Yes unless told. */
  email?: boolean;
  /** Says no. */
  deny?: boolean;
}

/**
 * A person's browser at the provider: from the address that the portal sent them to, through the page
 * with the people, to the address that the provider sends them back to (which is not fetched).
 */
export async function visitGovbr(address: URL, choice: Choice): Promise<URL> {
  const browser = new Browser();
  const page = await browser.follow(address);
  const form = new URLSearchParams({
    cpf: choice.cpf,
    nivel: choice.level ?? "silver",
    acao: choice.deny ? "negar" : "entrar",
    ...choice.email === false ? {} : { email: "sim" },
  });
  const back = await browser.post(page, form);
  return await browser.follow(back, address.origin);
}

/** Keeps cookies and follows redirects, as far as is needed here. */
class Browser {
  readonly #cookies = new Map<string, string>();

  /** Follows redirects within an origin; the address of the first page, or of the first elsewhere. */
  async follow(address: URL, within = address.origin): Promise<URL> {
    while (address.origin === within) {
      const response = await this.#fetch(address, {});
      const location = response.headers.get("location");
      if (response.status >= 400) throw new Error(`${address.pathname}: ${response.status}`);
      if (!location) return address;
      address = new URL(location, address);
    }
    return address;
  }

  async post(address: URL, body: URLSearchParams): Promise<URL> {
    const response = await this.#fetch(address, { method: "POST", body });
    return new URL(response.headers.get("location")!, address);
  }

  async #fetch(address: URL, init: RequestInit): Promise<Response> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const response = await fetch(address, { ...init, headers: { cookie }, redirect: "manual" });
    await response.body?.cancel();
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!;
      this.#cookies.set(name!, value!);
    }
    return response;
  }
}
