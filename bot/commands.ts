import type { Api } from "grammy/web";

/** The bot's commands, in the order of its menu, with what the menu says of each. */
export const COMMANDS = {
  pendentes: "O que espera a sua decisão",
  historico: "O que foi decidido nos seus CNES",
  cnes: "Os CNES que você administra",
  pausar: "Mandar os pedidos novos aos outros administradores",
  retomar: "Receber os pedidos novos de novo",
  desligar: "Desligar este Telegram do seu cadastro",
  ajuda: "O que este robô faz",
} as const;

/** Puts the commands into Telegram's menu. To do it again changes nothing. */
export async function publishCommands(api: Api): Promise<void> {
  await api.setMyCommands(
    Object.entries(COMMANDS).map(([command, description]) => ({ command, description })),
  );
}
