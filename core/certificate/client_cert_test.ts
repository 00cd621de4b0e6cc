import { assertEquals, assertMatch } from "@std/assert";
import { issueCompanyCertificate } from "@/tools/pki/mod.ts";
import { toPem } from "@/tools/pki/pem.ts";
import { EXAMPLE_COMPANY, testPki } from "@/tests/fixtures/pki.ts";
import { explain } from "../messages.ts";
import { encodeBase64 } from "./pem.ts";
import { type ClientCertCode, clientCertMessages, readClientCert } from "./client_cert.ts";

const { certificate, chain } = await issueCompanyCertificate(await testPki(), EXAMPLE_COMPANY);
const base64 = encodeBase64(certificate);
const [first, second] = chain.map((der) => `:${encodeBase64(der)}:`) as [string, string];
const leaf = `:${base64}:`;
const pem = toPem("CERTIFICATE", certificate);
/** Escaped as nginx does: everything but letters, digits and `-._~`. */
const escaped = encodeURIComponent(pem);

type Lines = [name: string, value: string][];
const rfc9440 = (...lines: Lines) => readClientCert(new Headers(lines), "rfc9440");
const nginx = (...lines: Lines) => readClientCert(new Headers(lines), "nginx");
const cert = (value: string): [string, string] => ["Client-Cert", value];
const more = (value: string): [string, string] => ["Client-Cert-Chain", value];
const ssl = (value: string): [string, string] => ["SSL-Client-Cert", value];

Deno.test("Client-Cert gives the certificate", () => {
  const expected = { leaf: certificate, intermediates: [] };
  assertEquals(rfc9440(cert(leaf)), { ok: true, data: expected });
  assertEquals(rfc9440(cert(` \t${leaf} `)), { ok: true, data: expected });
});

Deno.test("Client-Cert-Chain gives the others, on one line or several", () => {
  const expected = { ok: true, data: { leaf: certificate, intermediates: chain } };
  assertEquals(rfc9440(cert(leaf), more(`${first},${second}`)), expected);
  assertEquals(rfc9440(cert(leaf), more(`${first} ,\t ${second}`)), expected);
  assertEquals(rfc9440(cert(leaf), more(first), more(second)), expected);
});

Deno.test("nginx's escaped PEM gives the certificate", () => {
  const expected = { ok: true, data: { leaf: certificate, intermediates: [] } };
  assertEquals(nginx(ssl(escaped)), expected);
  assertEquals(nginx(ssl(encodeURIComponent(pem.replaceAll("\n", "\r\n")))), expected);
  assertEquals(nginx(ssl(encodeURIComponent(pem.trimEnd()))), expected);
});

Deno.test("no header, no certificate; only the configured header is read", () => {
  const none = { ok: true, data: null };
  assertEquals(rfc9440(), none);
  assertEquals(rfc9440(ssl(escaped)), none);
  assertEquals(nginx(), none);
  assertEquals(nginx(cert(leaf), more(first)), none);
});

const ten = Array(10).fill(first).join(", ");
const flipped = new Uint8Array(certificate);
flipped[0] = 0x31;

