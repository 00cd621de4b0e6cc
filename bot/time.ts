const brasilia = new Intl.DateTimeFormat("pt-BR", {
  timeZone: "America/Sao_Paulo",
  dateStyle: "short",
  timeStyle: "short",
});

/** Brasília time, as `03/11/2026, 09:05`. */
export function formatTime(ms: number): string {
  return brasilia.format(ms);
}
