import { family } from "./key.ts";
import type * as access from "./records/access.ts";
import type * as account from "./records/account.ts";
import type * as invitation from "./records/invitation.ts";
import type { AccountId } from "./records/account.ts";
import type { AuditHead, AuditRecord } from "./records/audit.ts";
import type { KeptUpdate, ReasonQuestion, TelegramState, UpdateMark } from "./records/bot.ts";
import type { CrlRecord, FetchRecord, TrustRecord } from "./records/certificate.ts";
import type { AssertionMark, HandoffRecord, KeyRotation } from "./records/handoff.ts";
import type { ClockReading, FailureRow, TroubleRecord } from "./records/health.ts";
import type { Channel, DeadLetter, OutboxRecord, PartitionLease } from "./records/outbox.ts";
import type { CnesRow, Edition, Operadora, Staging } from "./records/registry.ts";
import type { Search, Session } from "./records/session.ts";
import type * as upkeep from "./records/upkeep.ts";
import type { StoreCompaction, StoreIdentity, StoreProbe } from "./records/store.ts";

/**
 * The whole schema of the store: each kind of record with the type of its value and the parts of its
 * key. One record per thing under its natural key; an index holds only ids, or what is said here.
 * `keys.x(…)` is one key, `keys.x.under(…)` the prefix of those that begin so. Times are milliseconds
 * since the epoch.
 */