const REFUSED: [what: string, code: ClientCertCode, Lines][] = [
  ["without colons", "client_cert_not_bytes", [cert(base64)]],
  ["only the first colon", "client_cert_not_bytes", [cert(`:${base64}`)]],
  ["only the last colon", "client_cert_not_bytes", [cert(`${base64}:`)]],
  ["quotes for colons", "client_cert_not_bytes", [cert(`"${base64}"`)]],
  ["a colon too many", "client_cert_not_bytes", [cert(`::${base64}:`)]],
  ["with a parameter", "client_cert_not_bytes", [cert(`${leaf};a=1`)]],
  ["a PEM", "client_cert_not_bytes", [cert(escaped)]],
  ["an empty line", "client_cert_empty", [cert("")]],
  ["an empty sequence", "client_cert_empty", [cert("::")]],
  ["a blank inside", "client_cert_not_base64", [
    cert(`:${base64.slice(0, 8)} ${base64.slice(8)}:`),
  ]],
  ["a blank for content", "client_cert_not_base64", [cert(": :")]],
  ["strange characters", "client_cert_not_base64", [cert(`:${base64.replace(/../, "%2")}:`)]],
  ["the URL alphabet", "client_cert_not_base64", [cert(`:${base64.slice(0, -4)}-_A=:`)]],
  ["no padding", "client_cert_not_base64", [cert(":MIIB:".replace("B", ""))]],
  ["padding alone", "client_cert_not_base64", [cert(":====:")]],
  ["the name of a placeholder", "client_cert_not_base64", [cert(":{tls_client}:")]],
  ["base64 of a text", "client_cert_not_certificate", [cert(`:${btoa("certificado")}:`)]],
  ["another tag", "client_cert_not_certificate", [cert(`:${encodeBase64(flipped)}:`)]],
  ["a truncated certificate", "client_cert_not_certificate", [
    cert(`:${encodeBase64(certificate.slice(0, -1))}:`),
  ]],
  ["a certificate and more", "client_cert_not_certificate", [
    cert(`:${encodeBase64(new Uint8Array([...certificate, 0]))}:`),
  ]],
  ["twice", "client_cert_repeated", [cert(leaf), cert(leaf)]],
  ["twice, first empty", "client_cert_repeated", [cert(""), cert(leaf)]],
  ["a list", "client_cert_repeated", [cert(`${leaf}, ${first}`)]],
  ["huge", "client_cert_too_large", [cert(`:${"A".repeat(20_000)}:`)]],
  ["a chain alone", "client_cert_chain_alone", [more(first)]],
  ["an empty chain", "client_cert_chain_malformed", [cert(leaf), more("")]],
  ["an empty member", "client_cert_chain_malformed", [cert(leaf), more(`${first},,${second}`)]],
  ["a comma at the end", "client_cert_chain_malformed", [cert(leaf), more(`${first},`)]],
  ["an empty sequence in the chain", "client_cert_chain_malformed", [cert(leaf), more("::")]],
  ["a member without colons", "client_cert_chain_malformed", [cert(leaf), more(`${first}, MIIB`)]],
  ["a member that is no certificate", "client_cert_chain_malformed", [
    cert(leaf),
    more(`${first}, :AAAA:`),
  ]],
  ["eleven in the chain", "client_cert_chain_too_long", [cert(leaf), more(`${ten}, ${first}`)]],
  ["eleven on two lines", "client_cert_chain_too_long", [cert(leaf), more(ten), more(first)]],
  ["a huge member", "client_cert_chain_too_long", [cert(leaf), more(`:${"A".repeat(20_000)}:`)]],
];

for (const [what, code, lines] of REFUSED) {
  Deno.test(`Client-Cert is refused: ${what}`, () => {
    assertEquals(rfc9440(...lines), { ok: false, code });
  });
}

const body = pem.split("\n").slice(1, -2).join("\n");
const REFUSED_PEM: [what: string, code: ClientCertCode, Lines][] = [
  ["empty", "client_cert_empty", [ssl("")]],
  ["twice", "client_cert_repeated", [ssl(escaped), ssl(escaped)]],
  ["huge", "client_cert_too_large", [ssl(escaped + "%0A".repeat(10_000))]],
  ["not escaped", "client_cert_not_pem", [ssl(pem.replaceAll("\n", " "))]],
  ["with tabs, as $ssl_client_cert", "client_cert_not_pem", [ssl(pem.replaceAll("\n", "\t"))]],
  ["broken escapes", "client_cert_not_pem", [ssl(`${escaped}%`)]],
  ["escapes that are not UTF-8", "client_cert_not_pem", [ssl(`${escaped}%FF`)]],
  ["a byte sequence", "client_cert_not_pem", [ssl(leaf)]],
  ["escaped twice", "client_cert_not_pem", [ssl(encodeURIComponent(escaped))]],
  ["text before", "client_cert_not_pem", [ssl(encodeURIComponent(`x\n${pem}`))]],
  ["two blocks", "client_cert_not_pem", [ssl(encodeURIComponent(pem + pem))]],
  ["a key", "client_cert_not_pem", [ssl(encodeURIComponent(toPem("PRIVATE KEY", certificate)))]],
  ["no end", "client_cert_not_pem", [ssl(encodeURIComponent(pem.slice(0, -30)))]],
  ["no content", "client_cert_empty", [ssl(encodeURIComponent(pem.replace(body + "\n", "")))]],
  ["blanks inside", "client_cert_not_base64", [
    ssl(encodeURIComponent(pem.replace(body, `${body} `))),
  ]],
  ["another content", "client_cert_not_certificate", [
    ssl(encodeURIComponent(toPem("CERTIFICATE", certificate.slice(1)))),
  ]],
];

for (const [what, code, lines] of REFUSED_PEM) {
  Deno.test(`SSL-Client-Cert is refused: ${what}`, () => {
    assertEquals(nginx(...lines), { ok: false, code });
  });
}

Deno.test("every refusal has a message of its own that says what to do", () => {
  const texts = Object.keys(clientCertMessages).map((code) => explain({ code }));
  assertEquals(new Set(texts).size, texts.length);
  for (const text of texts) assertMatch(text, /arquivo A1/);
});
