import { assert, assertEquals, assertNotEquals } from "@std/assert";
import fc from "fast-check";
import {
  cnpjCheckDigits,
  cnsCheckDigits,
  cpfCheckDigits,
  formatCnpj,
  formatCpf,
  maskCpf,
  maskEmail,
  parseCnes,
  parseCnpj,
  parseCns,
  parseCpf,
  parseRegistroAns,
} from "./numbers.ts";

const DIGITS = "0123456789";
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const textOf = (alphabet: string, length: number) =>
  fc.array(fc.constantFrom(...alphabet), { minLength: length, maxLength: length })
    .map((characters) => characters.join(""));

const cpfs = textOf(DIGITS, 9).map((base) => base + cpfCheckDigits(base))
  .filter((cpf) => !/^(.)\1*$/.test(cpf));
const cnpjs = textOf(DIGITS + LETTERS, 12).map((base) => base + cnpjCheckDigits(base));
const definitiveCns = fc.tuple(fc.constantFrom("1", "2"), textOf(DIGITS, 10))
  .map(([first, rest]) => first + rest + cnsCheckDigits(first + rest));

function withDigit(text: string, at: number, digit: string): string {
  return text.slice(0, at) + digit + text.slice(at + 1);
}

Deno.test("the example of the norm for alphanumeric CNPJs", () => {
  assertEquals(parseCnpj("12.ABC.345/01DE-35"), "12ABC34501DE35");
  assertEquals(cnpjCheckDigits("12ABC34501DE"), "35");
});

Deno.test("a CNPJ in lower case is the same CNPJ", () => {
  assertEquals(parseCnpj(" 12.abc.345/01de-35 "), "12ABC34501DE35");
});

Deno.test("numbers are accepted with and without mask and normalised", () => {
  assertEquals(parseCpf("529.982.247-25"), "52998224725");
  assertEquals(parseCpf("\t529 982 247–25\n"), "52998224725");
  assertEquals(parseCnpj("11.222.333/0001-81"), "11222333000181");
  assertEquals(parseCns("100 0000 0000 0007"), "100000000000007");
  assertEquals(parseCnes("0012345"), "0012345");
  assertEquals(parseRegistroAns("30000-1"), "300001");
});

Deno.test("CPFs of one repeated digit are refused though their sums are right", () => {
  for (const digit of DIGITS) {
    assertEquals(cpfCheckDigits(digit.repeat(9)), digit.repeat(2));
    assertEquals(parseCpf(digit.repeat(11)), null);
  }
  assertEquals(parseCnpj("0".repeat(14)), null);
});

Deno.test("what is not such a number is refused", () => {
  for (
    const text of [
      "",
      "5299822472",
      "529982247255",
      "52998224724",
      "5299822472x",
      "５２９９８２２４７２５",
      "529_982_247_25",
      "5,29983E+10",
    ]
  ) assertEquals(parseCpf(text), null, text);
  for (
    const text of [
      "",
      "1222333000181",
      "11222333000180",
      "1,95419E+13",
      "12ABC34501DE3",
      "12ABC34501DE3A",
      "12ABÇ34501DE35",
      "12ABC34501DE355",
    ]
  ) assertEquals(parseCnpj(text), null, text);
  for (const text of ["", "10000000000000", "100000000000008", "300000000000007", "abc"]) {
    assertEquals(parseCns(text), null, text);
  }
  for (const text of ["", "12345", "00012345", "001234A"]) {
    assertEquals(parseCnes(text), null, text);
  }
  for (const text of ["", "30000", "3000011", "30000A", "3,0E+5"]) {
    assertEquals(parseRegistroAns(text), null, text);
  }
});

Deno.test("letters that only become A-Z by upper-casing are not taken for them", () => {
  // "ı" (dotless i) and "ſ" (long s) upper-case to I and S.
  const base = "IS0000000000";
  const cnpj = base + cnpjCheckDigits(base);
  assertEquals(parseCnpj(cnpj), cnpj);
  assertEquals(parseCnpj(cnpj.replace("I", "ı")), null);
  assertEquals(parseCnpj(cnpj.replace("S", "ſ")), null);
});

