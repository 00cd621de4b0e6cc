import { isUsualReason, type UsualReason } from "../core/access/requests/describe.ts";

/** What a button says when it is tapped. A stranger can send any of these: nothing in it is trusted. */
export type CallbackData =
  | { action: "approve" | "ask" | "reject" | "write" | "back" | "details"; requestId: string }
  | { action: "reason"; requestId: string; reason: UsualReason }
  /**
   * The page of pending requests that follows this one, the first page when null; of one
   * establishment or of all.
   */
  | { action: "list"; after: string | null; cnes: string | null }
  /** Ends the link of this Telegram account. */
  | { action: "unlink" };

/** A button under a message: says something when it is tapped, or opens an address. */
export type Button = { text: string } & ({ tap: CallbackData } | { url: string });

const LETTER = {
  approve: "a",
  ask: "q",
  reject: "r",
  write: "w",
  back: "b",
  details: "d",
} as const;
type Letter = typeof LETTER[keyof typeof LETTER];
const ACTION = Object.fromEntries(
  Object.entries(LETTER).map(([action, letter]) => [letter, action]),
) as Record<Letter, keyof typeof LETTER>;

/** One letter, the request (a ULID) and what the action needs; the Bot API takes 64 bytes. */
export function packCallback(data: CallbackData): string {
  switch (data.action) {
    case "list":
      return ["l", data.after ?? (data.cnes ? "" : null), data.cnes]
        .filter((part) => part !== null).join(":");
    case "unlink":
      return "u";
    case "reason":
      return `n:${data.requestId}:${data.reason}`;
    default:
      return `${LETTER[data.action]}:${data.requestId}`;
  }
}

/** Null for everything that `packCallback` does not make. */
export function parseCallback(text: string): CallbackData | null {
  if (text === "u") return { action: "unlink" };
  const list = /^l(?::(?=.)([0-9A-HJKMNP-TV-Z]{26})?(?::(\d{7}))?)?$/.exec(text);
  if (list) return { action: "list", after: list[1] ?? null, cnes: list[2] ?? null };
  const match = /^([abdqrwn]):([0-9A-HJKMNP-TV-Z]{26})(?::([a-z]{1,20}))?$/.exec(text);
  if (!match) return null;
  const [, letter, requestId = "", reason] = match;
  if (letter === "n") {
    return reason && isUsualReason(reason) ? { action: "reason", requestId, reason } : null;
  }
  return reason ? null : { action: ACTION[letter as Letter], requestId };
}
