import type { Command } from 'commander'
import { listFences, listInlineCode, type Page } from './read-pages.ts'

/** A command line that a page tells its reader to type. */
interface ShownCommand {
  readonly line: number
  /** What follows `lockstep`. */
  readonly args: readonly string[]
}

/** How the scripts of package.json begin a command line. */
const scripts: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^npm start( --)?/, ['open']],
  [/^npm run (?:-s )?demo( --)?/, ['demo']],
]

/** Verbs and options that a page names and the command line does not know, as `page:line: what`. */
export function findUnknownCommands(page: Page, program: Command): readonly string[] {
  const commands = [...listShownLines(page)].flatMap(({ line, text }) =>
    readCommands(text).map((args): ShownCommand => ({ line, args })),
  )
  const options = listInlineCode(page).flatMap(({ line, text }) => {
    const [name] = /^--[a-z][a-z-]+/.exec(text) ?? []
    return name === undefined || isKnownSomewhere(program, name)
      ? []
      : [`${page.path}:${line}: no verb has ${name}`]
  })
  return [
    ...commands.flatMap(({ line, args }) =>
      checkCommand(program, args).map(problem => `${page.path}:${line}: ${problem}`),
    ),
    ...options,
  ]
}

/** Scripts that a page runs by `npm run`, and their lines. */
export function listNpmScripts(page: Page): readonly { readonly line: number; readonly name: string }[] {
  return [...listShownLines(page)].flatMap(({ line, text }) => [
    ...[...text.matchAll(/\bnpm run (?:-s )?([a-z][\w:-]*)/g)].map(([, name = '']) => ({ line, name })),
    ...[...text.matchAll(/\bnpm (start|test)\b/g)].map(([, name = '']) => ({ line, name })),
  ])
}

function* listShownLines(page: Page): Generator<{ readonly line: number; readonly text: string }> {
  for (const fence of listFences(page)) {
    for (const [index, text] of fence.text.split('\n').entries()) yield { line: fence.line + index, text }
  }
  yield* listInlineCode(page)
  // Blocks that are indented.
  for (const [index, text] of page.text.split('\n').entries()) {
    if (/^ {4}\S/.test(text)) yield { line: index + 1, text }
  }
}

function readCommands(text: string): readonly (readonly string[])[] {
  const shell = /((?:[^#\n|;&()`"']|'[^']*'|"[^"]*")*)/.source
  const own = [...text.matchAll(new RegExp(`(?:^|[\\s;&|(])lockstep (?=[\\w-])${shell}`, 'g'))].map(found =>
    splitWords(found[1] ?? ''),
  )
  const started = text.split(/&&|#/).flatMap(part =>
    scripts.flatMap(([begin, verb]) => {
      const found = begin.exec(part.trim())
      return found ? [[...verb, ...splitWords(part.trim().slice(found[0].length))]] : []
    }),
  )
  return [...own, ...started]
}

/** The words of a command; what stands far behind it explains it. */
function splitWords(text: string): readonly string[] {
  const [command = ''] = text.trim().split(/\s{2,}/)
  return command.match(/(?:[^\s'"]|'[^']*'|"[^"]*")+/g) ?? []
}

function checkCommand(program: Command, args: readonly string[]): readonly string[] {
  const [verb = ''] = args
  // A placeholder stands for any verb.
  if (verb === 'VERB') return []
  let command = program
  let rest = args
  for (;;) {
    const inner = command.commands.find(one => one.name() === rest[0])
    if (!inner) break
    command = inner
    rest = rest.slice(1)
  }
  if (command === program && !verb.startsWith('-')) return [`there is no verb ${verb}`]
  return rest
    .filter(word => /^--?[A-Za-z]/.test(word))
    .map(word => word.replace(/[=,.:].*$/, ''))
    .filter(name => !isKnown(command, name) && !isKnown(program, name))
    .map(name => `${command.name()} has no ${name}`)
}

function isKnown(command: Command, name: string): boolean {
  if (name === '--help' || name === '-h') return true
  return command.options.some(option => option.long === name || option.short === name)
}

function isKnownSomewhere(program: Command, name: string): boolean {
  return isKnown(program, name) || program.commands.some(verb => isKnownSomewhere(verb, name))
}
