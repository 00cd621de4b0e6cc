export const keys = {
  userOfOperadora: (cnpj: string, cpf: string) => ["user_of_operadora", cnpj, cpf],
  usersOfOperadora: (cnpj: string) => ["user_of_operadora", cnpj],
  operadoraOfUser: (cpf: string, cnpj: string) => ["operadora_of_user", cpf, cnpj],
  /** A word of the name, then the whole name: finds people by the beginning of any of their names. */
  userByWord: (
    cnpj: string,
    word: string,
    name: string,
    cpf: string,
  ) => ["user_by_word", cnpj, word, name, cpf],
  usersByWord: (cnpj: string) => ["user_by_word", cnpj],
  operadorasOfUser: (cpf: string) => ["operadora_of_user", cpf],
  grant: (cnpj: string, cpf: string, system: string) => ["grant", cnpj, cpf, system],
  grants: (cnpj: string, cpf: string) => ["grant", cnpj, cpf],
  membership: (cnes: string, cpf: string) => ["membership", cnes, cpf],
  /** Says whether the person administers the establishment now. */
  membershipByPerson: (cpf: string, cnes: string) => ["membership_by_person", cpf, cnes],
  membershipsOfPerson: (cpf: string) => ["membership_by_person", cpf],
  memberships: (cnes: string) => ["membership", cnes],
  /** What a membership was before each change. */
  membershipChange: (cnes: string, cpf: string, id: string) => ["membership_change", cnes, cpf, id],
  membershipChanges: (cnes: string, cpf: string) => ["membership_change", cnes, cpf],
  /** An approved computer: the key of a person's browser. */
  computer: (
    cnes: string,
    cpf: string,
    thumbprint: string,
  ) => ["computer", cnes, cpf, thumbprint],
  computersAt: (cnes: string) => ["computer", cnes],
  computersOf: (cnes: string, cpf: string) => ["computer", cnes, cpf],
  /** Who decides for an establishment: the members with profile ADMINISTRADOR, no others. */
  administrator: (cnes: string, cpf: string) => ["administrator", cnes, cpf],
  administrators: (cnes: string) => ["administrator", cnes],
  /** Since when an administrator's new requests go to the others. */
  administratorPaused: (cpf: string) => ["administrator_paused", cpf],
  /** When a waiting request is to be looked at, and what for. */
  requestAlarm: (at: number, id: string) => ["request_alarm", at, id],
  requestAlarms: () => ["request_alarm"],
  request: (id: string) => ["request", id],
  requestPending: (cnes: string, id: string) => ["request_pending", cnes, id],
  requestsPending: (cnes: string) => ["request_pending", cnes],
  /** What was decided at an establishment, by time. */
  requestDecided: (cnes: string, at: number, id: string) => ["request_decided", cnes, at, id],
  requestsDecided: (cnes: string) => ["request_decided", cnes],
  requestByPerson: (cpf: string, id: string) => ["request_by_person", cpf, id],
  requestsOfPerson: (cpf: string) => ["request_by_person", cpf],
  /** At most one open request for a profile and one for a computer per person and establishment. */
  requestOpen: (
    cpf: string,
    cnes: string,
    step: "perfil" | "computador",
  ) => ["request_open", cpf, cnes, step],
  /** What waits for the legal representative of an operadora. */
  requestOfRepresentative: (cnpj: string, id: string) => ["request_representative", cnpj, id],
  requestsOfRepresentative: (cnpj: string) => ["request_representative", cnpj],
  /** The last request of each step. */
  requestLatest: (cpf: string, cnes: string, step: string) => ["request_latest", cpf, cnes, step],
  requestsLatestOf: (cpf: string) => ["request_latest", cpf],
  /** Where an administrator's chat shows a request, to change the message when it is decided. */
  requestMessage: (id: string, chatId: number) => ["request_message", id, chatId],
  requestMessages: (id: string) => ["request_message", id],
} as const;
