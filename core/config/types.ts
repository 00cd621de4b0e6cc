/** What a setting may hold: text of the environment in, a value out. Messages follow its name. */
import * as v from "valibot";
import { parseAddress, parseAddressList } from "../address_list.ts";

/** Any text; blanks around it are left off, as they come along when something is copied. */
export const text = v.pipe(v.string(), v.trim());

/** As it is written, blanks included: the password of a file may begin or end with one. */
export const verbatim = v.string();

const matching = (pattern: RegExp, message: string) => v.pipe(text, v.regex(pattern, message));

/** An id as `newId` makes it (ULID). */
export const ulid = matching(
  /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/,
  "deve ser a identidade de um banco, de 26 letras e algarismos, como o portal a disse.",
);

/** How a command makes a text that is long and random enough. */
const MAKE = "openssl rand -base64 32";
/** The same of the characters that Telegram takes. */
const MAKE_HEX = "openssl rand -hex 32";

const SHORTEST = 32;
const TOO_SHORT = `é curta: use 32 caracteres aleatórios ou mais, como os de ${MAKE}.`;
const repetitive = (command: string) =>
  `repete poucos caracteres ou trechos: use um texto aleatório, como o de ${command}.`;

/** A random text that cannot be guessed; what repeats itself was not made at random. */
export const secret = v.pipe(
  text,
  v.minLength(SHORTEST, TOO_SHORT),
  v.check((value) => isVaried(value, 8), repetitive(MAKE)),
);

/** The portal's own secret, and those before it that are still taken, with commas between them. */
export const secrets = v.pipe(
  text,
  v.transform((value) => value.split(",").map((one) => one.trim())),
  v.check((list) => list.every(({ length }) => length >= SHORTEST), TOO_SHORT),
  v.check((list) => list.every((one) => isVaried(one, 8)), repetitive(MAKE)),
  v.check(
    (list) => list.length <= 3 && new Set(list).size === list.length,
    "deve ter um segredo, ou até três diferentes com vírgulas: o novo antes dos anteriores.",
  ),
);

/** What Telegram takes as `secret_token` (setWebhook), of a length that resists guessing. */
export const webhookSecret = v.pipe(
  matching(/^[\w-]{16,256}$/, "deve ter de 16 a 256 letras sem acento, números, _ ou -."),
  v.check((value) => isVaried(value, 5), repetitive(MAKE_HEX)),
);

/** Neither of fewer different characters than this, nor for the greater part of pieces that come again. */
function isVaried(value: string, characters: number): boolean {
  const pieces = Array.from({ length: value.length - 2 }, (_, i) => value.slice(i, i + 3));
  return new Set(value).size >= characters && new Set(pieces).size * 2 > pieces.length;
}

/** One of a few words. */
export function oneOf<const T extends readonly string[]>(words: T, message: string) {
  return v.pipe(text, v.picklist(words, message));
}

/** A whole number of hours. */
export function hours(least: number, most: number) {
  return wholeNumber(least, most, "número inteiro de horas");
}

/** A whole number of seconds. */
export function seconds(least: number, most: number) {
  return wholeNumber(least, most, "número inteiro de segundos");
}

export const port = wholeNumber(1, 65_535, "número de porta");

/** An address of this machine to listen at; "0.0.0.0" and "::" are all it has. */
export const listen = v.pipe(
  text,
  v.check(
    (value) => parseAddress(value) !== null,
    "deve ser um endereço IP desta máquina, como 127.0.0.1, 0.0.0.0 ou ::.",
  ),
);

function wholeNumber(least: number, most: number, what: string) {
  return v.pipe(
    text,
    v.check(
      (value) => /^\d{1,5}$/.test(value) && Number(value) >= least && Number(value) <= most,
      `deve ser um ${what}, de ${least} a ${most}.`,
    ),
    v.transform(Number),
  );
}

/** The parts of an address with TLS, or of one of this machine; null when it is neither. */
export function parseSafeUrl(value: string): URL | null {
  const url = URL.canParse(value) ? new URL(value) : null;
  const local = url?.hostname === "localhost" || url?.hostname === "127.0.0.1";
  const safe = url?.protocol === "https:" || (url?.protocol === "http:" && local);
  return url && safe && !url.username && !url.password ? url : null;
}

