/** The portal is in maintenance: nothing is committed. */
export interface Maintenance {
  /** Milliseconds since the epoch, like all times here. */
  since: number;
}

/** The last backup that was written whole. */
export interface BackupRecord {
  at: number;
  file: string;
  /** Of the file. */
  bytes: number;
  records: number;
}

/** Why the last backup that was due was not written; goes with the next one that is. */
export interface BackupFailure {
  at: number;
  /** In Portuguese, one line. */
  reason: string;
}

/** A restore under way, or one that was interrupted. */
export interface Restoring {
  /** Of this run: a second one takes over with its own. */
  run: string;
  /** Of the backup, lower-case hex. */
  checksum: string;
  /** Name of the file, as it was given. */
  file: string;
  startedAt: number;
  /** The store was in maintenance before, and stays so. */
  maintenance: Maintenance | null;
}
