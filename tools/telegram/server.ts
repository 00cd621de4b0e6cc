import { handleControl } from "./control.ts";
import { Telegram, type TelegramOptions } from "./telegram.ts";

export interface TelegramServerOptions extends TelegramOptions {
  /** A free one unless told. */
  port?: number;
  /** `127.0.0.1` unless told. */
  hostname?: string;
}

/**
 * The simulated Telegram, serving the Bot API over real HTTP until `close()`. Not simulated: media,
 * channels, inline mode, edits by people, other markup than HTML.
 */
export class TelegramServer extends Telegram {
  /** Base address for grammY's `client.apiRoot`. */
  readonly apiRoot: string;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  constructor({ port = 0, hostname = "127.0.0.1", ...options }: TelegramServerOptions) {
    super(options);
    this.#server = Deno.serve(
      { port, hostname, onListen: () => {} },
      (request, { remoteAddr }) =>
        new URL(request.url).pathname.startsWith("/control/")
          ? handleControl(this, request, remoteAddr.hostname)
          : this.answer(request),
    );
    const { addr } = this.#server;
    this.apiRoot = `http://${addr.hostname}:${addr.port}`;
  }

  override async close(): Promise<void> {
    await super.close();
    await this.#server.shutdown();
  }
}

/**
 * Starts a stand-in of the Bot API for development or a test.
 *
 * @example
 * const telegram = startTelegram({ token: "1:dev" });
 * const bot = new Bot("1:dev", { client: { apiRoot: telegram.apiRoot } });
 * telegram.addUser({ id: 1001, first_name: "Maria" });
 * telegram.start(1001, "codigo");
 */
export function startTelegram(options: TelegramServerOptions): TelegramServer {
  return new TelegramServer(options);
}
