import { createCrl, CRL_HOST, type Pki } from "@/tools/pki/mod.ts";

const HOUR = 60 * 60_000;

/**
 * Serves the revocation lists of the development PKI, made anew for each request, at a free port of
 * this machine. The portal reaches it as the host that the certificates name (see `CRL_HOST`).
 *
 * @returns `standIns` for the portal's configuration
 */
export function startCrlServer(pki: Pki) {
  const authorities: Record<string, Pki[keyof Pki]> = {
    "/raiz.crl": pki.root,
    "/secretaria.crl": pki.secretaria,
    "/emissora.crl": pki.issuing,
  };
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async ({ url }) => {
      const authority = authorities[new URL(url).pathname];
      if (!authority) return new Response(null, { status: 404 });
      const now = Date.now();
      const list = await createCrl(authority, {
        // Rises also from one start of the server to the next.
        number: Math.floor(now / 1_000),
        // A minute ago: the clock of the reader may be a little slow.
        thisUpdate: new Date(now - 60_000),
        nextUpdate: new Date(now + 6 * HOUR),
      });
      return new Response(list, { headers: { "Content-Type": "application/pkix-crl" } });
    },
  );
  const { hostname, port } = server.addr;
  return { standIns: { [CRL_HOST]: { address: hostname, port } }, close: () => server.shutdown() };
}
