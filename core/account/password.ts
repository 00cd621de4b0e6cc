import { hash } from "@node-rs/argon2";
import type { Config } from "../config/mod.ts";
import type { Deps } from "../deps.ts";
import { fromBase64Url, toBase64Url } from "../base64url.ts";
import { timingSafeEqual } from "../secrets.ts";
import { keys } from "../store/keys.ts";
import { read } from "../store/read.ts";
import type { Account, PasswordSalt } from "../store/records/account.ts";
import { transact } from "../store/transact.ts";
import { type Place, WorkQueue } from "../work_queue.ts";
import { accept, refuse, type Result } from "../result.ts";
import { isCommonPassword } from "./common_passwords.ts";
import type { AccountCode } from "./messages.ts";

/** OWASP's first recommendation for argon2id: 19 MiB, 2 passes, 1 lane. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Hashed with when there is no such account, so that the answer takes as long. */
const DECOY: PasswordSalt = newSalt();

function newSalt(): PasswordSalt {
  return { ...COST, salt: toBase64Url(crypto.getRandomValues(new Uint8Array(16))) };
}

const CORES = navigator.hardwareConcurrency || 1;

/**
 * Each takes 20 ms and more of a core, and 19 MiB. 16 for each core wait at most, on a slow
 * machine fewer: about half a second. All others are told at once.
 */
const hashing = new WorkQueue({
  kind: "passwords",
  running: CORES,
  waiting: 16 * CORES,
  wait: 800,
  patience: 10_000,
});

/**
 * A place among the passwords that are being worked on, for a function that counts an attempt before
 * it verifies one: who is turned away has then used up no attempt, and nothing was read or written.
 *
 * @throws {Overloaded} when all are taken
 * @example
 * using place = passwordPlace();
 * const counted = await countSignIn(deps, attempt);
 * …
 * if (!await verifyPassword(deps, account, typed, place)) …
 */
export function passwordPlace(): Place {
  return hashing.enter();
}

/**
 * argon2id in PHC format, with the salt that all passwords of the CPF have; the password exactly as
 * typed.
 *
 * @param place one that is held already
 * @throws {Overloaded} when there is no place, or its turn does not come within 10 s
 */
export async function hashPassword(
  deps: Deps,
  cpf: string,
  password: string,
  place?: Place,
): Promise<string> {
  using own = place ? null : passwordPlace();
  const salt = await saltOf(deps, cpf);
  return await (place ?? own!).run(() => argon2id(password, salt));
}

function argon2id(password: string, { salt, ...cost }: PasswordSalt): Promise<string> {
  return hash(password, { ...cost, salt: fromBase64Url(salt)! });
}

/** The salt of a CPF, made with its first password. */
async function saltOf(deps: Deps, cpf: string): Promise<PasswordSalt> {
  return await transact(deps.kv, async (tx) => {
    const key = keys.passwordSalt(cpf);
    const known = await tx.get(key);
    const salt = known ?? newSalt();
    if (!known) tx.set(key, salt);
    return salt;
  });
}

/** A typed password, hashed once, to be compared with those of several accounts of one CPF. */
export interface TypedPassword {
  /** False for a null hash, in the time of any other. */
  is(passwordHash: string | null | undefined): boolean;
}

const NONE: TypedPassword = { is: () => false };

/**
 * Hashes a typed password with the salt of a CPF: one argon2id, whether there is such a CPF or not.
 *
 * @param salt as `keys.passwordSalt` has it
 * @throws {Overloaded} as `hashPassword`
 */
export async function typedPassword(
  salt: PasswordSalt | null,
  password: string,
  place: Place,
): Promise<TypedPassword> {
  if (password.length > MAX_LENGTH) return NONE;
  const typed = await place.run(() => argon2id(password, salt ?? DECOY));
  return { is: (passwordHash) => timingSafeEqual(passwordHash ?? "-".repeat(97), typed) };
}

/**
 * Is this the password of the account? False for no account and for none with a password too, in the
 * time of a real comparison. One round trip.
 *
 * @param place one that is held already
 * @throws {Overloaded} as `hashPassword`
 */
