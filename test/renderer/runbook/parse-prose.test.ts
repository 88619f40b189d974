import { describe, expect, it } from 'vitest'
import { parsePieces, parseProse } from '../../../renderer/runbook/parse-prose.ts'

const text = (words: string) => [{ kind: 'text', text: words }]

describe('the prose of a runbook', () => {
  it('is read as paragraphs, lists, headings, quotes and code', () => {
    const prose = [
      'Every tenant moves',
      'in lockstep.',
      '',
      '### Before',
      '- look at the lag,',
      '  on each standby',
      '- ring Ada',
      '1. stop',
      '2) wait',
      '> never on Fridays',
      '```sh',
      'lockstep plan',
      '',
      '- no list',
      '```',
      'The end.',
    ].join('\n')
    expect(parseProse(prose)).toEqual([
      { kind: 'paragraph', pieces: text('Every tenant moves in lockstep.') },
      { kind: 'heading', pieces: text('Before') },
      { kind: 'list', isOrdered: false, items: [text('look at the lag, on each standby'), text('ring Ada')] },
      { kind: 'list', isOrdered: true, items: [text('stop'), text('wait')] },
      { kind: 'quote', pieces: text('never on Fridays') },
      { kind: 'code', text: 'lockstep plan\n\n- no list' },
      { kind: 'paragraph', pieces: text('The end.') },
    ])
  })

  it('keeps markup, and what is not closed, as the text that it is', () => {
    expect(parseProse('<img src=x onerror=alert(1)>')).toEqual([
      { kind: 'paragraph', pieces: text('<img src=x onerror=alert(1)>') },
    ])
    expect(parsePieces('a * b and snake_case_name and `open')).toEqual(
      text('a * b and snake_case_name and `open'),
    )
    expect(parseProse('```\nnever closed')).toEqual([{ kind: 'code', text: 'never closed' }])
    expect(parseProse('')).toEqual([])
  })

  it('marks code, strong and emphasized words, and nothing within code', () => {
    expect(parsePieces('Say `lockstep **plan**`, **then** _wait_.')).toEqual([
      { kind: 'text', text: 'Say ' },
      { kind: 'code', text: 'lockstep **plan**' },
      { kind: 'text', text: ', ' },
      { kind: 'strong', text: 'then' },
      { kind: 'text', text: ' ' },
      { kind: 'emphasis', text: 'wait' },
      { kind: 'text', text: '.' },
    ])
  })

  it('reads a large runbook in one pass', () => {
    const prose = '- **item** `code` _word_\n'.repeat(20_000)
    expect(parseProse(prose)).toMatchObject([{ kind: 'list', items: { length: 20_000 } }])
  })
})