/** Scheme, host and port, without a slash at the end. */
export const origin = v.pipe(
  text,
  v.check((value) => {
    const url = parseSafeUrl(value);
    return url !== null && url.href === `${url.origin}/`;
  }, "deve ser um endereço https:// sem caminho."),
  v.transform((value) => new URL(value).origin),
);

/** Issuers of gov.br are written with a slash at the end. */
export const issuer = v.pipe(origin, v.transform((value) => `${value}/`));

export const address = v.pipe(
  text,
  v.check(
    (value) => parseSafeUrl(value) !== null,
    "deve ser um endereço https://, sem usuário nem senha.",
  ),
  v.transform((value) => new URL(value).href),
);

/** A server of one's own network may do without TLS. */
export const httpAddress = v.pipe(
  text,
  v.check((value) => {
    const url = URL.canParse(value) ? new URL(value) : null;
    const plain = url !== null && !url.username && !url.password && !url.search && !url.hash;
    return plain && /^https?:$/.test(url.protocol);
  }, "deve ser um endereço http:// ou https://."),
  v.transform((value) => value.replace(/\/+$/, "")),
);

/** What of a mail server's address may follow its `?`: mails go also where no TLS is offered. */
export const TLS_OPTIONAL = "?tls=opcional";

export const smtpAddress = v.pipe(
  text,
  v.regex(/^smtps?:\/\//, "deve começar com smtp:// ou smtps://."),
  v.check(
    (value) => URL.canParse(value) && new URL(value).hostname !== "",
    "deve dizer o servidor, como smtp://usuario:senha@servidor:587.",
  ),
  v.check(
    // Anything else would reach the mail library, which can be told in this way to do without TLS.
    (value) => ["", TLS_OPTIONAL].includes(new URL(value).search),
    `não pode ter opções, a não ser ${TLS_OPTIONAL}.`,
  ),
);

const MAILBOX = /^[^\s<>@,;"]+@([\w-]+\.)+[\w-]{2,}$/;

/** An address alone, or `Name <address>` (RFC 5322, 3.4). */
export const sender = v.pipe(
  text,
  v.check(
    (value) => MAILBOX.test(/^[^<>@\r\n]*<([^<>]*)>$/.exec(value)?.[1] ?? value),
    "deve ser um endereço, como Habilita <nao-responda@exemplo.br>.",
  ),
);

/** Where an alert to the operators of the portal goes. */
export type AlertReceiver = { channel: "mail"; to: string } | { channel: "chat"; chatId: number };

/** A chat of the bot: a person's number, or a group's, which is negative. */
const CHAT = /^telegram:(-?[1-9]\d{0,14})$/;

/** E-mail addresses and `telegram:<chat id>`, with commas between them. */
export const alertReceivers = v.pipe(
  text,
  v.transform((value) => value.split(",").map((one) => one.trim()).filter(Boolean)),
  v.check(
    (list) => list.length > 0 && list.every((one) => CHAT.test(one) || MAILBOX.test(one)),
    "deve ter endereços de e-mail ou conversas, como operacao@exemplo.br, telegram:123456789.",
  ),
  v.transform((list) =>
    [...new Set(list)].map((one): AlertReceiver => {
      const chat = CHAT.exec(one)?.[1];
      return chat ? { channel: "chat", chatId: Number(chat) } : { channel: "mail", to: one };
    })
  ),
);

/** As BotFather gives it. */
export const botToken = matching(
  /^\d+:[\w-]{30,}$/,
  "deve ser o token que o BotFather deu: números, dois-pontos e uns 35 caracteres.",
);

export const botUsername = matching(
  /^[A-Za-z]\w{4,31}$/,
  "deve ser o nome do bot, sem @: de 5 a 32 letras sem acento, números ou _.",
);

/** Domains, in lower case, with commas between them. */
export const domains = v.pipe(
  text,
  v.transform((value) => value.toLowerCase().split(",").map((one) => one.trim()).filter(Boolean)),
  v.check(
    // A whole top-level domain, or an address in place of a name, would open the door too wide.
    (list) => list.every((host) => /^([a-z0-9-]+\.)+[a-z][a-z0-9-]*$/.test(host)),
    "deve ter domínios, como acexemplo.com.br, lcr.org.br.",
  ),
);

export const addresses = v.pipe(
  text,
  v.transform(parseAddressList),
  v.check((list) => list !== null, "deve ter endereços ou faixas, como 127.0.0.1, 10.1.0.0/16."),
  v.transform((list) => list!),
);
