import type { ChannelFault } from "../store/records/health.ts";

/** What nodemailer throws. */
interface SmtpError {
  code?: string;
  /** What was being said to the server, e.g. `RCPT TO`. */
  command?: string;
  responseCode?: number;
  message?: string;
}

/**
 * Whose fault it is that a mail did not go out. What is said to a receiver's address, or to the mail
 * itself, is about that mail; everything before is about the portal and its server: the connection, the
 * login, the sender's address.
 *
 * @param error as nodemailer throws it
 * @returns null when the receiver or the mail was refused
 * @example mailFault(error) // { kind: "login", code: 535 }
 */
export function mailFault(error: unknown): ChannelFault | null {
  const { code, command, responseCode, message = "" } = error as SmtpError;
  const answered = responseCode === undefined ? {} : { code: responseCode };
  if (code === "EMESSAGE" || command === "RCPT TO") return null;
  if (code === "EAUTH" || /^AUTH\b/.test(command ?? "")) return { kind: "login", ...answered };
  if (code === "EDNS" || /ENOTFOUND|EAI_AGAIN/.test(message)) return { kind: "unknown_host" };
  if (code === "ETIMEDOUT") return { kind: "slow" };
  if (code?.endsWith("TLS") || /certificate|\b(TLS|SSL)\b/i.test(message)) return { kind: "tls" };
  if (responseCode !== undefined) return { kind: "answer", ...answered };
  return { kind: /ECONNREFUSED/.test(message) ? "refused" : "broken" };
}
