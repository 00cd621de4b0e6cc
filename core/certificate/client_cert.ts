import type { ClientCertHeader } from "../config/mod.ts";
import { accept, refuse, type Result } from "../result.ts";
import type { Bytes } from "./der.ts";
import { decodeBase64 } from "./pem.ts";
import { tryParseCertificate } from "./x509.ts";

/** DER of a certificate whose key the other side of a TLS connection holds, and of what came along. */
export interface ClientCertificate {
  leaf: Uint8Array;
  /** An untrusted pool, in any order. */
  intermediates: readonly Uint8Array[];
}

/** Characters; an e-CNPJ has some 3,000. */
const MAX_CERTIFICATE_TEXT = 16 * 1024;
/** The deepest path of ICP-Brasil has three authorities; clients send some of them twice. */
const MAX_CHAIN = 10;

/**
 * Reads the certificate that a proxy has put into the headers; null when it put none. Only for the
 * headers of a peer that is known to be the proxy: any other peer can write them.
 */
export function readClientCert(
  headers: Headers,
  kind: ClientCertHeader,
): Result<ClientCertificate | null, ClientCertCode> {
  return kind === "nginx" ? readEscapedPem(headers) : readByteSequences(headers);
}

function readByteSequences(headers: Headers): Result<ClientCertificate | null, ClientCertCode> {
  const item = headers.get("client-cert");
  const list = headers.get("client-cert-chain");
  if (item === null) return list === null ? accept(null) : refuse("client_cert_chain_alone");
  const fault = faultOfSingle(item);
  if (fault) return refuse(fault);
  const leaf = readByteSequence(item);
  if (!leaf.ok) return leaf;
  const chain = list === null ? accept([]) : readChain(list);
  return chain.ok ? accept({ leaf: leaf.data, intermediates: chain.data }) : chain;
}

/** Header lines of one name arrive joined by commas; neither base64 nor escaped PEM holds one. */
function faultOfSingle(value: string): ClientCertCode | null {
  if (value === "") return "client_cert_empty";
  if (value.includes(",")) return "client_cert_repeated";
  return value.length > MAX_CERTIFICATE_TEXT ? "client_cert_too_large" : null;
}

/** `:base64:` (RFC 8941, 3.3.5), without parameters: RFC 9440 defines none. */
function readByteSequence(text: string): Result<Bytes, ClientCertCode> {
  const content = /^:([^:]*):$/.exec(text)?.[1];
  if (content === undefined) return refuse("client_cert_not_bytes");
  return readBase64(content);
}

function readBase64(text: string): Result<Bytes, ClientCertCode> {
  if (text === "") return refuse("client_cert_empty");
  const der = decodeBase64(text);
  if (!der) return refuse("client_cert_not_base64");
  return tryParseCertificate(der) ? accept(der) : refuse("client_cert_not_certificate");
}

/** A list may be spread over several lines of the header (RFC 8941, 4.2): they arrive as one. */
function readChain(list: string): Result<Bytes[], ClientCertCode> {
  const members = list.split(",", MAX_CHAIN + 1);
  if (members.length > MAX_CHAIN || members.some(({ length }) => length > MAX_CERTIFICATE_TEXT)) {
    return refuse("client_cert_chain_too_long");
  }
  const chain: Bytes[] = [];
  for (const member of members) {
    const der = readByteSequence(member.replace(/^[ \t]+|[ \t]+$/g, ""));
    if (!der.ok) return refuse("client_cert_chain_malformed");
    chain.push(der.data);
  }
  return accept(chain);
}

/** nginx leaves the header out when its value is empty, that is, without a certificate. */
function readEscapedPem(headers: Headers): Result<ClientCertificate | null, ClientCertCode> {
  const value = headers.get("ssl-client-cert");
  if (value === null) return accept(null);
  const fault = faultOfSingle(value);
  if (fault) return refuse(fault);
  const body = PEM.exec(unescape(value))?.[1];
  if (body === undefined) return refuse("client_cert_not_pem");
  const leaf = readBase64(body.replace(/\r?\n/g, ""));
  return leaf.ok ? accept({ leaf: leaf.data, intermediates: [] }) : leaf;
}

/** One block and nothing around it (RFC 7468, 5.1). */
const PEM = /^-----BEGIN CERTIFICATE-----\r?\n([^-]*)-----END CERTIFICATE-----(?:\r?\n)?$/;

/** The text behind the percent escapes; "" when they are broken. */
function unescape(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return "";
  }
}

/** What the person reads at whom the fault of a proxy's setting shows. */
const FAULT_OF_PROXY =
  "Não é problema do seu certificado: avise o suporte do portal. Enquanto isso, entre com o arquivo " +
  "A1 ou com CPF e senha.";

/** What is said when the certificate of the browser's connection cannot be had. */
export const clientCertMessages = {
  client_cert_door_closed:
    "A entrada com o certificado do navegador não está disponível neste endereço. Entre com o arquivo " +
    "A1 ou com CPF e senha.",
  client_cert_missing:
    "O navegador não apresentou nenhum certificado. Conecte o token ou instale o certificado, feche " +
    "todas as janelas do navegador, abra de novo e escolha o certificado da empresa quando ele " +
    "perguntar. Você também pode entrar com o arquivo A1 ou com CPF e senha.",
  client_cert_not_bytes:
    `O certificado do navegador chegou ao portal fora do formato combinado. ${FAULT_OF_PROXY}`,
  client_cert_empty: `O certificado do navegador chegou vazio ao portal. ${FAULT_OF_PROXY}`,
  client_cert_not_base64:
    `O certificado do navegador chegou ao portal com caracteres estranhos. ${FAULT_OF_PROXY}`,
  client_cert_not_pem:
    `O certificado do navegador não chegou ao portal como texto PEM. ${FAULT_OF_PROXY}`,
  client_cert_not_certificate:
    "O que o navegador apresentou não pôde ser lido como certificado. Apresente o e-CNPJ da empresa " +
    "ou entre com o arquivo A1.",
  client_cert_repeated:
    `Mais de um certificado do navegador chegou ao portal de uma vez. ${FAULT_OF_PROXY}`,
  client_cert_too_large:
    "O certificado do navegador é grande demais para ser o de uma empresa. Apresente o e-CNPJ ou entre " +
    "com o arquivo A1.",
  client_cert_chain_alone:
    `Chegou ao portal a cadeia de um certificado, mas não o certificado. ${FAULT_OF_PROXY}`,
  client_cert_chain_malformed:
    `A cadeia do certificado do navegador chegou danificada ao portal. ${FAULT_OF_PROXY}`,
  client_cert_chain_too_long:
    "O navegador enviou autoridades demais junto com o certificado. Apresente só o certificado da " +
    "empresa ou entre com o arquivo A1.",
} as const;

export type ClientCertCode = keyof typeof clientCertMessages;
