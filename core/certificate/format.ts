const DATE = new Intl.DateTimeFormat("pt-BR", {
  timeZone: "America/Sao_Paulo",
  day: "2-digit",
  month: "2-digit",
  year: "numeric",
});

/** Milliseconds since the epoch -> the day in Brasília, `31/12/2026`. */
export function formatDate(time: number): string {
  return DATE.format(time);
}
