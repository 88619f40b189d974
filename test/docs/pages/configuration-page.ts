import { stringify } from 'yaml'
import { configJsonSchema, protocolJsonSchema } from '../../../electron/config/config-json-schema.ts'
import { parseConfig } from '../../../electron/config/parse-config.ts'
import { policyShape } from '../../../electron/settings/policy.ts'
import { phaseNames } from '../../../shared/run/phase.ts'
import {
  code,
  codeBlock,
  formatMarkdownTable,
  generatedNote,
  joinParts,
} from '../../support/docs/markdown.ts'

type Schema = Readonly<Record<string, unknown>>

/** `docs/configuration.md`: every key of `lockstep.yml`, from the schema that reads it. */
export function writeConfigurationPage(): string {
  const schema = configJsonSchema()
  const keys = Object.entries(propertiesOf(schema))
  const inProtocols = new Set(Object.keys(propertiesOf(protocolJsonSchema())))
  const isPolicy = ([key]: readonly [string, Schema]): boolean => inProtocols.has(key) && key !== 'groups'
  return joinParts([
    generatedNote,
    '# Configuration',
    introduction,
    '## Where things are',
    ...keys.filter(entry => !isPolicy(entry)).flatMap(entry => describeKey(entry, requiredOf(schema))),
    '## How tenants are migrated',
    'These keys stand in `lockstep.yml` or in a [protocol](hooks-and-protocols.md#protocols), not in both.',
    ...keys.filter(isPolicy).flatMap(entry => describeKey(entry, requiredOf(schema))),
    '## Every default',
    'A file that says this says nothing new:',
    codeBlock('yaml', `# lockstep.yml\n${stringify(readDefaults(), { lineWidth: 100 })}`),
  ])
}

const introduction = `Every key of \`lockstep.yml\`, what it may be, and what it is when it is not given. [The project file](project-file.md) explains the file by examples.

A value may hold \`\${env:NAME}\`, a variable of the environment, and \`\${file:PATH}\`, the text of a file beside \`lockstep.yml\`: so passwords stay out of it.

Keys inside a list are written with \`[]\`. A key that is not known is an error that names its line and the nearest key. \`lockstep schema config\` prints the same as a JSON Schema for editors; \`lockstep init\` names it in the first line of the file that it writes.`

/** One key of the file, with all that is below it. */
function describeKey([key, schema]: readonly [string, Schema], required: readonly string[]): string[] {
  const rows = listRows(schema, key, false)
  const head = `### ${code(key)}`
  const words = String(schema.description ?? '')
  const itself = [describeRow(key, schema, required.includes(key))]
  const shown = rows.length === 0 ? itself : rows
  return [
    head,
    rows.length === 0 ? '' : words,
    formatMarkdownTable(['key', 'value', 'default', 'meaning'], shown),
  ]
}

function listRows(schema: Schema, path: string, isListed: boolean): readonly (readonly string[])[] {
  const inner = Object.entries(propertiesOf(schema)).flatMap(([key, below]) => {
    const name = `${path}${isListed ? '[]' : ''}.${key}`
    const isObject = Object.keys(propertiesOf(below)).length > 0
    const row = isObject ? [] : [describeRow(name, below, requiredOf(schema).includes(key))]
    return [...row, ...listRows(below, name, false)]
  })
  const { items } = schema
  return isSchema(items) ? [...inner, ...listRows(items, path, true)] : inner
}

function describeRow(path: string, schema: Schema, isRequired: boolean): readonly string[] {
  const taken = schema.default === undefined ? '' : code(JSON.stringify(schema.default))
  return [
    code(path),
    describeValue(schema),
    isRequired ? 'required' : taken,
    String(schema.description ?? ''),
  ]
}

/** What a key may be, in words. */
function describeValue(schema: Schema): string {
  if (Array.isArray(schema.enum) && schema.enum.join() === phaseNames.join())
    return 'a [phase](concepts.md#phases-of-a-run)'
  if (Array.isArray(schema.enum)) return schema.enum.map(one => code(String(one))).join(', ')
  if (schema.const !== undefined) return code(String(schema.const))
  if (Array.isArray(schema.anyOf))
    return [...new Set(schema.anyOf.filter(isSchema).map(describeValue))].join(' or ')
  if (schema.type === 'array') return isSchema(schema.items) ? describeList(schema.items) : 'list'
  if (schema.type === 'object') return 'map of texts'
  if (schema.type === 'boolean') return '`true`, `false`'
  if (schema.type === 'string')
    return String(schema.pattern ?? '').startsWith('\\$\\{') ? 'reference' : 'text'
  return describeNumber(schema)
}

function describeList(items: Schema): string {
  if (Object.keys(propertiesOf(items)).length > 0) return 'list'
  return Array.isArray(items.enum) ? `list of ${describeValue(items)}` : 'list of texts'
}

function describeNumber({ type, minimum, maximum, exclusiveMinimum }: Schema): string {
  const name = type === 'integer' ? 'whole number' : 'number'
  const from = minimum !== undefined ? ` from ${minimum}` : ''
  const above = exclusiveMinimum !== undefined ? ` above ${exclusiveMinimum}` : ''
  const to = maximum === undefined || maximum === Number.MAX_SAFE_INTEGER ? '' : ` to ${maximum}`
  return `${name}${from}${above}${to}`
}

/** The policy as it is when nothing is said. */
function readDefaults(): Readonly<Record<string, unknown>> {
  const minimal = 'version: 1\nservers: [{ name: a }]\ntenants: { databases: a }\nmigrations: { sql: {} }\n'
  const config = parseConfig(minimal, 'lockstep.yml', { env: () => undefined, file: () => undefined })
  const parts = ['vote', ...Object.keys(policyShape)]
  return Object.fromEntries(Object.entries(config).filter(([key]) => parts.includes(key)))
}

function propertiesOf({ properties }: Schema): Readonly<Record<string, Schema>> {
  return isSchema(properties) ? (properties as Readonly<Record<string, Schema>>) : {}
}

function requiredOf({ required }: Schema): readonly string[] {
  return Array.isArray(required) ? required.map(String) : []
}

function isSchema(value: unknown): value is Schema {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}
