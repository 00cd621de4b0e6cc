import type { Doors, TlsFiles } from "./world.ts";

/** What came of posting the button "Entrar com o certificado deste navegador". */
export interface Entry {
  status: number;
  location: string | null;
  /** The error that the page shows, "" when none. */
  error: string;
}

interface VisitorOptions {
  /** Of the client; none when left out. */
  certificate?: TlsFiles;
  /** Sent with every request, also more than once. */
  headers?: [string, string][];
  /** Where the connection comes from: one of this machine's addresses. */
  localAddress?: string;
}

/** One browser without a window: real TLS, cookies by hand. */
export class TlsVisitor implements Disposable {
  readonly #client: Deno.HttpClient;
  readonly #origin: string;
  readonly #headers: [string, string][];

  constructor(doors: Doors, origin: string, options: VisitorOptions = {}) {
    const { certificate, headers = [], localAddress } = options;
    this.#client = Deno.createHttpClient({ caCerts: [doors.root], localAddress, ...certificate });
    this.#origin = origin;
    this.#headers = headers;
  }

  [Symbol.dispose](): void {
    this.#client.close();
  }

  async page(path = "/certificado"): Promise<{ html: string; cookie: string }> {
    const response = await this.#fetch(path);
    const cookie = response.headers.get("set-cookie")?.split(";")[0] ?? "";
    return { html: await response.text(), cookie };
  }

  async get(path: string, cookie: string): Promise<{ status: number; location: string | null }> {
    const response = await this.#fetch(path, { headers: [["cookie", cookie]] });
    await response.body?.cancel();
    return { status: response.status, location: response.headers.get("location") };
  }

  /** Opens the certificate door and posts the button. */
  async enter(): Promise<Entry> {
    const { cookie } = await this.page();
    return await this.post(cookie);
  }

  async post(cookie: string, headers: [string, string][] = []): Promise<Entry> {
    const response = await this.#fetch("/certificado/navegador", {
      method: "POST",
      headers: [["cookie", cookie], ...headers],
    });
    const html = await response.text();
    return {
      status: response.status,
      location: response.headers.get("location"),
      error: /role="alert">([^<]*)</.exec(html)?.[1]?.trim() ?? "",
    };
  }

  #fetch(path: string, init: { method?: string; headers?: [string, string][] } = {}) {
    const request: RequestInit & { client: Deno.HttpClient } = {
      method: init.method ?? "GET",
      headers: [...this.#headers, ...init.headers ?? []],
      redirect: "manual",
      client: this.#client,
    };
    return fetch(this.#origin + path, request);
  }
}
