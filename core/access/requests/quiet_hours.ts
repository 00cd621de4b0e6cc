/** UFs whose clocks differ from Brasília's (Decreto 2.784/1913, as changed by Lei 12.876/2013). */
const ZONES: Record<string, string> = {
  AC: "America/Rio_Branco",
  AM: "America/Manaus",
  MS: "America/Campo_Grande",
  MT: "America/Cuiaba",
  RO: "America/Porto_Velho",
  RR: "America/Boa_Vista",
};

const BEGIN = 20;
const END = 8;
const HOUR = 60 * 60_000;

/**
 * The moment itself, or, when it falls between 20:00 and 08:00 where the establishment is, the next
 * 08:00 there. Fernando de Noronha and the west of Amazonas go by the rest of their UF.
 *
 * @param uf two letters; an unknown one counts as Brasília
 */
export function afterQuietHours(at: number, uf: string): number {
  const { hour, intoHour } = localTime(at, uf);
  if (hour >= END && hour < BEGIN) return at;
  return at - intoHour + ((END - hour + 24) % 24) * HOUR;
}

function localTime(at: number, uf: string): { hour: number; intoHour: number } {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone: ZONES[uf] ?? "America/Sao_Paulo",
    hour: "numeric",
    hourCycle: "h23",
  });
  // All zones of Brazil are whole hours away from UTC, all the year.
  return { hour: Number(format.format(at)), intoHour: at % HOUR };
}
