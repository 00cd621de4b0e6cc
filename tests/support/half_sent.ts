/** A form of which the last byte is kept back. */
export class HalfSent {
  readonly #connection: Deno.TcpConn;
  readonly #rest: string;

  private constructor(connection: Deno.TcpConn, rest: string) {
    this.#connection = connection;
    this.#rest = rest;
  }

  static async post(origin: string, path: string, form: string): Promise<HalfSent> {
    const { hostname, port, host } = new URL(origin);
    const connection = await Deno.connect({ hostname, port: Number(port) });
    const head = `POST ${path} HTTP/1.1\r\nhost: ${host}\r\norigin: ${origin}\r\n` +
      `content-type: application/x-www-form-urlencoded\r\ncontent-length: ${form.length}\r\n\r\n`;
    await send(connection, head + form.slice(0, -1));
    return new HalfSent(connection, form.slice(-1));
  }

  finish(): Promise<void> {
    return send(this.#connection, this.#rest);
  }

  /** All that the server answers. */
  async answer(): Promise<string> {
    return await new Response(this.#connection.readable).text();
  }

  close(): void {
    this.#connection.close();
  }
}

async function send(connection: Deno.Conn, text: string): Promise<void> {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
}
