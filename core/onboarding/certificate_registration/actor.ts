import type { PresentedCertificate } from "../../store/records/session.ts";

/** Who the audit log names while no person is known: whoever holds the key of this certificate. */
export function certificateActor({ sha256 }: PresentedCertificate): string {
  return `certificate:${sha256}`;
}
