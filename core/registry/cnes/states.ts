/** The letters of each state by its code at the IBGE, as `CO_ESTADO_GESTOR` has it. */
const UF_OF_CODE: Readonly<Record<string, string>> = {
  11: "RO",
  12: "AC",
  13: "AM",
  14: "RR",
  15: "PA",
  16: "AP",
  17: "TO",
  21: "MA",
  22: "PI",
  23: "CE",
  24: "RN",
  25: "PB",
  26: "PE",
  27: "AL",
  28: "SE",
  29: "BA",
  31: "MG",
  32: "ES",
  33: "RJ",
  35: "SP",
  41: "PR",
  42: "SC",
  43: "RS",
  50: "MS",
  51: "MT",
  52: "GO",
  53: "DF",
};

/** Two letters for a code or for the letters themselves, "" for what is no state. */
export function ufOf(text: string): string {
  const uf = UF_OF_CODE[text] ?? text;
  return Object.values(UF_OF_CODE).includes(uf) ? uf : "";
}

/** The code of a state; undefined for what is none. */
export function codeOfUf(uf: string): string | undefined {
  return Object.keys(UF_OF_CODE).find((code) => UF_OF_CODE[code] === uf);
}
