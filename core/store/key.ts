declare const VALUE: unique symbol;
declare const ITEM: unique symbol;
declare const REST: unique symbol;

/** A key of the store that knows the type of its value. Only a family of `keys.ts` makes one. */
export type Key<T> = Deno.KvKey & { readonly [VALUE]: T };

/** The beginning that many keys share: the type of their values, and of the parts that follow it. */
export type Prefix<T, Rest extends Deno.KvKey = Deno.KvKey> = Deno.KvKey & {
  readonly [ITEM]: T;
  readonly [REST]: Rest;
};

/** The values of keys, in their order; null for a key that has none. */
export type Values<K extends readonly Key<unknown>[]> = {
  -readonly [I in keyof K]: K[I] extends { readonly [VALUE]: infer T } ? T | null : never;
};

/** The values of groups of keys. */
export type GroupValues<G extends readonly (readonly Key<unknown>[])[]> = {
  -readonly [I in keyof G]: Values<G[I]>;
};

/** What is left of the parts of a key after as many as are given. */
type After<Parts extends Deno.KvKey, Given extends Deno.KvKey> = Given extends
  readonly [unknown, ...infer Others extends Deno.KvKey]
  ? Parts extends readonly [unknown, ...infer Rest extends Deno.KvKey] ? After<Rest, Others> : never
  : Parts;

/** Fewer parts than a key has. */
type Fewer<Parts extends Deno.KvKey> = Parts extends
  readonly [...infer First extends Deno.KvKey, unknown] ? First | Fewer<First> : never;

/** All keys with one first part: one kind of record. */
export interface Family<T, Parts extends Deno.KvKey> {
  (...parts: Parts): Key<T>;
  /** The first part of its keys. */
  readonly family: string;
  /** All keys of the family, or those that go on with the parts given. */
  under<Given extends Fewer<Parts>>(...parts: Given): Prefix<T, After<Parts, Given>>;
}

/** @example const account = family<Account, [id: AccountId]>("account"); // account(id): Key<Account> */
export function family<T, Parts extends Deno.KvKey>(name: string): Family<T, Parts> {
  const make = (...parts: Deno.KvKey) => [name, ...parts];
  return Object.assign(make, { family: name, under: make }) as unknown as Family<T, Parts>;
}