export async function verifyPassword(
  deps: Deps,
  account: Pick<Account, "cpf" | "password"> | null,
  password: string,
  place: Place,
): Promise<boolean> {
  const salt = await read(deps.kv, keys.passwordSalt(account?.cpf ?? NO_CPF));
  return (await typedPassword(salt, password, place)).is(account?.password?.hash);
}

/** Read in the place of a CPF that is not known. */
export const NO_CPF = "0".repeat(11);

const MAX_LENGTH = 128;
const MIN_LENGTH = { ans: 8, nist: 15 } as const;

/** Whom a password must not be about. */
export interface PasswordOwner {
  name: string;
  cpf: string;
  /** Names of the operadoras the person works for. */
  companies: readonly string[];
}

/**
 * Checks a new password. Policy `ans`: 8 characters or more with upper and lower case, a digit and
 * one of `@#$%&*`. Policy `nist`: 15 or more, no composition rule. Both: at most 128, not a common
 * password, nothing of the owner's name, CPF or company in it.
 */
export async function checkPassword(
  policy: Config["passwordPolicy"],
  password: string,
  owner: PasswordOwner,
): Promise<Result<string, AccountCode>> {
  const length = [...password].length;
  if (length < MIN_LENGTH[policy]) {
    return refuse("password_too_short", { minimo: MIN_LENGTH[policy] });
  }
  if (password.length > MAX_LENGTH) return refuse("password_too_long");
  if (policy === "ans" && !hasComposition(password)) return refuse("password_composition");
  if (isPersonal(password, owner)) return refuse("password_personal");
  if (await isCommonPassword(password)) return refuse("password_common");
  return accept(password);
}

function hasComposition(password: string): boolean {
  return [/\p{Lu}/u, /\p{Ll}/u, /\d/, /[@#$%&*]/].every((kind) => kind.test(password));
}

function isPersonal(password: string, owner: PasswordOwner): boolean {
  const plain = fold(password);
  if (password.replace(/[.\s-]/g, "").includes(owner.cpf)) return true;
  const words = [owner.name, ...owner.companies].flatMap((text) => fold(text).split(/[^a-z0-9]+/));
  // Short words and the field's usual ones would refuse too many good passwords.
  const telling = words.filter((word) => word.length >= 4 && !USUAL_WORDS.has(word));
  return telling.some((word) => plain.includes(word));
}

const USUAL_WORDS = new Set(["ltda", "para", "brasil", "assistencia", "planos", "plano"]);

function fold(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/** Without the characters that look alike: 0 O, 1 l I. */
const UPPER = "ABCDEFGHJKMNPQRSTUVWXYZ";
const LOWER = "abcdefghjkmnpqrstuvwxyz";
const DIGITS = "23456789";
const SYMBOLS = "@#$%&*";

/** A random provisional password of 14 characters (over 64 bits) that satisfies policy `ans`. */
export function makeProvisionalPassword(): string {
  const kinds = [UPPER, LOWER, DIGITS, SYMBOLS];
  const all = kinds.join("");
  const chars = [...kinds, ...Array<string>(10).fill(all)].map(pick);
  for (let i = chars.length - 1; i > 0; i--) {
    const j = randomBelow(i + 1);
    [chars[i], chars[j]] = [chars[j]!, chars[i]!];
  }
  return chars.join("");
}

/** `length` random characters of `alphabet`. */
export function randomText(alphabet: string, length: number): string {
  return Array.from({ length }, () => pick(alphabet)).join("");
}

function pick(alphabet: string): string {
  return alphabet[randomBelow(alphabet.length)]!;
}

/** Uniform in [0, limit): values that would favour the low ones are drawn again. */
function randomBelow(limit: number): number {
  const bound = Math.floor(2 ** 32 / limit) * limit;
  for (;;) {
    const [value] = crypto.getRandomValues(new Uint32Array(1));
    if (value! < bound) return value! % limit;
  }
}
