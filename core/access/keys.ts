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
  membershipByPerson: (cpf: string, cnes: string) => ["membership_by_person", cpf, cnes],
  membershipsOfPerson: (cpf: string) => ["membership_by_person", cpf],
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
  /** At most one open request per person and establishment. */
  requestOpen: (cpf: string, cnes: string) => ["request_open", cpf, cnes],
  /** Where an administrator's chat shows a request, to change the message when it is decided. */
  requestMessage: (id: string, chatId: number) => ["request_message", id, chatId],
  requestMessages: (id: string) => ["request_message", id],
} as const;
