import { createPrivateKey, X509Certificate } from "node:crypto";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { TLSSocket } from "node:tls";
import { getRequestListener } from "@hono/node-server";
import type { ClientCertificate } from "@/core/certificate/client_cert.ts";
import { ConfigError } from "@/core/config/mod.ts";
import type { TlsServeInfo } from "@/http/certificate.ts";
import { listenError } from "@/tools/production.ts";

export interface MtlsOptions {
  /** PEM, the server's certificate first. */
  cert: string;
  /** PEM, PKCS#8. */
  key: string;
  /** 0: any free one. */
  port: number;
  /** All addresses of the machine when left out. */
  hostname?: string;
}

/** How long the server waits (ms), and for how many connections. */
export interface MtlsBounds {
  /** For the TLS handshake. */
  handshake: number;
  /** For the headers of a request. */
  headers: number;
  /** For a whole request. Longer than the portal waits for a body: it says so on a page. */
  request: number;
  /** For the next request on a connection. */
  keepAlive: number;
  /** At the same time; one more is closed at once. */
  connections: number;
}

const BOUNDS: MtlsBounds = {
  handshake: 10_000,
  headers: 15_000,
  request: 30_000,
  keepAlive: 15_000,
  connections: 1_000,
};

export interface MtlsServer extends AsyncDisposable {
  port: number;
  /** Takes no more requests; resolves when those in flight are finished. */
  shutdown(): Promise<void>;
}

/** How often connections are closed that a stop has left without a request (ms). */
const LOOK = 50;

/** Certificates of a client that are looked at: more than any path of ICP-Brasil has. */
const MAX_CHAIN = 10;

/**
 * Serves a fetch handler over HTTPS and asks every client for a certificate, without insisting.
 * TLS proves that the client holds the key; `rejectUnauthorized: false` lets the portal, not the
 * TLS library, judge the certificate, so that it can say what is wrong with it.
 *
 * @throws {ConfigError} when the certificate or the key cannot be used or the port is taken
 */
export async function serveMtls(
  handler: Deno.ServeHandler,
  options: MtlsOptions,
  bounds: MtlsBounds = BOUNDS,
): Promise<MtlsServer> {
  const listener = getRequestListener(
    (request, { incoming, outgoing }) => {
      const info = connectionOf(
        incoming.socket as TLSSocket,
        new Promise((resolve) => {
          outgoing.once("close", () => resolve());
        }),
      );
      return handler(request, info);
    },
    // The app makes the runtime's own responses and asks `instanceof Response`.
    { overrideGlobalObjects: false },
  );
  const { cert, key, hostname } = options;
  checkFiles(cert, key);
  const server = createServer(
    {
      cert,
      key,
      requestCert: true,
      rejectUnauthorized: false,
      minVersion: "TLSv1.2",
      handshakeTimeout: bounds.handshake,
      headersTimeout: bounds.headers,
      requestTimeout: bounds.request,
      keepAliveTimeout: bounds.keepAlive,
      connectionsCheckingInterval: Math.min(1_000, bounds.headers / 2),
    },
    listener,
  );
  server.maxConnections = bounds.connections;
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause) => reject(listenError(options, cause)));
    server.listen(options.port, hostname, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    async shutdown() {
      const looking = setInterval(() => server.closeIdleConnections(), LOOK);
      await new Promise((resolve) => server.close(resolve));
      clearInterval(looking);
    },
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** The TLS library takes anything here and then fails every handshake without a word. */
function checkFiles(cert: string, key: string): void {
  let fits = false;
  try {
    fits = new X509Certificate(cert).checkPrivateKey(createPrivateKey(key));
  } catch {
    // One of them is not what it should be.
  }
  if (!fits) {
    throw new ConfigError(
      "O certificado de TLS_CERT e a chave de TLS_KEY não servem: confira se são arquivos PEM, a " +
        "chave sem senha, e se um é do outro.",
    );
  }
}

/** `socket.authorized` is not asked: a resumed session makes it true for any certificate. */
function connectionOf(socket: TLSSocket, completed: Promise<void>): TlsServeInfo {
  const { remoteAddress = "", remotePort = 0 } = socket;
  return {
    remoteAddr: { transport: "tcp", hostname: remoteAddress, port: remotePort },
    completed,
    // Read when it is asked for: few requests need it.
    get clientCertificate() {
      return certificatesOf(socket);
    },
  };
}

function certificatesOf(socket: TLSSocket): ClientCertificate | null {
  const chain: Uint8Array[] = [];
  let at = socket.getPeerCertificate(true);
  // Without a certificate the answer is an object without `raw`; a root is its own issuer.
  while (at?.raw && chain.length < MAX_CHAIN) {
    chain.push(new Uint8Array(at.raw));
    if (at.issuerCertificate === at) break;
    at = at.issuerCertificate;
  }
  const [leaf, ...intermediates] = chain;
  return leaf ? { leaf, intermediates } : null;
}
