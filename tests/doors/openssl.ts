import { join } from "@std/path";
import { decodeBase64Url } from "@std/encoding";
import { integer, sequence } from "@/tests/support/pki/der.ts";
import { readPem } from "@/core/certificate/pem.ts";
import { toPem } from "@/tools/pki/pem.ts";
import { generateKey } from "@/tools/pki/pki.ts";
import type { TlsFiles } from "./world.ts";

/** Is this program on the machine? */
export function hasProgram(program: string): boolean {
  const folders = [...(Deno.env.get("PATH") ?? "").split(":"), "/usr/sbin"];
  return folders.some((folder) => {
    try {
      return Deno.statSync(join(folder, program)).isFile;
    } catch {
      return false;
    }
  });
}

interface OpensslPost {
  client: TlsFiles;
  cookie: string;
  /** Of `s_client`, e.g. `-sess_out FILE`. */
  options?: readonly string[];
  /** Name that is asked for, in TLS and in HTTP. */
  host?: string;
  headers?: readonly (readonly [string, string])[];
}

/**
 * Posts the button with `openssl s_client`, which can do what no browser does.
 *
 * @returns all that it printed: about the handshake, and the answer
 */
export async function postWithOpenssl(
  port: number,
  { client, cookie, options = [], host = "localhost", headers = [] }: OpensslPost,
): Promise<string> {
  const folder = await Deno.makeTempDir();
  try {
    const [cert, key] = [join(folder, "cert.pem"), join(folder, "key.pem")];
    await Deno.writeTextFile(cert, client.cert);
    await Deno.writeTextFile(key, client.key);
    const child = new Deno.Command("openssl", {
      args: [
        ...["s_client", "-connect", `127.0.0.1:${port}`, "-servername", host],
        ...["-cert", cert, "-key", key, "-ign_eof", ...options],
      ],
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const output = child.output();
    const input = child.stdin.getWriter();
    const lines = [
      "POST /certificado/navegador HTTP/1.1",
      `Host: ${host}:${port}`,
      `Cookie: ${cookie}`,
      "Content-Length: 0",
      "Connection: close",
      ...headers.map(([name, value]) => `${name}: ${value}`),
    ];
    // A failed handshake closes the pipe before anything is read from it.
    await input.write(new TextEncoder().encode(`${lines.join("\r\n")}\r\n\r\n`)).catch(() => {});
    await input.close().catch(() => {});
    const { stdout, stderr } = await output;
    return new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/**
 * What somebody has who copied a certificate: its public numbers, and a private exponent of their
 * own. TLS programs compare only the public ones with the certificate before they use the key.
 */
export async function stealCertificate(victim: TlsFiles): Promise<TlsFiles> {
  const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
  const [pkcs8] = readPem(victim.key, "PRIVATE KEY");
  const key = await crypto.subtle.importKey("pkcs8", pkcs8!, algorithm, true, ["sign"]);
  const { n, e } = await crypto.subtle.exportKey("jwk", key);
  const { privateKey } = await generateKey();
  const { d, p, q, dp, dq, qi } = await crypto.subtle.exportKey("jwk", privateKey);
  // RSAPrivateKey of RFC 8017, A.1.2.
  const numbers = [n, e, d, p, q, dp, dq, qi].map((text) => integer(decodeBase64Url(text!)));
  return { cert: victim.cert, key: toPem("RSA PRIVATE KEY", sequence(integer(0), ...numbers)) };
}
