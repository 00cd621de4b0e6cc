export const keys = {
  /** What has become of an update of Telegram's. */
  updateSeen: (updateId: number) => ["update_seen", updateId],
  /** The request for whose rejection a message asks the reason. */
  telegramReason: (chatId: number, messageId: number) => ["telegram_reason", chatId, messageId],
} as const;
