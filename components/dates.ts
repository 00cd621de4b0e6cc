const brasilia = new Intl.DateTimeFormat("pt-BR", {
  dateStyle: "short",
  timeStyle: "short",
  timeZone: "America/Sao_Paulo",
});

/** A moment (milliseconds since the epoch) in Brasília time, e.g. `03/11/2026, 09:00`. */
export function formatMoment(at: number): string {
  return brasilia.format(at);
}
