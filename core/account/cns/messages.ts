/** What each refusal about the national health card says to the person. */
export const cnsMessages = {
  cns_invalid: "CNS inválido. Digite os 15 números do Cartão Nacional de Saúde, sem letras.",
  cns_taken:
    "Não foi possível ligar este CNS ao seu cadastro. Confira o número no cartão ou no aplicativo Meu " +
    "SUS Digital. Se ele estiver certo, fale com o responsável pelo portal.",
  cns_missing: "Informe primeiro o seu CNS.",
  cns_lookup_off: "Este portal não consulta a qualidade do CNS.",
  cns_lookup_down:
    "A consulta da qualidade do CNS não respondeu. O número continua guardado e nada mudou: tente de " +
    "novo em alguns minutos.",
} as const;
