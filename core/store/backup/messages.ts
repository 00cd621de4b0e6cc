/** Why a backup is not made, not read or not restored, in Portuguese: what happened, what to do next. */
export const MESSAGES = {
  not_a_backup: "O arquivo não é um backup do portal. Confira o nome.",
  newer_format:
    "O backup é de uma versão mais nova do portal, que esta não sabe ler. Atualize o portal antes.",
  damaged: "O backup está danificado: o conteúdo não confere. Use outro backup.",
  cut: "O backup está incompleto: o arquivo termina antes do fim. Use outro backup.",
  key_missing:
    "O backup está cifrado: defina HABILITA_BACKUP_KEY com a chave que valia quando ele foi feito. " +
    "Sem ela ninguém o abre.",
  key_wrong:
    "HABILITA_BACKUP_KEY não é a chave deste backup. Use a que valia quando ele foi feito: sem ela " +
    "ninguém o abre.",
  file_exists: "O arquivo já existe e não é substituído. Escolha outro nome.",
  being_written: "Outro backup está sendo gravado com esse nome. Espere que ele termine.",
  no_store: "Não há um banco do portal em HABILITA_DATA. Confira a pasta: nada foi gravado.",
  maintenance_ended:
    "A manutenção terminou durante o backup: nada foi gravado. Rode `deno task maintenance on` e " +
    "tente de novo.",
  store_not_empty:
    "O banco não está vazio: nada foi restaurado. Restaure em uma pasta ou em um banco sem dados.",
  other_restore:
    "Neste banco ficou pela metade a restauração de outro backup. Termine-a com aquele arquivo, ou " +
    "esvazie o banco com `deno task restore --discard`.",
  overtaken: "Outra restauração começou neste banco: esta parou. Deixe só uma rodando.",
  nothing_to_discard: "Neste banco não há restauração pela metade: nada foi apagado.",
} as const;

export type BackupCode = keyof typeof MESSAGES;

/** What was asked of a backup or a restore cannot be done; the message is for people. */
export class BackupRefused extends Error {
  override name = "BackupRefused";
  constructor(readonly code: BackupCode, options?: ErrorOptions) {
    super(MESSAGES[code], options);
  }
}

/**
 * Why a backup was not written, for who runs the portal: one line, in Portuguese.
 * @param place what says where it was to be written, e.g. `HABILITA_BACKUP_DIR`
 */
export function explainFailure(error: unknown, place: string): string {
  if (error instanceof BackupRefused) return error.message;
  const text = error instanceof Error ? error.message.split("\n", 1)[0]! : String(error);
  if (error instanceof Deno.errors.NotFound || /no such file|not a directory/i.test(text)) {
    return `A pasta de ${place} não existe: crie-a, ou monte o disco em que ela fica.`;
  }
  if (/denied|read-only file system|requires (read|write) access/i.test(text)) {
    return `Nada pode ser gravado na pasta de ${place}: confira as permissões.`;
  }
  if (/no space|disk is full|disk I\/O/i.test(text)) {
    return "Não há espaço em disco para o backup e para a cópia do banco que ele faz.";
  }
  return `O backup não foi gravado: ${text}`;
}
