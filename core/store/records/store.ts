/** Which store this is. Written once, when the store is new; a backup carries it along. */
export interface StoreIdentity {
  /** ULID. */
  id: string;
  createdAt: number;
}

/** What a process writes and reads back to see that the store answers. */
export interface StoreProbe {
  /** Random: what is read is what was written just now. */
  token: string;
  at: number;
}

/** The last time that what was erased was taken out of the file. */
export interface StoreCompaction {
  at: number;
  /** Bytes of the file, before and after. */
  before: number;
  after: number;
}
