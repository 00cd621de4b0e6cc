import type { Portal } from "../../portal.ts";
import { keys } from "../../store/keys.ts";
import { list } from "../../store/read.ts";
import type { CrlRecord } from "../../store/records/certificate.ts";
import { shortNameText } from "../name.ts";
import { tryParseCertificate } from "../x509.ts";
import { deleteCrl } from "./store.ts";
import { updateCrl } from "./update.ts";

const HOUR = 60 * 60_000;

/** Authorities publish long before a list runs out; a revocation should not wait for that. */
export const REFRESH_AFTER = 3 * HOUR;
/** Room for three attempts, half an hour apart, before nobody could log in any more. */
export const REFRESH_BEFORE_END = 1.5 * HOUR;

/**
 * Fetches every known list anew that is three hours old or runs out within an hour and a half, and
 * drops those of authorities whose certificates have ended. For `Deno.cron`, every half hour.
 *
 * @param onFailure told each list that could not be had; what is stored stays in use meanwhile
 */
export async function refreshCrls(
  portal: Portal,
  onFailure: (emissor: string, code: string) => void = (emissor, code) =>
    console.error(`crl: ${emissor}: ${code}`),
): Promise<void> {
  for await (const { rest: [id], value } of list(portal.kv, keys.crl.under())) {
    const issuer = tryParseCertificate(value.issuer);
    if (!issuer || issuer.notAfter < portal.now()) {
      await deleteCrl(portal, id, value);
    } else if (isDue(value, portal.now())) {
      const failure = await updateCrl(portal, { issuer, urls: value.urls });
      if (failure) onFailure(shortNameText(issuer.subject), failure.code);
    }
  }
}

function isDue({ fetchedAt, nextUpdate }: CrlRecord, now: number): boolean {
  return now >= fetchedAt + REFRESH_AFTER || now >= nextUpdate - REFRESH_BEFORE_END;
}
