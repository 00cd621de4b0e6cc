import { syntheticCpf } from "@/tools/sample/people.ts";

/** An invented person of the journeys, apart from those of the sample world. */
function person(index: number, name: string, password: string) {
  const first = name.split(" ")[0]!.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  return { name, cpf: syntheticCpf(700 + index), email: `${first}@jornada.example`, password };
}

export const iris = person(1, "Íris Moreira da Amostra", "Vento#Sul42");
export const bruno = person(2, "Bruno Modelo", "Mar&Calmo77");
export const ana = person(3, "Ana Prado Exemplo", "Trilho*Azul9");
export const caio = person(4, "Caio Lemos Modelo", "Pedra%Lisa31");
/** The representatives of the sample world, by the names CADOP has. */
export const helena = person(11, "Helena d’Ávila Modelo", "Colina%Clara58");
export const raul = person(12, "Raul Pontes Modelo", "Farol@Antigo36");
/** People of operadoras, in journeys of their own. */
export const lais = person(13, "Laís Duarte Amostra", "Vale%Verde83");
export const otto = person(14, "Otto Brandão Modelo", "Ponte#Velha27");
export const nina = person(15, "Nina Teles Exemplo", "Sino*Branco64");

export type JourneyPerson = typeof iris;
