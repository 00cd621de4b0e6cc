export const keys = {
  /** The keys that sign hand-offs: next, current and lately retired. */
  ring: () => ["handoff_keys"],
  /** A hand-off on its way, by the `jti` of its token; kept a while after it was used. */
  handoff: (jti: string) => ["handoff", jti],
} as const;
