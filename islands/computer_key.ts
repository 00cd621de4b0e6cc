import { type ComputerJwk, thumbprintOf } from "@/core/account/computer/thumbprint.ts";

/**
 * A computer's key as this browser holds it, in IndexedDB: under the id of its person, so that two
 * people who share a browser have two keys. The private half can be used here and never be read.
 */
export interface ComputerKey {
  jwk: ComputerJwk;
  /** The computer's name. */
  thumbprint: string;
  /** ECDSA with SHA-256: r and s side by side, 64 bytes. */
  sign(data: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>>;
}

/** What is said when one of these functions throws: the browser refuses to keep anything. */
export const KEY_NOT_KEPT =
  "Este navegador não deixou o portal guardar a chave deste computador. Isso acontece em janelas " +
  "anônimas e quando os dados de sites estão bloqueados. Abra o portal numa janela comum, permita " +
  "que ele guarde dados e tente de novo.";

/** Of the keys of computers. */
export const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const STORE = "computer_keys";

/** The key of a person in this browser, or null when there is none. */
export async function openComputerKey(personId: string): Promise<ComputerKey | null> {
  const pair = await inStore<CryptoKeyPair | undefined>(
    "readonly",
    (store) => store.get(personId),
  );
  return pair ? await keyOf(pair) : null;
}

/** The key that a pair makes. */
export async function keyOf(pair: CryptoKeyPair): Promise<ComputerKey> {
  const { x, y } = await crypto.subtle.exportKey("jwk", pair.publicKey);
  const jwk: ComputerJwk = { kty: "EC", crv: "P-256", x: x!, y: y! };
  return {
    jwk,
    thumbprint: await thumbprintOf(jwk),
    sign: async (data) =>
      new Uint8Array(await crypto.subtle.sign(ALGORITHM, pair.privateKey, data)),
  };
}

/** The key of a person in this browser, made when there is none: by this tab or by a quicker one. */
export async function createComputerKey(personId: string): Promise<ComputerKey> {
  const pair = await crypto.subtle.generateKey(ALGORITHM, false, ["sign", "verify"]);
  await inStore("readwrite", (store) => store.add(pair, personId)).catch((error) => {
    if (error?.name !== "ConstraintError") throw error;
  });
  // Or the browser may clear it away when it needs room. It may ask the person: that is not awaited.
  navigator.storage?.persist?.().catch(() => {});
  const kept = await openComputerKey(personId);
  if (!kept) throw new Error("the key was not kept");
  return kept;
}

/** One request in a transaction of its own; answers when what was written is safe. */
async function inStore<T>(
  mode: IDBTransactionMode,
  work: (store: IDBObjectStore) => IDBRequest,
): Promise<T> {
  const database = await openDatabase();
  try {
    return await new Promise<T>((resolve, reject) => {
      const transaction = database.transaction(STORE, mode);
      const request = work(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
}

function openDatabase(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open("habilita", 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
