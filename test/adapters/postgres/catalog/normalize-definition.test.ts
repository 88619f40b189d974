import { describe, expect, test } from 'vitest'
import { normalizeDefinition } from '../../../../electron/adapters/postgres/catalog/normalize-definition.ts'

describe('a definition that is printed in another way after it was restored', () => {
  test.each([
    [
      "((v)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[]))",
      "((v)::text = ANY (ARRAY[('a'::character varying)::text, ('b'::character varying)::text]))",
    ],
    ['((((n >= 1) AND (n <= 99)) AND b))', '(((n >= 1) AND (n <= 99) AND b))'],
    ['(a OR ((b OR c) OR (d OR e)))', '(a OR b OR c OR d OR e)'],
    [
      "(ARRAY['a'::character varying, v])::character varying(5)[]",
      "ARRAY['a'::character varying(5), (v)::character varying(5)]",
    ],
    ["((ARRAY['a'::bpchar])::character(2)[])::text[]", "ARRAY[('a'::character(2))::text]"],
    [
      '(ARRAY[ARRAY[1, 2], ARRAY[3, 4]])::bigint[]',
      'ARRAY[ARRAY[(1)::bigint, (2)::bigint], ARRAY[(3)::bigint, (4)::bigint]]',
    ],
    [`(ARRAY[x])::app."Mood"[] AND b`, `ARRAY[(x)::app."Mood"] AND b`],
    ['(ARRAY[x])::timestamp(3) without time zone[]', 'ARRAY[(x)::timestamp(3) without time zone]'],
  ])('%s is %s', (printed, kept) => {
    expect(normalizeDefinition(printed)).toBe(kept)
    expect(normalizeDefinition(kept)).toBe(kept)
  })
})

describe('another meaning stays another text', () => {
  test.each([
    "(ARRAY['a'::text, 'b'::text])::text",
    '((a AND b) OR c)',
    '(a AND (b OR c))',
    '(NOT (a AND b) AND c)',
    '(f((a AND b)) AND c)',
    "('((a AND b) AND c)'::text = x)",
    "((x = '((ARRAY[1])::text[] AND b'::text) AND y)",
    'sum(n) OVER (ORDER BY n ROWS BETWEEN (1 AND 2) PRECEDING AND CURRENT ROW)',
    "('a'::text)::character varying(3) AND ((b))",
    'CREATE FUNCTION f() AS $function$ if ((a AND b) AND c) then (ARRAY[x])::text[] $function$',
    '((a AND b) AND c',
  ])('%s', text => {
    expect(normalizeDefinition(text)).toBe(text)
  })
})
