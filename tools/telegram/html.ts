import type { MessageEntity } from "grammy/types";
import { badRequest, type FormattedText } from "./model.ts";

type SimpleType = "bold" | "italic" | "underline" | "strikethrough" | "spoiler" | "code" | "pre";

/** The tags of `parse_mode: "HTML"` (Bot API, "HTML style"), less those for custom emoji. */
const TYPE_OF_TAG: Record<string, SimpleType | "blockquote" | "text_link"> = {
  b: "bold",
  strong: "bold",
  i: "italic",
  em: "italic",
  u: "underline",
  ins: "underline",
  s: "strikethrough",
  strike: "strikethrough",
  del: "strikethrough",
  "tg-spoiler": "spoiler",
  code: "code",
  pre: "pre",
  blockquote: "blockquote",
  a: "text_link",
};

const NAMED: Record<string, string> = { lt: "<", gt: ">", amp: "&", quot: '"' };

/**
 * Reads a text in the Bot API's HTML style into plain text and entities, as strict as Telegram is:
 * a bare `<` or an unknown or unclosed tag is an error, so that a bot that forgets to escape a
 * name is noticed.
 *
 * @throws {ApiError} 400 "can't parse entities: …"
 */
export function parseHtml(source: string): FormattedText {
  const entities: MessageEntity[] = [];
  const open: { tag: string; offset: number; url?: string; at: number }[] = [];
  let text = "";
  let position = 0;
  while (position < source.length) {
    const next = source[position]!;
    if (next === "&") {
      const reference = /^&(?:(lt|gt|amp|quot)|#(\d+)|#x([0-9a-f]+));/i.exec(
        source.slice(position, position + 12),
      );
      text += reference ? decode(reference) : "&";
      position += reference ? reference[0].length : 1;
    } else if (next === "<") {
      const tag = /^<(\/?)([a-z-]+)((?:\s[^<>]*)?)>/i.exec(source.slice(position));
      const name = tag?.[2]?.toLowerCase();
      if (!tag || !name || !Object.hasOwn(TYPE_OF_TAG, name)) {
        throw cannotParse(`unsupported start tag at byte offset ${bytes(source, position)}`);
      }
      if (tag[1]) {
        const start = open.pop();
        if (start?.tag !== name) {
          throw cannotParse(`unmatched end tag at byte offset ${bytes(source, position)}`);
        }
        const length = text.length - start.offset;
        if (length > 0) entities.push(entity(name, start.offset, length, start.url));
      } else {
        const url = /\shref\s*=\s*(?:"([^"]*)"|'([^']*)')/i.exec(tag[3]!);
        const address = (url?.[1] ?? url?.[2])?.replace(/&(lt|gt|amp|quot);/g, (_, n) => NAMED[n]!);
        open.push({ tag: name, offset: text.length, url: address, at: position });
      }
      position += tag[0].length;
    } else {
      text += next;
      position++;
    }
  }
  const unclosed = open.pop();
  if (unclosed) {
    throw cannotParse(`can't find end tag corresponding to start tag "${unclosed.tag}"`);
  }
  return { text, entities: entities.sort((a, b) => a.offset - b.offset || b.length - a.length) };
}

/** The commands in what a person typed: bots recognise `/start` by its entity, not by its text. */
export function findCommands(text: string): MessageEntity[] {
  return [...text.matchAll(/(?<=^|\s)\/\w{1,32}(?:@\w+)?/g)].map((match) => ({
    type: "bot_command",
    offset: match.index,
    length: match[0].length,
  }));
}

function entity(tag: string, offset: number, length: number, url = ""): MessageEntity {
  const type = TYPE_OF_TAG[tag]!;
  return type === "text_link" ? { type, offset, length, url } : { type, offset, length };
}

function decode([, name, decimal, hex]: RegExpExecArray): string {
  if (name) return NAMED[name.toLowerCase()]!;
  const code = decimal ? Number.parseInt(decimal, 10) : Number.parseInt(hex!, 16);
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : "";
}

function bytes(source: string, position: number): number {
  return new TextEncoder().encode(source.slice(0, position)).length;
}

function cannotParse(reason: string) {
  return badRequest(`can't parse entities: ${reason}`);
}
