/** How long a request may wait, in hours from when it was made. */
export interface RequestTimes {
  /** The administrators are reminded. */
  remindHours: number;
  /** The legal representative is told that nobody decides. */
  escalateHours: number;
  /** The request ends undecided. */
  expireHours: number;
}

/** A day, three days, fifteen days. */
export const DEFAULT_TIMES: RequestTimes = {
  remindHours: 24,
  escalateHours: 3 * 24,
  expireHours: 15 * 24,
};
