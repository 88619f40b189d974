import type { Command } from 'commander'
import { createProgram } from '../../../electron/cli/create-program.ts'
import {
  code,
  codeBlock,
  formatMarkdownTable,
  generatedNote,
  joinParts,
} from '../../support/docs/markdown.ts'

/** `docs/command-line.md`: every verb with its arguments, options and examples. */
export function writeCommandLinePage(): string {
  const program = createProgram(() => undefined)
  return joinParts([
    generatedNote,
    '# Command line',
    introduction,
    formatMarkdownTable(
      ['verb', 'what it does'],
      program.commands.map(verb => [`[${verb.name()}](#lockstep-${verb.name()})`, verb.summary()]),
    ),
    '## Options of every verb',
    listOptions(program),
    ...program.commands.flatMap(verb => describeVerb(verb, `lockstep ${verb.name()}`)),
  ])
}

const introduction = `\`lockstep VERB --help\` prints the same. Exit codes are in the [README](../README.md#exit-codes). With \`--json\`, standard output holds exactly one document and everything else goes to standard error.`

function describeVerb(verb: Command, name: string): readonly string[] {
  const { before, after } = readExtraHelp(verb)
  const said = sentence(verb.description() || verb.summary())
  return [
    `## ${name}`,
    said,
    codeBlock('', `${name} ${verb.usage()}`),
    before === '' ? '' : codeBlock('', before),
    verb.registeredArguments.length === 0
      ? ''
      : formatMarkdownTable(
          ['argument', 'meaning', 'default'],
          verb.registeredArguments.map(one => [code(one.name()), one.description, shown(one.defaultValue)]),
        ),
    listOptions(verb),
    after === '' ? '' : codeBlock('', after),
    ...verb.commands.flatMap(inner => describeVerb(inner, `${name} ${inner.name()}`)),
  ]
}

function listOptions(command: Command): string {
  const options = command.options.filter(option => !option.hidden)
  if (options.length === 0) return ''
  return formatMarkdownTable(
    ['option', 'meaning', 'default'],
    options.map(option => [
      code(option.flags),
      option.description,
      option.negate ? '' : shown(option.defaultValue),
    ]),
  )
}

/** What a verb says before and after the list of its options: examples, and what there is to choose from. */
function readExtraHelp(verb: Command): { readonly before: string; readonly after: string } {
  let text = ''
  const { writeOut } = verb.configureOutput()
  verb.configureOutput({
    writeOut: more => {
      text += more
    },
  })
  verb.outputHelp()
  verb.configureOutput({ ...(writeOut && { writeOut }) })
  const own = verb.helpInformation()
  const start = text.indexOf(own)
  if (start < 0) throw new Error(`the help of ${verb.name()} does not hold its own part`)
  const before = text.slice(0, start).replace(/^Examples:\n/, '')
  const isOfAll = /^\s*Exit codes:/
  return {
    before: unindent(before),
    after: text
      .slice(start + own.length)
      .replace(isOfAll, '')
      .trim(),
  }
}

function unindent(text: string): string {
  return text.trimEnd().replaceAll(/^ {2}/gm, '')
}

function sentence(text: string): string {
  const capital = text.charAt(0).toUpperCase() + text.slice(1)
  return /[.?!]$/.test(capital) ? capital : `${capital}.`
}

function shown(value: unknown): string {
  return value === undefined ? '' : code(Array.isArray(value) ? value.join(' ') : String(value))
}
