import { assert, assertEquals, assertFalse } from "@std/assert";
import fc from "fast-check";
import { normaliseName, sameName } from "./name.ts";

Deno.test("accents, case, particles and spaces do not tell names apart", () => {
  for (
    const [a, b] of [
      ["João Ágape da Conceição", "JOAO AGAPE CONCEICAO"],
      ["MARIA  DAS  DORES   E SILVA", "Maria Dores Silva"],
      [" Ana dos Anjos\n", "ANA ANJOS"],
      ["Hélio D'Ávila", "HELIO D¿AVILA"],
      ["Hélio D’Ávila", "HELIO DAVILA"],
      ["Ana Sá-Lima", "ANA SA LIMA"],
      ["José A. Prado", "JOSE A PRADO"],
      // The same letters, composed and decomposed.
      ["Conceição".normalize("NFC"), "Conceição".normalize("NFD")],
    ] as const
  ) assert(sameName(a, b), `${a} / ${b}`);
});

Deno.test("other names stay other names", () => {
  for (
    const [a, b] of [
      ["", ""],
      ["  ", ""],
      ["de da", "do e"],
      ["Ana Lima", "Ana Lima Souza"],
      ["Ana Lima", "Lima Ana"],
      ["Ana Lima", "Anna Lima"],
      ["Ana Lima", "AnaLima"],
      ["Ana Lima Filho", "Ana Lima Neto"],
      ["Dea Lima", "A Lima"],
      // A Cyrillic letter that looks like the Latin one.
      ["Ana Lima", "Аna Lima"],
    ] as const
  ) assertFalse(sameName(a, b), `${a} / ${b}`);
});

Deno.test("normalising twice changes nothing more", () => {
  fc.assert(fc.property(fc.string({ unit: "grapheme" }), (name) => {
    assertEquals(normaliseName(normaliseName(name)), normaliseName(name));
  }));
});