Deno.test("every number made from its check digits is accepted, masked or not", () => {
  fc.assert(fc.property(cpfs, (cpf) => {
    assertEquals(parseCpf(cpf), cpf);
    assertEquals(parseCpf(formatCpf(cpf)), cpf);
  }));
  fc.assert(fc.property(cnpjs, (cnpj) => {
    assertEquals(parseCnpj(cnpj), cnpj);
    assertEquals(parseCnpj(formatCnpj(cnpj).toLowerCase()), cnpj);
  }));
  fc.assert(fc.property(definitiveCns, (cns) => assertEquals(parseCns(cns), cns)));
});

// Modulus 11 gives 0 for two remainders, so a number with a check digit 0 can hide an error; with
// both digits above 0 none can.
Deno.test("every single wrong digit of a CPF or CNPJ is caught", () => {
  const noZero = (number: string) => !number.slice(-2).includes("0");
  const at = fc.nat({ max: 13 });
  const digit = fc.constantFrom(...DIGITS);
  fc.assert(fc.property(cpfs.filter(noZero), at, digit, (cpf, at, digit) => {
    fc.pre(at < 11 && cpf[at] !== digit);
    assertEquals(parseCpf(withDigit(cpf, at, digit)), null);
  }));
  fc.assert(fc.property(cnpjs.filter(noZero), at, digit, (cnpj, at, digit) => {
    fc.pre(/\d/.test(cnpj[at]!) && cnpj[at] !== digit);
    assertEquals(parseCnpj(withDigit(cnpj, at, digit)), null);
  }));
});

// The fifth digit has weight 11 and so does not count.
Deno.test("every single wrong digit of a CNS is caught, the fifth excepted", () => {
  const at = fc.nat({ max: 14 });
  fc.assert(fc.property(definitiveCns, at, fc.constantFrom(...DIGITS), (cns, at, digit) => {
    fc.pre(at !== 4 && cns[at] !== digit);
    assertEquals(parseCns(withDigit(cns, at, digit)), null);
  }));
});

Deno.test("a definitive CNS satisfies the sum of the provisional ones, the 001 form included", () => {
  const sum = (cns: string) =>
    [...cns].reduce((sum, digit, i) => sum + Number(digit) * (15 - i), 0);
  const tails = new Set<string>();
  fc.assert(
    fc.property(definitiveCns, (cns) => {
      tails.add(cns.slice(11, 14));
      assertEquals(sum(cns) % 11, 0);
    }),
    { numRuns: 500 },
  );
  assertEquals([...tails].sort(), ["000", "001"]);
});

Deno.test("a provisional CNS is accepted by its sum only", () => {
  // Of 100 endings about one in 11 fits; another first digit moves the sum by 15, so none still does.
  const base = "7000000000000";
  const valid = Array.from({ length: 100 }, (_, i) => base + String(i).padStart(2, "0"))
    .filter((cns) => parseCns(cns));
  assert(valid.length >= 9 && valid.length <= 10);
  assertNotEquals(parseCns(valid[0]!), null);
  assertEquals(parseCns("8" + valid[0]!.slice(1)), null);
});

Deno.test("masks hide what they should", () => {
  assertEquals(maskCpf("52998224725"), "***.982.247-**");
  assertEquals(maskEmail("maria@saude.example"), "m***@saude.example");
  assertEquals(maskEmail('"a@b"@saude.example'), '"***@saude.example');
  assertEquals(maskEmail("not an address"), "***");
});

Deno.test("a provisional CNS is 15 digits whose sum, weighted from 15 down to 1, divides by 11", () => {
  const provisional = fc.tuple(fc.constantFrom("7", "8", "9"), textOf(DIGITS, 14));
  let valid = 0;
  fc.assert(
    fc.property(provisional, ([first, rest]) => {
      const cns = first + rest;
      const sum = [...cns].reduce((sum, digit, i) => sum + Number(digit) * (15 - i), 0);
      if (sum % 11 === 0) valid++;
      assertEquals(parseCns(cns), sum % 11 === 0 ? cns : null);
    }),
    { numRuns: 2_000 },
  );
  assert(valid > 50, `${valid} valid`);
});
