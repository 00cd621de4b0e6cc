import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { certificateMessages } from "@/core/certificate/messages.ts";
import { encodeBase64, readPem } from "@/core/certificate/pem.ts";
import { hasProgram, postWithOpenssl, stealCertificate } from "./openssl.ts";
import { TlsVisitor } from "./visitor.ts";
import { type Doors, PROXY_SECRET } from "./world.ts";

export const BUTTON = "Entrar com o certificado deste navegador";

/** The company's certificate in every header that some setting believes, and the secret with it. */
export function forgedHeaders(doors: Doors): [string, string][] {
  const { cert } = doors.clients.company;
  const [leaf] = readPem(cert);
  const bytes = `:${encodeBase64(leaf!)}:`;
  return [
    ["client-cert", bytes],
    ["client-cert-chain", bytes],
    ["ssl-client-cert", encodeURIComponent(cert.slice(0, cert.indexOf("-----END") + 26))],
    ["habilita-proxy-secret", PROXY_SECRET],
  ];
}

/** What must hold at a TLS door whoever ends TLS. */
export async function tryDoor(t: Deno.TestContext, doors: Doors, port: number): Promise<void> {
  const origin = `https://localhost:${port}`;
  const visit = async (
    client: keyof Doors["clients"] | null,
    headers: [string, string][] = [],
  ) => {
    using visitor = new TlsVisitor(doors, origin, {
      certificate: client ? doors.clients[client] : undefined,
      headers,
    });
    return await visitor.enter();
  };
  const entered = { status: 303, location: "/primeiro-acesso", error: "" };
  const refused = (error: string) => ({ status: 422, location: null, error });
  const unknownIssuer = certificateMessages.issuer_unknown.replace("{emissor}", "AC Estranha");
  const missing = refused(certificateMessages.client_cert_missing);

  await t.step("the company's certificate leads to the first access", async () => {
    assertEquals(await visit("company"), entered);
  });

  await t.step(
    "without a certificate the button says so, the other doors are offered",
    async () => {
      assertEquals(await visit(null), missing);
      using visitor = new TlsVisitor(doors, origin);
      const { html } = await visitor.page();
      assertStringIncludes(html, BUTTON);
      assertStringIncludes(html, 'href="/entrar"');
      assertStringIncludes((await visitor.page("/entrar")).html, "Entrar com senha");
    },
  );

  await t.step("an expired certificate gets the portal's message", async () => {
    const date = new Date("2021-02-01").toLocaleDateString("pt-BR", {
      timeZone: "America/Sao_Paulo",
    });
    assertEquals(
      await visit("expired"),
      refused(certificateMessages.certificate_expired.replace("{data}", date)),
    );
  });

  await t.step("a certificate of an unknown authority is refused", async () => {
    assertEquals(await visit("stranger"), refused(unknownIssuer));
  });

  await t.step("headers of the client's own do nothing", async () => {
    const forged = forgedHeaders(doors);
    assertEquals(await visit(null, forged), missing);
    assertEquals(await visit(null, [...forged, ...forged]), missing);
    assertEquals(await visit("stranger", forged), refused(unknownIssuer));
    assertEquals(await visit("company", forged), entered);
    const oddlyCased = forged.map(([name, value]) => [name.toUpperCase(), value]);
    assertEquals(await visit(null, oddlyCased as [string, string][]), missing);
  });

  await t.step("a link, a prefetch and a form of another site log nobody in", async () => {
    using visitor = new TlsVisitor(doors, origin, { certificate: doors.clients.company });
    const { cookie } = await visitor.page();
    assert(cookie.startsWith("__Host-"), cookie);
    assertEquals((await visitor.get("/certificado/navegador", cookie)).location, "/certificado");
    const foreign: [string, string][] = [["origin", "https://outro.example"]];
    assertEquals((await visitor.post(cookie, foreign)).status, 403);
    assertEquals((await visitor.post(cookie, [["sec-fetch-site", "cross-site"]])).status, 403);
    assertEquals((await visitor.post("outro=1")).location, "/entrar?fim");
    assertEquals((await visitor.get("/primeiro-acesso", cookie)).status, 303);
    assertEquals(await visitor.post(cookie), entered);
  });

  if (!hasProgram("openssl")) {
    await t.step({
      name: "openssl is not installed: no handshakes by hand",
      ignore: true,
      fn() {},
    });
    return;
  }
  using visitor = new TlsVisitor(doors, origin);

  await t.step("somebody else's certificate with another key ends the handshake", async () => {
    const stolen = await stealCertificate(doors.clients.company);
    for (const version of ["-tls1_2", "-tls1_3"]) {
      const { cookie } = await visitor.page();
      const output = await postWithOpenssl(port, { client: stolen, cookie, options: [version] });
      assert(!output.includes("HTTP/1.1"), output);
      assertStringIncludes(output, "alert");
      const genuine = await postWithOpenssl(port, {
        client: doors.clients.company,
        cookie,
        options: [version],
      });
      assertStringIncludes(genuine, "HTTP/1.1 303");
    }
  });

  await t.step("a resumed session does not make an unknown authority known", async () => {
    const session = await Deno.makeTempFile();
    const { stranger } = doors.clients;
    for (const version of ["-tls1_2", "-tls1_3"]) {
      const { cookie } = await visitor.page();
      const post = (options: string[]) =>
        postWithOpenssl(port, { client: stranger, cookie, options });
      const first = await post([version, "-sess_out", session]);
      assertStringIncludes(first, "New, TLS");
      const again = await post([version, "-sess_in", session]);
      assertStringIncludes(again, "Reused, TLS");
      for (const answer of [first, again]) {
        assertStringIncludes(answer, "HTTP/1.1 422");
        assertStringIncludes(answer, unknownIssuer);
      }
    }
    await Deno.remove(session);
  });
}

/** At the portal's own address nobody is asked for a certificate, and nobody can claim one. */
export async function tryPlainAddress(
  t: Deno.TestContext,
  doors: Doors,
  port: number,
  host: string,
): Promise<void> {
  const ignore = !hasProgram("openssl");
  await t.step({ name: `no certificate is asked for at ${host}`, ignore, fn: askNobody });

  async function askNobody() {
    using visitor = new TlsVisitor(doors, `https://localhost:${port}`);
    const { cookie } = await visitor.page();
    const client = doors.clients.company;
    for (const headers of [[], forgedHeaders(doors)]) {
      const answer = await postWithOpenssl(port, { client, cookie, host, headers });
      assertStringIncludes(answer, "HTTP/1.1 422");
      assertStringIncludes(answer, certificateMessages.client_cert_missing);
    }
  }
}
