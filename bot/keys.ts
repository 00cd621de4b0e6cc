export const keys = {
  /** What has become of an update of Telegram's. */
  updateSeen: (updateId: number) => ["update_seen", updateId],
  /** An update that is finished here, and when another process may take it up. */
  updateKept: (dueAt: number, updateId: number) => ["update_kept", dueAt, updateId],
  updatesKept: () => ["update_kept"],
  /** The request for whose rejection a message asks the reason. */
  telegramReason: (chatId: number, messageId: number) => ["telegram_reason", chatId, messageId],
} as const;