export const keys = {
  // The store about itself.

  /** Which store this is. */
  storeIdentity: family<StoreIdentity, []>("store_identity"),
  /** What a process has written last to see that the store answers. */
  storeProbe: family<StoreProbe, [process: string]>("store_probe"),
  /** When what was erased was last taken out of the file. */
  storeCompaction: family<StoreCompaction, []>("store_compaction"),

  // Registries. Rows stand under the edition they were read from.

  /** Which edition of CADOP answers. */
  cadopEdition: family<Edition, []>("cadop_edition"),
  /** The import of CADOP under way. */
  cadopStaging: family<Staging, []>("cadop_staging"),
  /** A row of CADOP. */
  operadora: family<Operadora, [edition: string, cnpj: string]>("operadora"),
  /** CNPJ of the operadora with this number at the ANS. */
  operadoraByRegistro: family<string, [edition: string, registro: string]>("operadora_by_registro"),
  /** Which edition of the CNES answers. */
  cnesEdition: family<Edition, []>("cnes_edition"),
  /** The import of the CNES under way. */
  cnesStaging: family<Staging, []>("cnes_staging"),
  /** A row of the CNES. */
  establishment: family<CnesRow, [edition: string, cnes: string]>("establishment"),
  /** Under its own CNPJ and that of its mantenedora, whether it is an operadora's or not. */
  establishmentByCnpj: family<true, [edition: string, cnpj: string, cnes: string]>(
    "establishment_by_cnpj",
  ),
  /** CNPJ of the operadora, as its representative said; outlives the editions. */
  establishmentBinding: family<string, [cnes: string]>("establishment_binding"),
  /** The way back of `establishmentBinding`. */
  establishmentByBinding: family<true, [cnpj: string, cnes: string]>("establishment_by_binding"),

  // Certificates.

  /** The revocation list of an authority (see `issuerId`). */
  crl: family<CrlRecord, [issuer: string]>("crl"),
  /** Who fetches the list of an authority, or how the last attempt failed. */
  crlFetch: family<FetchRecord, [issuer: string]>("crl_fetch"),
  /** Serial numbers of a list. */
  crlPart: family<Uint8Array<ArrayBuffer>, [issuer: string, generation: string, part: number]>(
    "crl_part",
  ),
  /** An authority's certificate, by its fingerprint. */
  trust: family<TrustRecord, [sha256: string]>("trust"),
  /** A challenge that was used, by its nonce: until when it would have been good. */
  challengeSpent: family<number, [nonce: string]>("challenge_spent"),

  // Accounts.

  /** The account of a person. */
  account: family<account.Account, [account: AccountId]>("account"),
  /** Since when an account has this CPF; several may. */
  accountsOfCpf: family<number, [cpf: string, account: AccountId]>("accounts_of_cpf"),
  /**
   * Since when an account with a tie, a membership or a proof is found by its CPF; ids sort by the
   * accounts' age.
   */
  signInByCpf: family<number, [cpf: string, account: AccountId]>("sign_in_by_cpf"),
  /** The account that was put into `signInByCpf` last: a commit for which none may come guards it. */
  signInByCpfLast: family<AccountId, [cpf: string]>("sign_in_by_cpf_last"),
  /** The account that the gov.br account with this CPF signs in to, at whatever level. */
  govbrAccount: family<AccountId, [cpf: string]>("govbr_account"),
  /** The one account that has proved this CPF. */
  provenAccount: family<AccountId, [cpf: string]>("proven_account"),
  /** With what every password of the accounts with this CPF is hashed. */
  passwordSalt: family<account.PasswordSalt, [cpf: string]>("password_salt"),
  /** The account whose confirmed address this is, or was until lately. */
  accountByEmail: family<AccountId, [email: string]>("account_by_email"),
  /** The account with a proved CPF whose number in the national health card this is. */
  accountByCns: family<AccountId, [cns: string]>("account_by_cns"),
  /** When the person accepted this version of the terms. */
  termsAccepted: family<number, [account: AccountId, version: string]>("terms_accepted"),
  /** A session. */
  session: family<Session, [id: string]>("session"),
  /** Since when the person is logged in there. */
  sessionOfAccount: family<number, [account: AccountId, id: string]>("session_of_account"),
  /** Since when there is a session in which this certificate was shown. */
  sessionByCertificate: family<number, [sha256: string, id: string]>("session_by_certificate"),
  /** A code that was sent, by the session that asked. */
  code: family<account.CodeRecord, [purpose: string, owner: string]>("code"),
  /** An entry with gov.br that was used, by the nonce of its state: until when it would have been good. */
  govbrSpent: family<number, [nonce: string]>("govbr_spent"),
  /** What a person looks for in a list, in the session and under the id that the address has. */
  search: family<Search, [session: string, id: string]>("search"),
  /** Attempts counted against a limit; `who` is hashed. */
  throttle: family<account.AttemptCount, [what: string, who: string]>("throttle"),
  /** A sign-in that was right so far, and waits for a choice or a code. */
  signIn: family<account.SignInWaiting, [session: string]>("sign_in"),
  /** Whose password is being recovered in the session. */
  recovery: family<account.Recovery, [session: string]>("recovery"),
  /** What is written in the place of a mail that is not sent. */
  decoy: family<account.Decoy, [session: string, part: "mail" | "due"]>("decoy"),
  /** The address that waits for its code in the session. */
  emailChange: family<account.EmailChange, [session: string]>("email_change"),
  /** Addresses that a person may still go back to, the oldest first. */
  emailUndo: family<account.FormerAddress[], [account: AccountId]>("email_undo"),
  /** The person who represents an operadora, with the name CADOP had when they first entered. */
  representative: family<account.Representative, [cnpj: string]>("representative"),
  /** The certificate that is registered for an operadora. */
  certificateOfOperadora: family<account.RegisteredCertificate, [cnpj: string]>(
    "certificate_of_operadora",
  ),
  /** The way back: CNPJ of the operadora that the certificate is registered for. */
  operadoraOfCertificate: family<string, [sha256: string]>("certificate"),
  /** A person's Telegram chat. */
  telegramLink: family<account.TelegramLink, [account: AccountId]>("telegram_link"),
  /** The account that a Telegram account is linked to. */
  telegramOwner: family<AccountId, [userId: number]>("telegram_user"),
  /** A link on its way. */
  telegramLinking: family<account.TelegramLinking, [account: AccountId]>("telegram_linking"),
  /** The account that a code for linking was made for. */
  telegramCode: family<AccountId, [hash: string]>("telegram_code"),
  /** Since when the person has blocked the bot. */
  telegramBlocked: family<number, [account: AccountId]>("telegram_blocked"),

  // Access: people of an operadora, members of an establishment, requests.

  /** What an operadora has registered. */
  invitation: family<invitation.Invitation, [cnpj: string, id: string]>("invitation"),
  /** Invitations that were neither accepted nor ended, by the CPF that they name. */
  invitationByCpf: family<true, [cpf: string, cnpj: string, id: string]>("invitation_by_cpf"),
  /** The same, by the mailbox that they name. */
  invitationByEmail: family<true, [email: string, cnpj: string, id: string]>("invitation_by_email"),
  /** Whose provisional password this is; hashed with the CPF. */
  invitationByPassword: family<invitation.InvitationPlace, [hash: string]>(
    "invitation_by_password",
  ),
  /** The one tie or invitation of a CPF at an operadora. */
  cpfAtOperadora: family<invitation.CpfHolder, [cnpj: string, cpf: string]>("cpf_at_operadora"),
  /** A person of an operadora. */
  userOfOperadora: family<access.UserOfOperadora, [cnpj: string, account: AccountId]>(
    "user_of_operadora",
  ),
  /** Says whether the person works for the operadora now. */
  operadoraOfUser: family<boolean, [account: AccountId, cnpj: string]>("operadora_of_user"),
  /** A word of the name, then the whole name: finds people by the beginning of any of their names. */
  userByWord: family<true, [cnpj: string, word: string, name: string, account: AccountId]>(
    "user_by_word",
  ),
  /** Finds people by the beginning of the CPF that the operadora named. */
  userByCpf: family<true, [cnpj: string, cpf: string, account: AccountId]>("user_by_cpf"),
  /** Since when the person may use a system. */
  grant: family<number, [cnpj: string, account: AccountId, system: string]>("grant"),
  /** What a person may do at an establishment. */
  membership: family<access.Membership, [cnes: string, account: AccountId]>("membership"),
  /** Says whether the person administers the establishment now. */
  membershipOfAccount: family<boolean, [account: AccountId, cnes: string]>("membership_of_account"),
  /** What a membership was before each change. */
  membershipChange: family<access.MembershipChange, [cnes: string, account: AccountId, id: string]>(
    "membership_change",
  ),
  /** Who decides for an establishment, and since when: members with profile ADMINISTRADOR, no others. */
  administrator: family<number, [cnes: string, account: AccountId]>("administrator"),
  /** Since when an administrator's new requests go to the others. */
  administratorPaused: family<number, [account: AccountId]>("administrator_paused"),
  /** An approved computer: the key of a person's browser. */
  computer: family<access.ComputerRecord, [cnes: string, account: AccountId, thumbprint: string]>(
    "computer",
  ),
  /** A request of any step. */
  request: family<access.AccessRequest, [id: string]>("request"),
  /** When what waits for the administrators of an establishment was asked. */
  requestPending: family<number, [cnes: string, id: string]>("request_pending"),
  /** When what waits for the legal representative of an operadora was asked. */
  requestOfRepresentative: family<number, [cnpj: string, id: string]>("request_representative"),
  /** What was decided at an establishment, by time. */
  requestDecided: family<true, [cnes: string, at: number, id: string]>("request_decided"),
  /** When the person asked. */
  requestOfAccount: family<number, [account: AccountId, id: string]>("request_of_account"),
  /** Id of the one open request for a profile, or for a computer, per person and establishment. */
  requestOpen: family<string, [account: AccountId, cnes: string, step: "perfil" | "computador"]>(
    "request_open",
  ),
  /** Id of the last request of each step. */
  requestLatest: family<string, [account: AccountId, cnes: string, step: access.Step]>(
    "request_latest",
  ),
  /** When a waiting request is to be looked at, and what for. */
  requestAlarm: family<access.Stage, [at: number, id: string]>("request_alarm"),
  /** The message that shows a request in a chat, to change it when the request is decided. */
  requestMessage: family<number, [id: string, chatId: number]>("request_message"),

  // Hand-offs.

  /** The keys that sign hand-offs: next, current and lately retired. */
  signingKeys: family<KeyRotation, []>("handoff_keys"),
  /** A hand-off on its way, by the `jti` of its token; kept a while after it was used. */
  handoff: family<HandoffRecord, [jti: string]>("handoff"),
  /** A client assertion that a target system has used; its `jti` is hashed. */
  clientAssertion: family<AssertionMark, [system: string, jti: string]>("client_assertion"),

  // Messages stand in partitions, one a receiver, and are sent in a partition's order.

  /** A message to be sent. */
  outbox: family<OutboxRecord, [partition: string, id: string]>("outbox"),
  /**
   * From when on a partition is worth a look; the id, so that no hint is taken away with another. The
   * value is when it was written; an older version of the portal wrote `true`.
   */
  outboxDue: family<number | true, [channel: string, at: number, partition: string, id: string]>(
    "outbox_due",
  ),
  /** Who sends in a partition, or until when it rests. */
  outboxPartition: family<PartitionLease, [partition: string]>("outbox_partition"),
  /** When the next free place in the shared pace begins. */
  outboxPace: family<number, []>("outbox_pace"),
  /** A message that was given up. */
  outboxDead: family<DeadLetter, [id: string]>("outbox_dead"),

  // The audit log. Holds ids of people, never a CPF.

  /** A record, in the chain of its stream: a CNPJ, a CNES number or `portal`. */
  audit: family<AuditRecord, [stream: string, sequence: number]>("audit"),
  /** Where a stream ends. */
  auditHead: family<AuditHead, [stream: string]>("audit_head"),

  // How the portal is.

  /** The attempts of a channel that have failed since its last success. */
  failureRow: family<FailureRow, [channel: Channel]>("failure_row"),
  /** What is known of a trouble of a part of the portal. */
  trouble: family<TroubleRecord, [part: string]>("trouble"),
  /** The last comparison of a machine's clock. */
  clockReading: family<ClockReading, [machine: string]>("clock_reading"),

  // The bot.

  /** What has become of an update of Telegram's. */
  updateSeen: family<UpdateMark, [updateId: number]>("update_seen"),
  /** An update that is finished here, and when another process may take it up. */
  updateKept: family<KeptUpdate, [dueAt: number, updateId: number]>("update_kept"),
  /** The request for whose rejection a message asks the reason. */
  telegramReason: family<ReasonQuestion, [chatId: number, messageId: number]>("telegram_reason"),
  /** When the bot and Telegram last spoke. */
  telegramState: family<TelegramState, []>("telegram_state"),

  // The store itself.

  /** Nothing is committed as long as this is there (see `transact`). */
  maintenance: family<upkeep.Maintenance, []>("maintenance"),
  /** The last backup that was written whole. */
  backup: family<upkeep.BackupRecord, []>("backup"),
  /** Why the backup that was due last was not written. */
  backupFailure: family<upkeep.BackupFailure, []>("backup_failure"),
  /** The restore under way: as long as this is there, the store is not whole and nothing serves it. */
  restoring: family<upkeep.Restoring, []>("restoring"),
};
