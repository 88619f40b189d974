import { cleanText } from './clean-text.ts'

/** How a test case ended: `error` is one that could not be judged. */
export type JunitResult =
  | { readonly status: 'passed' }
  | { readonly status: 'skipped'; readonly message: string }
  | {
      readonly status: 'failure' | 'error'
      /** Such as `failed` or `rolled_back`. */
      readonly type: string
      readonly message: string
      /** Everything that a person needs: readers show this, and not the message. */
      readonly body: string
    }

export interface JunitCase {
  readonly name: string
  readonly milliseconds: number | null
  readonly result: JunitResult
  /** Shown with a case that passed all the same; empty when there is nothing to show. */
  readonly output: string
}

export interface JunitSuite {
  readonly name: string
  readonly cases: readonly JunitCase[]
}

const longestName = 300
const longestMessage = 1_000
const longestBody = 20_000
/** GitLab takes no file of 30 MB. */
const bodyBudget = 16_000_000

/** Writes suites as JUnit XML; suites without a case are left out. */
export function writeJunit(
  name: string,
  suites: readonly JunitSuite[],
  { timestamp, milliseconds }: { readonly timestamp: string | null; readonly milliseconds: number | null },
): string {
  const shown = suites.filter(suite => suite.cases.length > 0)
  const cases = shown.flatMap(suite => suite.cases)
  const most = Math.min(longestBody, Math.floor(bodyBudget / Math.max(1, cases.length)))
  const time = milliseconds === null ? sumTime(cases) : milliseconds
  return [
    '<?xml version="1.0" encoding="UTF-8"?>\n',
    `<testsuites name="${attribute(name)}" ${count(cases)} time="${seconds(time)}">\n`,
    ...shown.map(suite => writeSuite(suite, timestamp, most)),
    '</testsuites>\n',
  ].join('')
}

function writeSuite(suite: JunitSuite, timestamp: string | null, most: number): string {
  const when = timestamp === null ? '' : ` timestamp="${attribute(timestamp.replace(/\.\d+Z$/, ''))}"`
  const time = seconds(sumTime(suite.cases))
  const head = `  <testsuite name="${attribute(suite.name)}" ${count(suite.cases)} time="${time}"${when}>\n`
  const names = new Map<string, number>()
  const cases = suite.cases.map(one => {
    const times = (names.get(one.name) ?? 0) + 1
    names.set(one.name, times)
    // Readers know a case by class and name, and drop the second of two.
    const name = times === 1 ? one.name : `${one.name} (${times})`
    return writeCase(suite.name, { ...one, name }, most)
  })
  return `${head}${cases.join('')}  </testsuite>\n`
}

function writeCase(suite: string, { name, milliseconds, result, output }: JunitCase, most: number): string {
  const time = seconds(milliseconds ?? 0)
  const head = `    <testcase classname="${attribute(`lockstep.${suite}`)}" name="${attribute(name)}" time="${time}"`
  const shown = output === '' ? '' : `      <system-out>${body(output, most)}</system-out>\n`
  const inner = `${writeResult(result, most)}${shown}`
  return inner === '' ? `${head}/>\n` : `${head}>\n${inner}    </testcase>\n`
}

function writeResult(result: JunitResult, most: number): string {
  if (result.status === 'passed') return ''
  const message = attribute(cleanText(result.message, longestMessage))
  if (result.status === 'skipped') return `      <skipped message="${message}"/>\n`
  const text = body(result.body, most)
  return `      <${result.status} message="${message}" type="${attribute(result.type)}">${text}</${result.status}>\n`
}

function count(cases: readonly JunitCase[]): string {
  const of = (status: JunitResult['status']) => cases.filter(({ result }) => result.status === status).length
  return `tests="${cases.length}" failures="${of('failure')}" errors="${of('error')}" skipped="${of('skipped')}"`
}

function sumTime(cases: readonly JunitCase[]): number {
  return cases.reduce((total, { milliseconds }) => total + (milliseconds ?? 0), 0)
}

function seconds(milliseconds: number): string {
  return (Math.max(0, milliseconds) / 1_000).toFixed(3)
}

function body(text: string, most: number): string {
  return escapeXml(cleanText(text, most))
}

/** Line breaks in an attribute are read as spaces unless they are written as references. */
function attribute(text: string): string {
  return escapeXml(cleanText(text, Math.max(longestName, longestMessage)))
    .replaceAll('\n', '&#10;')
    .replaceAll('\t', '&#9;')
}

/** Also `>`, so that no `]]>` stands in a text. */
function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
